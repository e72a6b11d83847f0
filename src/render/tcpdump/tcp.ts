/** TCP in a capture's line, with the first line of HTTP. tcpdump print-tcp.c, print.c txtproto */
import { decodeUtf8 } from '../../sim/base/utf8.ts'
import type { IpAddress, IpPacket, TcpFlags, TcpOptions, TcpSegment } from '../../sim/wire/frame.ts'
import { emitTcp } from '../../sim/wire/tcp.ts'
import { serviceName } from '../services.ts'
import { hostName, type Style } from './network.ts'

const HTTP_PORTS = new Set([80, 8080, 3128])

function end(style: Style, address: IpAddress, port: number): string {
  const name = style.numeric ? undefined : serviceName(port, 'tcp')
  return `${hostName(style, address)}.${name ?? port}`
}

export function flagText(flags: TcpFlags): string {
  const letters = `${flags.fin ? 'F' : ''}${flags.syn ? 'S' : ''}${flags.rst ? 'R' : ''}${flags.psh ? 'P' : ''}${flags.ack ? '.' : ''}${flags.urg ? 'U' : ''}`
  return letters === '' ? 'none' : letters
}

export function wordTcp(packet: IpPacket, tcp: TcpSegment, style: Style): string {
  const ends = `${end(style, packet.source, tcp.sourcePort)} > ${end(style, packet.destination, tcp.destinationPort)}: `
  if (style.quick) return `${ends}tcp ${tcp.data.length}`
  const sequence = (tcp.sequence - (style.base?.sequence ?? 0)) >>> 0
  const acknowledgment = (tcp.acknowledgment - (style.base?.acknowledgment ?? 0)) >>> 0
  const { flags, data } = tcp
  const parts = [`Flags [${flagText(flags)}]`]
  if (style.verbosity > 0) parts.push(`cksum 0x${checksumOf(packet, tcp)} (correct)`)
  if (style.verbosity > 1 || data.length > 0 || flags.syn || flags.fin || flags.rst)
    parts.push(data.length > 0 ? `seq ${sequence}:${(sequence + data.length) >>> 0}` : `seq ${sequence}`)
  if (flags.ack) parts.push(`ack ${acknowledgment}`)
  parts.push(`win ${tcp.window}`)
  if (tcp.options !== null) parts.push(`options [${optionText(tcp.options)}]`)
  parts.push(`length ${data.length}`)
  return ends + parts.join(', ') + application(tcp, style)
}

function checksumOf(packet: IpPacket, tcp: TcpSegment): string {
  const bytes = emitTcp(tcp, packet.source, packet.destination)
  return ((bytes[16]! << 8) | bytes[17]!).toString(16).padStart(4, '0')
}

function optionText(options: TcpOptions): string {
  const words: string[] = []
  const { timestamps } = options
  if (options.maximumSegmentSize !== null) words.push(`mss ${options.maximumSegmentSize}`)
  if (options.sackPermitted) words.push(...(timestamps === null ? ['nop', 'nop', 'sackOK'] : ['sackOK']))
  else if (timestamps !== null) words.push('nop', 'nop')
  if (timestamps !== null) words.push(`TS val ${timestamps.value} ecr ${timestamps.echo}`)
  if (options.windowScale !== null) words.push('nop', `wscale ${options.windowScale}`)
  return words.join(',')
}

function application(tcp: TcpSegment, style: Style): string {
  if (tcp.data.length === 0) return ''
  if (!HTTP_PORTS.has(tcp.sourcePort) && !HTTP_PORTS.has(tcp.destinationPort)) return ''
  const text = decodeUtf8(tcp.data)
  const first = text.split(/\r?\n/)[0] ?? ''
  const isHttp =
    /^(GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|CONNECT|TRACE) /.test(first) || first.startsWith('HTTP/')
  if (!isHttp) return ': HTTP'
  if (style.verbosity === 0) return `: HTTP: ${first}`
  const lines = text.replace(/\r/g, '').replace(/\n$/, '').split('\n')
  return `: HTTP, length: ${tcp.data.length}${lines.map((line) => `\n\t${line}`).join('')}`
}
