/** LOG: a packet worded into the kernel's log. net/netfilter/nf_log_syslog.c, net/netfilter/xt_LOG.c. */

import type { IpPacket, Ipv6Packet, TcpSegment } from '../../wire/frame.ts'
import { packetLength } from '../../wire/frame-codec.ts'
import { echoIdentifier6, echoSequence6 } from '../../wire/icmpv6.ts'
import { quotedPacket6 } from '../../wire/icmpv6-error.ts'
import { protocolOf } from '../../wire/ip-packet.ts'
import { formatIpv4 } from '../../wire/ipv4-address.ts'
import { ipv6PacketLength } from '../../wire/ipv6.ts'
import { ipv6ToBytes } from '../../wire/ipv6-address.ts'
import { emitTcpOptions } from '../../wire/tcp.ts'
import type { Scan } from './match.ts'

/** NF_LOG_* */
const TCP_SEQUENCE = 1
const TCP_OPTIONS = 2
const IP_OPTIONS = 4
const USER = 8

export function logPacket(scan: Scan, prefix: string, flags = 0): void {
  const kernel = scan.sim.kernels.get(scan.netns.host)
  const packet = describe(scan.buffer.packet, flags)
  const user = (flags & USER) === 0 ? '' : ownerOf(scan)
  const text = `${prefix}IN=${scan.input} OUT=${scan.output} ${devices(scan)}${packet}${user}`
  kernel?.log.push({ atUs: scan.sim.nowUs, text: scan.buffer.mark === 0 ? text : `${text}${markOf(scan)}` })
}

/** nf_log_dump_sk_uid_gid */
function ownerOf(scan: Scan): string {
  const { fromSocket } = scan.buffer
  const socket = fromSocket === null ? undefined : scan.netns.sockets.get(fromSocket)
  if (socket === undefined) return ''
  const process = scan.sim.kernels.get(scan.netns.host)?.processes.get(socket.owner)
  return `UID=${process?.uid ?? 0} GID=${process?.uid ?? 0} `
}

function hexBytes(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join('')
}

function markOf(scan: Scan): string {
  return `MARK=0x${scan.buffer.mark.toString(16)} `
}

function devices(scan: Scan): string {
  const { physInput, physOutput, frame, input } = scan.buffer
  const etherType = scan.buffer.packet.kind === 'ipv4' ? '08:00' : '86:dd'
  const nameOf = (ifindex: number) => scan.netns.links.get(ifindex)?.name ?? ''
  let text = ''
  if (physInput !== null) text += `PHYSIN=${nameOf(physInput)} `
  if (physOutput !== null) text += `PHYSOUT=${nameOf(physOutput)} `
  if (input !== null)
    text += frame === null ? 'MAC= ' : `MAC=${frame.destination}:${frame.source}:${etherType} `
  return text
}

function hex(value: number): string {
  return `0x${value.toString(16).toUpperCase().padStart(2, '0')}`
}

function describe(packet: IpPacket, flags: number): string {
  if (packet.kind === 'ipv6') return describe6(packet, flags)
  let text = `SRC=${formatIpv4(packet.source)} DST=${formatIpv4(packet.destination)} LEN=${packetLength(packet)} `
  text += `TOS=${hex(packet.tos & 0x1e)} PREC=${hex(packet.tos & 0xe0)} TTL=${packet.ttl} ID=${packet.identification} `
  if (packet.dontFragment) text += 'DF '
  if (packet.moreFragments) text += 'MF '
  if ((flags & IP_OPTIONS) !== 0 && packet.options != null && packet.options.length > 0)
    text += `OPT (${hexBytes(packet.options)}) `
  return text + describePayload(packet, flags)
}

/** dump_ipv6_packet: addresses in full. */
function describe6(packet: Ipv6Packet, flags: number): string {
  const tos = packet.trafficClass ?? 0
  let text = `SRC=${fullAddress(packet.source)} DST=${fullAddress(packet.destination)} LEN=${ipv6PacketLength(packet)} `
  text += `TC=${tos} HOPLIMIT=${packet.hopLimit} FLOWLBL=${packet.flowLabel ?? 0} `
  return text + describePayload(packet, flags)
}

function fullAddress(address: string): string {
  const bytes = ipv6ToBytes(address)
  const groups = [0, 2, 4, 6, 8, 10, 12, 14].map((at) => bytes[at]! * 256 + bytes[at + 1]!)
  return groups.map((group) => group.toString(16).padStart(4, '0')).join(':')
}

function describePayload(packet: IpPacket, flags: number): string {
  const payload = packet.payload
  switch (payload.kind) {
    case 'tcp':
      return describeTcp(payload, flags)
    case 'udp':
      return `PROTO=UDP SPT=${payload.sourcePort} DPT=${payload.destinationPort} LEN=${payload.data.length + 8} `
    case 'icmp':
      if (payload.original !== null)
        return `PROTO=ICMP TYPE=${payload.type} CODE=${payload.code} [${describe(payload.original, flags)}] `
      return `PROTO=ICMP TYPE=${payload.type} CODE=${payload.code} ID=${payload.identifier} SEQ=${payload.sequence} `
    case 'icmpv6': {
      const quoted = quotedPacket6(payload)
      const head = `PROTO=ICMPv6 TYPE=${payload.type} CODE=${payload.code} `
      if (quoted !== null) return `${head}[${describe(quoted, flags)}] `
      const isEcho = payload.type === 128 || payload.type === 129
      return isEcho ? `${head}ID=${echoIdentifier6(payload)} SEQ=${echoSequence6(payload)} ` : head
    }
    case 'raw':
      return `PROTO=${protocolOf(packet)} `
  }
}

function describeTcp(segment: TcpSegment, flags: number): string {
  const { sourcePort, destinationPort, sequence, acknowledgment, window, options } = segment
  const numbers = (flags & TCP_SEQUENCE) === 0 ? '' : `SEQ=${sequence} ACK=${acknowledgment} `
  const raw = (flags & TCP_OPTIONS) === 0 || options === null ? null : emitTcpOptions(options)
  const listed = raw === null || raw.length === 0 ? '' : `OPT (${hexBytes(raw)}) `
  return `PROTO=TCP SPT=${sourcePort} DPT=${destinationPort} ${numbers}WINDOW=${window} RES=0x00 ${flagsOf(segment)}URGP=0 ${listed}`
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
