/** ICMPv6 in a capture's line. tcpdump print-icmp6.c */
import type { Icmpv6Message } from '../../sim/wire/frame.ts'
import { listenerRecords, neighborTarget } from '../../sim/wire/icmpv6.ts'
import { errorParameter6, quotedPacket6 } from '../../sim/wire/icmpv6-error.ts'
import { serviceName } from '../services.ts'
import type { Style } from './network.ts'

export function wordIcmpv6(message: Icmpv6Message, style: Style): string {
  return `ICMP6, ${what(message, style)}, length ${message.body.length + 4}`
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
