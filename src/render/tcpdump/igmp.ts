/** IGMP in a capture's line. tcpdump print-igmp.c */
import { parseIgmp } from '../../sim/wire/igmp.ts'
import { formatIpv4 } from '../../sim/wire/ipv4-address.ts'
import type { Style } from './network.ts'

const CHANGES: Readonly<Record<number, string>> = { 1: 'is_in', 2: 'is_ex', 3: 'to_in', 4: 'to_ex' }

export function wordIgmp(bytes: Uint8Array, style: Style): string {
  const message = parseIgmp(bytes)
  if (message === null) return 'igmp'
  if (message.kind === 'query')
    return `igmp query v3${message.group === 0 ? '' : ` [gaddr ${formatIpv4(message.group)}]`}`
  const groups =
    style.verbosity === 0
      ? ''
      : message.records
          .map((one) => ` [gaddr ${formatIpv4(one.group)} ${CHANGES[one.type] ?? ''}, 0 source(s)]`)
          .join('')
  return `igmp v3 report, ${message.records.length} group record(s)${groups}`
}
