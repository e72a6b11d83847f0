/** `ip neigh`: ip/ipneigh.c print_neigh (6.1.0). */

import type { NeighborEntry } from '../../sim/kernel/net-namespace.ts'
import { familyOf, formatIp } from '../../sim/wire/ip-address.ts'
import { Fields } from './fields.ts'

export interface NeighborRow {
  readonly address: string
  readonly family: 4 | 6
  readonly device: string
  readonly mac: string | null
  readonly state: string
  readonly isRouter: boolean
  readonly isProxy: boolean
  /** Whole seconds since used, confirmed, updated. */
  readonly used: number
  readonly confirmed: number
  readonly updated: number
  readonly probes: number
  readonly references: number
}

export function neighborRow(entry: NeighborEntry, device: string, nowUs: number): NeighborRow {
  const seconds = (us: number): number => Math.max(0, Math.floor((nowUs - us) / 1_000_000))
  return {
    address: formatIp(entry.address),
    family: familyOf(entry.address),
    device,
    mac: entry.mac,
    state: entry.state,
    isRouter: entry.isRouter,
    isProxy: entry.isProxy,
    used: seconds(entry.usedUs),
    confirmed: seconds(entry.confirmedUs),
    updated: seconds(entry.updatedUs),
    probes: entry.probes,
    references: entry.state === 'PERMANENT' ? 0 : 1,
  }
}

export function neighborFields(
  row: NeighborRow,
  style: { readonly color: boolean; readonly statistics: boolean; readonly deviceFilter: boolean },
): Fields {
  const fields = new Fields(style.color)
  fields.add('dst', row.address, `${row.address} `, row.family === 4 ? 'inet' : 'inet6')
  if (!style.deviceFilter) fields.put('dev ').add('dev', row.device, `${row.device} `, 'name')
  if (row.isProxy) return fields.add('proxy', null, 'proxy ').put('\n')
  if (row.mac !== null && row.state !== 'INCOMPLETE' && row.state !== 'FAILED') {
    fields.put('lladdr ').add('lladdr', row.mac, `${row.mac} `, 'mac')
  }
  if (row.isRouter) fields.add('router', null, 'router ')
  if (style.statistics) {
    if (row.references > 0) fields.add('refcnt', row.references, ` ref ${row.references}`)
    fields.add('used', row.used, ` used ${row.used}`).add('confirmed', row.confirmed, `/${row.confirmed}`)
    fields.add('updated', row.updated, `/${row.updated}`).add('probes', row.probes, `probes ${row.probes} `)
  }
  return fields.add('state', [row.state], `${row.state} `).put('\n')
}
