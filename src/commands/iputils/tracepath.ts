/** tracepath(8) of iputils: the command line. */
import { tracepathProgram } from '../../sim/process/tracepath.ts'
import type { Command } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { notModelled } from '../not-modelled.ts'
import { toolVersions } from '../tool-versions.ts'
import { numberOption } from './values.ts'

export const TRACEPATH_USAGE = `
Usage
  tracepath [options] <destination>

Options:
  -4             use IPv4
  -6             use IPv6
  -b             print both name and ip
  -l <length>    use packet <length>
  -m <hops>      use maximum <hops>
  -n             no dns name resolution
  -p <port>      use destination <port>
  -V             print version and exit
  <destination>  dns name or ip address

For more details see tracepath(8).
`

export const tracepath: Command = (context) => {
  const fail = (text: string): number => {
    context.err(text + TRACEPATH_USAGE)
    return 255
  }
  const parsed = parseOptions(context.argv, { short: '46nbh?l:m:p:V' })
  if (!parsed.ok) {
    const { kind, option } = parsed.error
    const what = kind === 'missing' ? 'option requires an argument' : 'invalid option'
    return fail(`tracepath: ${what} -- '${option}'\n`)
  }
  let [numeric, both, maxHops, port] = [false, false, 30, 44444]
  let length: number | null = null
  for (const { name, value } of parsed.value.options) {
    if (name === 'n') numeric = true
    else if (name === 'b') both = true
    else if (name === '6') return notModelled(context, 'tracepath -6')
    else if (name === 'V') {
      context.out(
        `tracepath from iputils ${toolVersions(context.world).iputils}\nlibcap: yes, IDN: yes, NLS: no, error.h: yes, getrandom(): yes, __fpending(): yes\n`,
      )
      return 0
    } else if (name === 'h' || name === '?') return fail('')
    else if (name !== '4') {
      const least = name === 'm' ? 0 : 1
      const most = name === 'm' ? 255 : name === 'l' ? 2147483647 : 65535
      const number = numberOption(context, 'tracepath', value, least, most)
      if (number === null) return 1
      if (name === 'm') maxHops = number
      else if (name === 'l') length = number
      else port = number
    }
  }
  const [target, portText] = (parsed.value.operands[0] ?? '').split('/')
  if (parsed.value.operands.length !== 1 || target === undefined) return fail('')
  if (portText !== undefined) port = Number(portText)
  return context.become(tracepathProgram({ target, numeric, both, maxHops, length, port }))
}
