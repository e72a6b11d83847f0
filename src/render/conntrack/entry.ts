/** One line of `conntrack -L`. libnetfilter_conntrack src/conntrack/snprintf_default.c, conntrack-tools 1.4.7. */
import type { Connection, Counter, Tuple } from '../../sim/kernel/netfilter/types.ts'
import { familyOf, formatIp } from '../../sim/wire/ip-address.ts'

export interface EntryStyle {
  readonly nowUs: number
  /** `-o extended`, `-o id` */
  readonly extended: boolean
  readonly id: boolean
  /** As an event says it: no count of uses, a mark only if there is one. */
  readonly event?: { readonly isUser: boolean; readonly isOver: boolean }
  /** How many hold it while it is shown. */
  readonly uses?: number
}

const NAMES: ReadonlyMap<number, string> = new Map([
  [1, 'icmp'],
  [6, 'tcp'],
  [17, 'udp'],
  [33, 'dccp'],
  [47, 'gre'],
  [58, 'icmpv6'],
  [132, 'sctp'],
  [136, 'udplite'],
])
const ICMP = 1
const ICMPV6 = 58
const WITH_PORTS = new Set([6, 17, 33, 132, 136])

function tupleText(tuple: Tuple): string {
  const ends = `src=${formatIp(tuple.source)} dst=${formatIp(tuple.destination)} `
  if (tuple.protocol === ICMP || tuple.protocol === ICMPV6)
    return `${ends}type=${tuple.icmpType} code=${tuple.icmpCode} id=${tuple.sourcePort} `
  if (!WITH_PORTS.has(tuple.protocol)) return ends
  return `${ends}sport=${tuple.sourcePort} dport=${tuple.destinationPort} `
}

function counterText(counter: Counter | undefined): string {
  return counter === undefined ? '' : `packets=${counter.packets} bytes=${counter.bytes} `
}

/** The kernel hands out a hash; ours is one of the entry's number, so it too looks like no number in order. */
function shownId(id: number): number {
  return Math.imul(id ^ 0x5bd1e995, 0x9e3779b1) >>> 0
}

export function entryText(entry: Connection, style: EntryStyle): string {
  const { original, reply, counters } = entry
  const seconds = Math.max(0, Math.floor((entry.expiresUs - style.nowUs) / 1_000_000))
  return [
    style.extended ? (familyOf(original.source) === 4 ? 'ipv4     2 ' : 'ipv6     10 ') : '',
    `${(NAMES.get(original.protocol) ?? 'unknown').padEnd(8)} ${original.protocol} `,
    style.event?.isOver === true ? '' : `${seconds} `,
    entry.tcpState === null ? '' : `${entry.tcpState} `,
    tupleText(original),
    counterText(counters?.original),
    entry.seenReply ? '' : '[UNREPLIED] ',
    tupleText(reply),
    counterText(counters?.reply),
    entry.assured ? '[ASSURED] ' : '',
    style.event === undefined || entry.mark !== 0 ? `mark=${entry.mark} ` : '',
    style.event === undefined ? `use=${style.uses ?? 1} ` : '',
    style.id ? `id=${shownId(entry.id)} ` : '',
    style.event?.isUser === true ? '[USERSPACE] ' : '',
  ]
    .join('')
    .replace(/ $/, '\n')
}
