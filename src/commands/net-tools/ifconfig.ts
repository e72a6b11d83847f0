/** ifconfig(8) of net-tools 2.10: ifconfig.c */
import { errorText } from '../../render/iproute2/errno.ts'
import { longText, SHORT_HEAD, shortText } from '../../render/net-tools/ifconfig.ts'
import type { Command, CommandContext } from '../context.ts'
import { allInterfaces, oneInterface } from './interfaces.ts'
import { hostAddress } from './names.ts'
import { setInterface, type Wording } from './set-interface.ts'
import { IFCONFIG_USAGE } from './usage.ts'

const REQUEST: Readonly<Record<string, string>> = {
  SIOCGIFFLAGS: 'ERROR while getting interface flags',
}

const wording: Wording = {
  takesPrefix: true,
  failed(context, device, request, code) {
    const sentence = REQUEST[request]
    context.err(
      sentence === undefined
        ? `${request}: ${errorText(code)}\n`
        : `${device}: ${sentence}: ${errorText(code)}\n`,
    )
    if (request === 'SIOCSIFADDR')
      context.err(`${device}: ERROR while getting interface flags: ${errorText(code)}\n`)
    // What goes by one request of its own goes on, and is remembered.
    return ['SIOCSIFMTU', 'SIOCSIFTXQLEN', 'SIOCSIFHWADDR'].includes(request) ? 1 : 255
  },
  usage(context) {
    context.err(IFCONFIG_USAGE)
    return 3
  },
  badHardware(context, word) {
    context.err(`${word}: invalid ether address.\n`)
    return 1
  },
  async badAddress(context, word, behind) {
    const found = await hostAddress(context, word)
    if (typeof found === 'number') return found
    context.err(found)
    if (behind === null) context.err("ifconfig: `--help' gives usage information.\n")
    return null
  },
}

export const ifconfig: Command = (context) => {
  const words = context.argv.slice(1)
  let all = false
  let short = false
  while (words[0]?.startsWith('-')) {
    const option = words.shift()!
    if (option === '-a') all = true
    else if (option === '-s') short = true
    else if (option === '-v' || option === '-n') continue
    else if (option === '-V' || option === '--version') {
      context.out('net-tools 2.10\n')
      return 0
    } else if (option === '-h' || option === '-?' || option === '--help') {
      context.err(IFCONFIG_USAGE)
      return 0
    } else {
      context.err(
        `ifconfig: option \`${option}' not recognised.\nifconfig: \`--help' gives usage information.\n`,
      )
      return 1
    }
  }
  const [name, ...rest] = words
  if (name !== undefined && rest.length > 0) return setInterface(context, name, rest, wording)
  return name === undefined ? showAll(context, all, short) : showOne(context, name, short)
}

function showAll(context: CommandContext, all: boolean, short: boolean): number {
  const list = allInterfaces(context).filter((one) => all || one.row.up)
  context.out(short ? SHORT_HEAD + list.map(shortText).join('') : list.map(longText).join(''))
  return 0
}

function showOne(context: CommandContext, name: string, short: boolean): number {
  const one = oneInterface(context, name)
  if (one === null) {
    context.err(`${name}: error fetching interface information: Device not found\n`)
    return 1
  }
  context.out(short ? SHORT_HEAD + shortText(one) : longText(one))
  return 0
}
