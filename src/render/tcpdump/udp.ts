/** UDP in a capture's line: DNS, VXLAN and the rest. tcpdump print-udp.c, print-domain.c, print-vxlan.c */
import { read32 } from '../../sim/wire/bytes.ts'
import { DNS_TYPES, type DnsMessage, type DnsRecord, parseDns } from '../../sim/wire/dns.ts'
import type { IpAddress, IpPacket, UdpDatagram } from '../../sim/wire/frame.ts'
import { parseFrame } from '../../sim/wire/frame-codec.ts'
import { formatIpv4 } from '../../sim/wire/ipv4-address.ts'
import { serviceName } from '../services.ts'
import { hostName, type Style, wordEthernet } from './network.ts'

const DNS_PORT = 53
const VXLAN_PORT = 4789

function end(style: Style, address: IpAddress, port: number): string {
  const name = style.numeric ? undefined : serviceName(port, 'udp')
  return `${hostName(style, address)}.${name ?? port}`
}

export function wordUdp(packet: IpPacket, udp: UdpDatagram, style: Style): string {
  const ends = `${end(style, packet.source, udp.sourcePort)} > ${end(style, packet.destination, udp.destinationPort)}: `
  if (style.quick) return `${ends}UDP, length ${udp.data.length}`
  const ports = [udp.sourcePort, udp.destinationPort]
  const dns = ports.includes(DNS_PORT) ? parseDns(udp.data) : null
  const sum = style.verbosity > 1 ? `[udp sum ok] ` : ''
  if (dns !== null) return `${ends}${sum}${wordDns(dns, udp.data.length, style)}`
  if (ports.includes(VXLAN_PORT) && udp.data.length >= 22) return `${ends}${sum}${vxlan(udp.data, style)}`
  return `${ends}${sum}UDP, length ${udp.data.length}`
}

function vxlan(data: Uint8Array, style: Style): string {
  const flags = `[${(data[0]! & 8) !== 0 ? 'I' : '.'}] (0x${data[0]!.toString(16).padStart(2, '0')})`
  return `VXLAN, flags ${flags}, vni ${read32(data, 4) >>> 8}\n${wordEthernet(parseFrame(data.subarray(8)), { ...style, base: null })}`
}

const RCODES = ['', ' FormErr', ' ServFail', ' NXDomain', ' NotImp', ' Refused']

function typeName(type: number): string {
  for (const [name, number] of DNS_TYPES) if (number === type) return name
  return `Type${type}`
}

function wordDns(message: DnsMessage, length: number, style: Style): string {
  return message.response ? response(message, length, style) : query(message, length)
}

function query(message: DnsMessage, length: number): string {
  const flags = `${message.recursionDesired ? '+' : ''}${message.checkingDisabled ? '%' : ''}`
  const extra = message.additionals.length > 0 ? ` [${message.additionals.length}au]` : ''
  const questions = message.questions.map((one) => ` ${typeName(one.type)}? ${one.name}.`).join('')
  return `${message.id}${flags}${extra}${questions} (${length})`
}

function response(message: DnsMessage, length: number, style: Style): string {
  const flags = `${message.authoritative ? '*' : ''}${message.recursionAvailable ? '' : '-'}${message.truncated ? '|' : ''}${message.authenticData ? '$' : ''}`
  const asked = message.questions[0]
  const question =
    style.verbosity > 1 && asked !== undefined ? ` q: ${typeName(asked.type)}? ${asked.name}.` : ''
  const counts = ` ${message.answers.length}/${message.authorities.length}/${message.additionals.length}`
  const answers = message.answers.map((one) => record(one, style)).join(',')
  return `${message.id}${RCODES[message.rcode] ?? ''}${flags}${question}${counts}${answers} (${length})`
}

function record(one: DnsRecord, style: Style): string {
  const ttl = style.verbosity > 2 ? ` [${duration(one.ttl)}]` : ''
  const owner = style.verbosity > 0 ? ` ${one.name}.${ttl}` : ''
  return `${owner} ${typeName(one.type)}${data(one)}`
}

/** The two largest units and more: `1h`, `1m30s` (unsigned_relts_print). */
function duration(seconds: number): string {
  const units: readonly (readonly [string, number])[] = [
    ['w', 604800],
    ['d', 86400],
    ['h', 3600],
    ['m', 60],
    ['s', 1],
  ]
  let rest = seconds
  let text = ''
  for (const [unit, length] of units) {
    if (rest >= length) text += `${Math.floor(rest / length)}${unit}`
    rest %= length
  }
  return text === '' ? '0s' : text
}

function data({ data: value }: DnsRecord): string {
  switch (value.kind) {
    case 'address':
      return ` ${formatIpv4(value.address)}`
    case 'address6':
      return ` ${value.address}`
    case 'name':
      return ` ${value.name}.`
    case 'text':
      return value.text.map((text) => ` "${text}"`).join('')
    case 'service':
      return ` ${value.target}.:${value.port} ${value.priority} ${value.weight}`
    default:
      return ''
  }
}
