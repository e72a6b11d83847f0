/** busybox's `ifconfig`: networking/{ifconfig,interface}.c (1.35). */
import { errorText } from '../../render/iproute2/errno.ts'
import { busyboxLongText } from '../../render/net-tools/ifconfig.ts'
import type { Command } from '../context.ts'
import { allInterfaces, oneInterface } from '../net-tools/interfaces.ts'
import { setInterface, type Wording } from '../net-tools/set-interface.ts'
import { IFCONFIG_USAGE } from './ip-usage.ts'
import { busyboxUsage } from './usage.ts'

const wording: Wording = {
  takesPrefix: false,
  failed(context, _device, request, code) {
    context.err(`ifconfig: ${request}: ${errorText(code)}\n`)
    return 1
  },
  badAddress(context, word) {
    context.err(`ifconfig: bad address '${word}'\n`)
    return null
  },
}

export const busyboxIfconfig: Command = (context) => {
  const words = context.argv.slice(1)
  if (words[0] === '--help') return busyboxUsage(context, 'ifconfig', IFCONFIG_USAGE, null)
  const all = words[0] === '-a'
  if (all) words.shift()
  const [name, ...rest] = words
  if (name === undefined) {
    const list = allInterfaces(context).filter((one) => all || one.row.up)
    context.out(list.map(busyboxLongText).join(''))
    return 0
  }
  if (rest.length > 0) return setInterface(context, name, rest, wording)
  const one = oneInterface(context, name)
  if (one === null) {
    context.err(`ifconfig: ${name}: error fetching interface information: Device not found\n`)
    return 1
  }
  context.out(busyboxLongText(one))
  return 0
}
