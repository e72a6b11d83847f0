/** `ip -s link`: counters in columns that grow with their values. ip/ipaddress.c __print_link_stats. */
import type { LinkRow } from '../../sim/kernel/netlink/dump.ts'
import type { Fields } from './fields.ts'

const NARROWEST = ['*X errors:', 'packets', 'errors', 'dropped', 'heartbt', 'overrun', 'compressed']

/** `-s -s` (`errors`): what kinds of errors there were; nothing here goes wrong so. */
export function addStatistics(fields: Fields, row: LinkRow, errors: boolean): void {
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
  if (errors)
    fields.put(errorLines('RX', ['length', 'crc', 'frame', 'fifo', 'overrun'], [0, 0, 0, 0, 0], widths))
  fields.put(`\n${head('TX', ['bytes', 'packets', 'errors', 'dropped', 'carrier', 'collsns'])}`)
  fields.put(`\n${line(sent)}`)
  const changes = carrierChanges(row)
  if (errors)
    fields.put(
      errorLines('TX', ['aborted', 'fifo', 'window', 'heartbt', 'transns'], [0, 0, 0, 0, changes], widths),
    )
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

/** A veth end is born without carrier; later losses are not counted. */
function carrierChanges(row: LinkRow): number {
  const carrier = row.flags.includes('LOWER_UP') ? 1 : 0
  return row.kind === 'veth' ? 1 + carrier : row.kind === 'physical' ? carrier : 0
}

function errorLines(
  side: string,
  names: readonly string[],
  values: readonly number[],
  widths: readonly number[],
): string {
  const head = names.map((name, i) => name.padStart(widths[i + 1]!)).join(' ')
  const line = values.map((value, i) => String(value).padStart(widths[i + 1]!)).join(' ')
  return `\n    ${`${side} errors:`.padEnd(widths[0]!)} ${head}\n    ${' '.repeat(widths[0]!)} ${line} `
}
