/** ICMPv6 in a capture's line. tcpdump print-icmp6.c */
import type { Icmpv6Message } from '../../sim/wire/frame.ts'
import { listenerRecords, neighborTarget } from '../../sim/wire/icmpv6.ts'

export function wordIcmpv6(message: Icmpv6Message): string {
  return `ICMP6, ${what(message)}, length ${message.body.length + 4}`
}

function what(message: Icmpv6Message): string {
  const { body } = message
  switch (message.type) {
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
