/** `ip -s link`: counters in columns that grow with their values. ip/ipaddress.c __print_link_stats. */
import type { LinkRow } from '../../sim/kernel/netlink/dump.ts'
import type { Fields } from './fields.ts'

const NARROWEST = ['*X errors:', 'packets', 'errors', 'dropped', 'heartbt', 'overrun', 'compressed']

export function addStatistics(fields: Fields, row: LinkRow): void {
  const s = row.statistics
  const received = [s.rxBytes, s.rxPackets, s.rxErrors, s.rxDropped, 0, s.rxMulticast]
  const sent = [s.txBytes, s.txPackets, s.txErrors, s.txDropped, s.txCarrier, s.collisions]
  const widths = NARROWEST.map((name, i) =>
    Math.max(name.length, String(received[i] ?? 0).length, String(sent[i] ?? 0).length),
  )
  const head = (side: string, names: string[]): string =>
    `    ${side}: ${[...names, ''].map((name, i) => name.padStart(widths[i]! - (i === 0 ? 4 : 0))).join(' ')}`
  const line = (values: number[]): string =>
    `    ${values.map((value, i) => `${String(value).padStart(widths[i]!)} `).join('')}`
  fields.put(`\n${head('RX', ['bytes', 'packets', 'errors', 'dropped', 'missed', 'mcast'])}`)
  fields.put(`\n${line(received)}`)
  fields.put(`\n${head('TX', ['bytes', 'packets', 'errors', 'dropped', 'carrier', 'collsns'])}`)
  fields.put(`\n${line(sent)}`)
  fields.only('stats64', {
    rx: {
      bytes: s.rxBytes,
      packets: s.rxPackets,
      errors: s.rxErrors,
      dropped: s.rxDropped,
      over_errors: 0,
      multicast: s.rxMulticast,
    },
    tx: {
      bytes: s.txBytes,
      packets: s.txPackets,
      errors: s.txErrors,
      dropped: s.txDropped,
      carrier_errors: s.txCarrier,
      collisions: s.collisions,
    },
  })
}
