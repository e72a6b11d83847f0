/** `bridge link`, `bridge fdb`: bridge/{link,fdb}.c of iproute2 6.1.0. */
import type { LinkRow } from '../../sim/kernel/netlink/dump.ts'
import type { FdbRow } from '../../sim/kernel/netlink/fdb.ts'
import { formatIpv4 } from '../../sim/wire/ipv4-address.ts'
import { Fields } from './fields.ts'
import { addFlags, addName } from './link.ts'

export function bridgeLinkFields(
  row: LinkRow,
  style: { readonly color: boolean; readonly details: boolean },
): Fields {
  const fields = new Fields(style.color)
  const port = row.port
  fields.add('ifindex', row.ifindex, `${row.ifindex}: `)
  addName(fields, row, (name) => `${name}: `)
  addFlags(fields, row)
  fields.add('mtu', row.mtu, `mtu ${row.mtu} `)
  if (row.master !== null) fields.add('master', row.master, `master ${row.master} `)
  if (port === null) return fields.put('\n')
  fields.add('state', port.state, `state ${port.state} `)
  fields.add('priority', port.priority, `priority ${port.priority} `)
  fields.add('cost', port.cost, `cost ${port.cost} `)
  if (style.details) addDetails(fields, port)
  return fields.put('\n')
}

function addDetails(fields: Fields, port: NonNullable<LinkRow['port']>): void {
  const onOff = (key: string, value: boolean): void => {
    fields.add(key, value, `${key} ${value ? 'on' : 'off'} `)
  }
  fields.put('\n    ')
  onOff('hairpin', port.hairpin)
  onOff('guard', port.guard)
  onOff('root_block', port.rootBlock)
  onOff('fastleave', port.fastLeave)
  onOff('learning', port.learning)
  onOff('flood', port.flood)
  onOff('mcast_flood', port.multicastFlood)
  onOff('bcast_flood', port.broadcastFlood)
  fields.add('mcast_router', port.multicastRouter, `mcast_router ${port.multicastRouter} `)
  onOff('mcast_to_unicast', port.multicastToUnicast)
  onOff('neigh_suppress', port.neighborSuppress)
  onOff('vlan_tunnel', port.vlanTunnel)
  onOff('isolated', port.isolated)
  onOff('locked', port.locked)
}

export function fdbFields(
  row: FdbRow,
  style: { readonly color: boolean; readonly statistics: boolean; readonly deviceFilter: boolean },
): Fields {
  const fields = new Fields(style.color)
  fields.add('mac', row.mac, `${row.mac} `, 'mac')
  if (!style.deviceFilter) fields.put('dev ').add('ifname', row.device, `${row.device} `, 'name')
  if (row.peer !== undefined) addPeer(fields, row.peer)
  if (style.statistics && row.ageUs !== null) {
    const age = Math.floor(row.ageUs / 1_000_000)
    fields.add('used', age, `used ${age}`).add('updated', age, `/${age} `)
  }
  if (row.master === null) fields.add('flags', ['self'], 'self ')
  else fields.only('flags', []).add('master', row.master, `master ${row.master} `)
  return fields.add('state', row.state, row.state).put('\n')
}

function addPeer(fields: Fields, peer: NonNullable<FdbRow['peer']>): void {
  const address = formatIpv4(peer.address)
  fields.add('dst', address, `dst ${address} `)
  if (peer.port !== null) fields.add('port', peer.port, `port ${peer.port} `)
  if (peer.vni !== null) fields.add('vni', peer.vni, `vni ${peer.vni} `)
  if (peer.via !== null) fields.add('viaIf', peer.via, `via ${peer.via} `)
}
