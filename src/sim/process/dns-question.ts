/** The bytes of a question as dig and its siblings put it: flags, class, EDNS. RFC 1035 §4.1.1, RFC 6891, RFC 7871, RFC 7873, RFC 5001 */
import { nextUint32, type RandomState } from '../base/random.ts'
import { concat } from '../wire/bytes.ts'
import { type DnsMessage, type DnsRecord, dnsQuery } from '../wire/dns.ts'
import type { Ipv4Address } from '../wire/frame.ts'

/** What stands in the OPT record. */
export interface EdnsOptions {
  readonly version: number
  readonly bufferSize: number
  readonly dnssec: boolean
  readonly nsid: boolean
  readonly cookie: boolean
  readonly subnet: { readonly address: Ipv4Address; readonly length: number } | null
}

export const EDNS: EdnsOptions = {
  version: 0,
  bufferSize: 1232,
  dnssec: false,
  nsid: false,
  cookie: true,
  subnet: null,
}

export interface QuestionFlags {
  readonly authoritative?: boolean
  readonly truncated?: boolean
  readonly recursionDesired?: boolean
  readonly recursionAvailable?: boolean
  readonly authenticData?: boolean
  readonly checkingDisabled?: boolean
}

const NSID = 3
const CLIENT_SUBNET = 8
const COOKIE = 10

function option(code: number, bytes: readonly number[]): Uint8Array {
  return Uint8Array.from([code >> 8, code & 255, bytes.length >> 8, bytes.length & 255, ...bytes])
}

function optRecord(edns: EdnsOptions, random: RandomState): DnsRecord {
  const parts: Uint8Array[] = []
  if (edns.nsid) parts.push(option(NSID, []))
  if (edns.subnet !== null) {
    const { address, length } = edns.subnet
    const bytes = [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).slice(0, Math.ceil(length / 8))
    parts.push(option(CLIENT_SUBNET, [0, 1, length, 0, ...bytes]))
  }
  if (edns.cookie)
    parts.push(
      option(
        COOKIE,
        Array.from({ length: 8 }, () => nextUint32(random) & 255),
      ),
    )
  const ttl = (edns.version << 16) | (edns.dnssec ? 0x8000 : 0)
  return { name: '', type: 41, class: edns.bufferSize, ttl, data: { kind: 'raw', bytes: concat(parts) } }
}

export function questionMessage(
  random: RandomState,
  id: number,
  question: { readonly name: string; readonly type: number; readonly class?: number },
  edns: EdnsOptions | null,
  flags: QuestionFlags,
): DnsMessage {
  const base = dnsQuery(id, question.name, question.type)
  return {
    ...base,
    ...flags,
    questions: [{ name: question.name, type: question.type, class: question.class ?? 1 }],
    additionals: edns === null ? [] : [optRecord(edns, random)],
  }
}
