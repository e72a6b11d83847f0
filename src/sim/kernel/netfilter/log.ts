/** LOG: a packet worded into the kernel's log. net/netfilter/nf_log_syslog.c, net/netfilter/xt_LOG.c. */

import type { Ipv4Packet, TcpSegment } from '../../wire/frame.ts'
import { packetLength } from '../../wire/frame-codec.ts'
import { formatIpv4 } from '../../wire/ipv4-address.ts'
import type { Scan } from './match.ts'

const ETHERTYPE = '08:00'

export function logPacket(scan: Scan, prefix: string): void {
  const kernel = scan.sim.kernels.get(scan.netns.host)
  const text = `${prefix}IN=${scan.input} OUT=${scan.output} ${devices(scan)}${describe(scan.buffer.packet)}`
  kernel?.log.push({ atUs: scan.sim.nowUs, text: scan.buffer.mark === 0 ? text : `${text}${markOf(scan)}` })
}

function markOf(scan: Scan): string {
  return `MARK=0x${scan.buffer.mark.toString(16)} `
}

function devices(scan: Scan): string {
  const { physInput, physOutput, frame, input } = scan.buffer
  const nameOf = (ifindex: number) => scan.netns.links.get(ifindex)?.name ?? ''
  let text = ''
  if (physInput !== null) text += `PHYSIN=${nameOf(physInput)} `
  if (physOutput !== null) text += `PHYSOUT=${nameOf(physOutput)} `
  if (input !== null)
    text += frame === null ? 'MAC= ' : `MAC=${frame.destination}:${frame.source}:${ETHERTYPE} `
  return text
}

function hex(value: number): string {
  return `0x${value.toString(16).toUpperCase().padStart(2, '0')}`
}

function describe(packet: Ipv4Packet): string {
  let text = `SRC=${formatIpv4(packet.source)} DST=${formatIpv4(packet.destination)} LEN=${packetLength(packet)} `
  text += `TOS=${hex(packet.tos & 0x1e)} PREC=${hex(packet.tos & 0xe0)} TTL=${packet.ttl} ID=${packet.identification} `
  if (packet.dontFragment) text += 'DF '
  if (packet.moreFragments) text += 'MF '
  return text + describePayload(packet)
}

function describePayload(packet: Ipv4Packet): string {
  const payload = packet.payload
  switch (payload.kind) {
    case 'tcp':
      return `PROTO=TCP SPT=${payload.sourcePort} DPT=${payload.destinationPort} WINDOW=${payload.window} RES=0x00 ${flagsOf(payload)}URGP=0 `
    case 'udp':
      return `PROTO=UDP SPT=${payload.sourcePort} DPT=${payload.destinationPort} LEN=${payload.data.length + 8} `
    case 'icmp':
      if (payload.original !== null)
        return `PROTO=ICMP TYPE=${payload.type} CODE=${payload.code} [${describe(payload.original)}] `
      return `PROTO=ICMP TYPE=${payload.type} CODE=${payload.code} ID=${payload.identifier} SEQ=${payload.sequence} `
    case 'raw':
      return `PROTO=${packet.protocol} `
  }
}

function flagsOf(segment: TcpSegment): string {
  const { urg, ack, psh, rst, syn, fin } = segment.flags
  const names: readonly (readonly [boolean, string])[] = [
    [urg, 'URG '],
    [ack, 'ACK '],
    [psh, 'PSH '],
    [rst, 'RST '],
    [syn, 'SYN '],
    [fin, 'FIN '],
  ]
  return names.map(([set, name]) => (set ? name : '')).join('')
}
