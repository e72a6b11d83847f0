/** ICMPv6 in a capture's line. tcpdump print-icmp6.c */
import type { Icmpv6Message } from '../../sim/wire/frame.ts'
import { listenerRecords, neighborTarget } from '../../sim/wire/icmpv6.ts'
import { errorParameter6, quotedPacket6 } from '../../sim/wire/icmpv6-error.ts'
import { serviceName } from '../services.ts'
import type { Style } from './network.ts'

export function wordIcmpv6(message: Icmpv6Message, style: Style): string {
  // The header has said the length already.
  if (style.verbosity > 0) return `[icmp6 sum ok] ICMP6, ${verbose(message, style)}`
  return `ICMP6, ${what(message, style)}, length ${message.body.length + 4}`
}

function verbose(message: Icmpv6Message, style: Style): string {
  const text = what(message, style)
  const { type, body } = message
  if (type === 143) {
    const groups = listenerRecords(message)
    return (
      text +
      groups.map((one) => ` [gaddr ${one.group} ${RECORDS[one.type] ?? one.type}, 0 source(s)]`).join('')
    )
  }
  if (type < 133 || type > 136) return text
  const length = `, length ${body.length + 4}`
  const comma = text.indexOf(',')
  const head = comma < 0 ? text + length : text.slice(0, comma) + length + text.slice(comma)
  return head + optionLines(body, type === 133 ? 4 : type === 134 ? 12 : 20)
}

const RECORDS: Readonly<Record<number, string>> = {
  1: 'is_in',
  2: 'is_ex',
  3: 'to_in',
  4: 'to_ex',
  5: 'allow',
  6: 'block',
}

const OPTIONS: Readonly<Record<number, string>> = {
  1: 'source link-address option',
  2: 'destination link-address option',
}

function optionLines(body: Uint8Array, start: number): string {
  let text = ''
  for (let at = start; at + 8 <= body.length && body[at + 1]! > 0; at += 8 * body[at + 1]!) {
    const type = body[at]!
    const length = 8 * body[at + 1]!
    const bytes = [...body.subarray(at + 2, at + length)].map((byte) => byte.toString(16).padStart(2, '0'))
    const known = OPTIONS[type]
    const head = `\n\t  ${known ?? 'unknown option'} (${type}), length ${length} (${length / 8}): `
    const pairs = bytes.join('').match(/.{1,4}/g) ?? []
    text += known === undefined ? `${head}\n\t  0x0000:  ${pairs.join(' ')}` : head + bytes.join(':')
  }
  return text
}

const UNREACHABLE: Readonly<Record<number, string>> = {
  0: 'unreachable route',
  1: 'unreachable prohibited',
  2: 'beyond scope',
  3: 'unreachable address',
  4: 'unreachable port',
}

/** The errors, with the address that was meant. */
function errorText(message: Icmpv6Message, style: Style): string {
  const about = quotedPacket6(message)
  const to = about?.destination ?? ''
  switch (message.type) {
    case 1: {
      const what = `destination unreachable, ${UNREACHABLE[message.code] ?? `unknown code(${message.code})`}`
      if (message.code === 2) return `${what} ${to}, source address ${about?.source ?? ''}`
      if (message.code !== 4) return `${what} ${to}`
      const inner = about?.payload
      const isKnown = inner?.kind === 'tcp' || inner?.kind === 'udp'
      if (!isKnown) return `${what} ${to}`
      const name = style.numeric ? undefined : serviceName(inner.destinationPort, inner.kind)
      return `destination unreachable, unreachable port, ${to} ${inner.kind} port ${name ?? inner.destinationPort}`
    }
    case 2:
      return `packet too big, mtu ${errorParameter6(message)}`
    case 3:
      return message.code === 0 ? `time exceeded in-transit for ${to}` : 'ip reassembly time exceeded'
    default:
      if (message.code === 1) return `parameter problem, next header - octet ${errorParameter6(message)}`
      return `parameter problem, ${message.code === 0 ? 'erroneous' : 'option'} - octet ${errorParameter6(message)}`
  }
}

function what(message: Icmpv6Message, style: Style): string {
  const { body } = message
  switch (message.type) {
    case 1:
    case 2:
    case 3:
    case 4:
      return errorText(message, style)
    case 128:
    case 129: {
      const id = ((body[0] ?? 0) << 8) | (body[1] ?? 0)
      const sequence = ((body[2] ?? 0) << 8) | (body[3] ?? 0)
      return `echo ${message.type === 128 ? 'request' : 'reply'}, id ${id}, seq ${sequence}`
    }
    case 133:
      return 'router solicitation'
    case 134:
      return 'router advertisement'
    case 135:
      return `neighbor solicitation, who has ${neighborTarget(message) ?? ''}`
    case 136: {
      const flags = ['router', 'solicited', 'override'].filter((_, i) => ((body[0] ?? 0) & (0x80 >> i)) !== 0)
      const told = flags.length === 0 ? '' : `, Flags [${flags.join(', ')}]`
      return `neighbor advertisement, tgt is ${neighborTarget(message) ?? ''}${told}`
    }
    case 143:
      return `multicast listener report v2, ${listenerRecords(message).length} group record(s)`
    default:
      return `type-#${message.type}`
  }
}
