/** What follows `lsof -i`: `[46][protocol][@host][:ports]`. lsof(8), lsof arg.c `enter_network_address` */
import { servicePort } from '../../render/services.ts'
import { parseIpv4 } from '../../sim/wire/ipv4-address.ts'
import { parseIpv6 } from '../../sim/wire/ipv6-address.ts'
import type { SocketRow } from '../net-tools/socket-rows.ts'

export interface InternetFilter {
  readonly family: 4 | 6 | null
  readonly protocol: 'tcp' | 'udp' | null
  readonly host: number | string | null
  /** First and last. */
  readonly ports: readonly (readonly [number, number])[]
}

/** A sentence for what cannot be read. */
export function readFilter(text: string): InternetFilter | string {
  const match = /^([46]?)([A-Za-z]*)(?:@(\[[^\]]*\]|[^:]*))?(?::(.+))?$/.exec(text)
  if (match === null) return `unacceptable Internet address`
  const [, family, word = '', host, ports] = match
  const protocol = word.toLowerCase()
  if (!['', 'tcp', 'udp'].includes(protocol)) return `unknown protocol name (${word})`
  const address = host === undefined ? null : addressOf(host)
  if (host !== undefined && address === null) return `unknown host name (${host})`
  const ranges: [number, number][] = []
  for (const part of (ports ?? '').split(',').filter((one) => one !== '')) {
    const range = rangeOf(part)
    if (range === null) return `unknown service ${part}`
    ranges.push(range)
  }
  return {
    family: family === '4' ? 4 : family === '6' ? 6 : null,
    protocol: protocol === '' ? null : (protocol as 'tcp' | 'udp'),
    host: address,
    ports: ranges,
  }
}

function addressOf(host: string): number | string | null {
  if (host === 'localhost') return 0x7f000001
  return parseIpv4(host) ?? parseIpv6(host.replace(/^\[|\]$/g, ''))
}

function rangeOf(text: string): [number, number] | null {
  const [from = '', to = from] = text.split('-')
  const low = portOf(from)
  const high = portOf(to)
  return low === null || high === null ? null : [low, high]
}

function portOf(text: string): number | null {
  if (/^\d+$/.test(text)) return Number(text)
  return servicePort(text, 'tcp') ?? servicePort(text, 'udp') ?? null
}

export function matchesAny(row: SocketRow, filters: readonly InternetFilter[]): boolean {
  return filters.some((filter) => matches(row, filter))
}

function matches(row: SocketRow, { family, protocol, host, ports }: InternetFilter): boolean {
  if (family !== null && family !== row.family) return false
  if (protocol !== null && protocol !== row.protocol) return false
  if (host !== null && host !== row.localAddress && host !== row.remoteAddress) return false
  const own = [row.localPort, row.remotePort]
  return ports.length === 0 || ports.some(([low, high]) => own.some((port) => port >= low && port <= high))
}
