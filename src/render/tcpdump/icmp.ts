/** ICMP in a capture's line. tcpdump print-icmp.c */
import type { IcmpMessage, Ipv4Packet } from '../../sim/wire/frame.ts'
import { icmpLength } from '../../sim/wire/icmp.ts'
import { formatIpv4 } from '../../sim/wire/ipv4-address.ts'
import { serviceName } from '../services.ts'
import { hostName, type Style, wordIpv4 } from './network.ts'

export function wordIcmp(icmp: IcmpMessage, style: Style): string {
  const length = `, length ${icmpLength(icmp)}`
  return `ICMP ${what(icmp, style)}${length}${quoted(icmp, style)}`
}

function what(icmp: IcmpMessage, style: Style): string {
  switch (icmp.type) {
    case 0:
    case 8:
      return `echo ${icmp.type === 8 ? 'request' : 'reply'}, id ${icmp.identifier}, seq ${icmp.sequence}`
    case 3:
      return unreachable(icmp, style)
    case 5: {
      const gateway = ((icmp.identifier << 16) | icmp.sequence) >>> 0
      const to = icmp.original === null ? '' : hostName(style, icmp.original.destination)
      return `redirect ${to} to ${icmp.code === 1 ? 'host' : 'net'} ${formatIpv4(gateway)}`
    }
    case 11:
      return icmp.code === 0 ? 'time exceeded in-transit' : 'ip reassembly time exceeded'
    default:
      return `type-#${icmp.type}`
  }
}

function unreachable(icmp: IcmpMessage, style: Style): string {
  const original = icmp.original
  const host = original === null ? '' : hostName(style, original.destination)
  switch (icmp.code) {
    case 0:
      return `net ${host} unreachable`
    case 1:
      return `host ${host} unreachable`
    case 2:
      return `${host} protocol ${original?.protocol ?? 0} unreachable`
    case 3:
      return portUnreachable(original, host, style)
    case 4:
      return `${host} unreachable - need to frag${icmp.mtu === 0 ? '' : ` (mtu ${icmp.mtu})`}`
    case 9:
      return `net ${host} unreachable - admin prohibited`
    case 10:
      return `host ${host} unreachable - admin prohibited`
    case 13:
      return `host ${host} unreachable - admin prohibited filter`
    default:
      return `${host} unreachable - #${icmp.code}`
  }
}

function portUnreachable(original: Ipv4Packet | null, host: string, style: Style): string {
  const inner = original?.payload
  if (inner?.kind !== 'udp' && inner?.kind !== 'tcp')
    return `${host} protocol ${original?.protocol ?? 0} port unreachable`
  const name = style.numeric ? undefined : serviceName(inner.destinationPort, inner.kind)
  return `${host} ${inner.kind} port ${name ?? inner.destinationPort} unreachable`
}

/** With -v an error is followed by the packet it is about. */
function quoted(icmp: IcmpMessage, style: Style): string {
  if (style.verbosity === 0 || icmp.original === null) return ''
  return `\n\tIP ${wordIpv4(icmp.original, { ...style, base: null, verbosity: 1 })}`
}
