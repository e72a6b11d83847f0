/**
 * `ip -d link`: what a kind of device has to say. ip/{ipaddress,iplink_bridge,iplink_bridge_slave}.c.
 * Settings of the kernel that cannot be changed here are printed with the kernel's defaults.
 */
import type { BridgeRow, LinkRow, PortRow } from '../../sim/kernel/netlink/dump.ts'
import { Fields, type Json, RawNumber } from './fields.ts'
import { addSettings } from './kind-details.ts'

export function addLinkDetails(fields: Fields, row: LinkRow, isLink: boolean): void {
  const { promiscuity, allMulticast, leastMtu, mostMtu, queues, tsoMaxSize } = row.details
  fields.add('promiscuity', promiscuity, ` promiscuity ${promiscuity} `)
  fields.add('allmulti', allMulticast, ` allmulti ${allMulticast} `)
  fields.add('min_mtu', leastMtu, `minmtu ${leastMtu} `).add('max_mtu', mostMtu, `maxmtu ${mostMtu} `)
  addKind(fields, row)
  if (isLink) fields.add('inet6_addr_gen_mode', 'eui64', 'addrgenmode eui64 ')
  fields.add('num_tx_queues', queues, `numtxqueues ${queues} `)
  fields.add('num_rx_queues', queues, `numrxqueues ${queues} `)
  fields.add('gso_max_size', 65536, 'gso_max_size 65536 ').add('gso_max_segs', 65535, 'gso_max_segs 65535 ')
  fields.add('tso_max_size', tsoMaxSize, `tso_max_size ${tsoMaxSize} `)
  fields.add('tso_max_segs', 65535, 'tso_max_segs 65535 ').add('gro_max_size', 65536, 'gro_max_size 65536 ')
}

const KIND: Readonly<Partial<Record<LinkRow['kind'], string>>> = {
  bridge: 'bridge',
  veth: 'veth',
  dummy: 'dummy',
  macvlan: 'macvlan',
  ipvlan: 'ipvlan',
  vlan: 'vlan',
  vxlan: 'vxlan',
}

function addKind(fields: Fields, row: LinkRow): void {
  const kind = row.linkType === 'ipip' ? 'ipip' : row.linkType === 'tunnel6' ? 'ip6tnl' : KIND[row.kind]
  const info: { [key: string]: Json } = {}
  if (kind !== undefined) {
    info.info_kind = kind
    fields.put(`\n    ${kind} `)
    if (row.bridge !== null) info.info_data = part(fields, (own) => addBridge(own, row.bridge!))
    if (row.settings !== null) info.info_data = part(fields, (own) => addSettings(own, row.settings!))
  }
  if (row.port !== null) {
    info.info_slave_kind = 'bridge'
    fields.put('\n    bridge_slave ')
    info.info_slave_data = part(fields, (own) => addPort(own, row.port!))
  }
  if (Object.keys(info).length > 0) fields.only('linkinfo', info)
}

function part(fields: Fields, fill: (own: Fields) => void): Json {
  const own = new Fields(fields.colored)
  fill(own)
  fields.put(own.text)
  return own.json
}

const hex = (n: number, digits: number): string => n.toString(16).padStart(digits, '0')
/** iproute2 prints each byte of the address without leading zero. */
const bridgeId = (id: string): string =>
  `${id.slice(0, 4)}.${(id.slice(5).match(/../g) ?? [])
    .map((byte) => Number.parseInt(byte, 16).toString(16))
    .join(':')}`
const timer = (hundredths: number): string => (hundredths / 100).toFixed(2)

type Item = readonly [key: string, name: string, value: Json]

function list(own: Fields, items: readonly Item[]): void {
  for (const [key, name, value] of items) own.add(key, value, `${name} ${shown(value)} `)
}

function shown(value: Json): string {
  if (value instanceof RawNumber) return value.text.padStart(7)
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  return String(value)
}

function addBridge(own: Fields, b: BridgeRow): void {
  list(own, [
    ['forward_delay', 'forward_delay', b.forwardDelay],
    ['hello_time', 'hello_time', b.helloTime],
    ['max_age', 'max_age', b.maxAge],
    ['ageing_time', 'ageing_time', b.ageingTime],
    ['stp_state', 'stp_state', b.stp ? 1 : 0],
    ['priority', 'priority', b.priority],
    ['vlan_filtering', 'vlan_filtering', b.vlanFiltering ? 1 : 0],
    ['bridge_id', 'bridge_id', bridgeId(`${hex(b.priority, 4)}.${b.idMac.replaceAll(':', '')}`)],
    ['root_id', 'designated_root', bridgeId(b.root)],
    ['root_port', 'root_port', b.rootPort],
    ['root_path_cost', 'root_path_cost', b.rootCost],
    ['topology_change', 'topology_change', b.topologyChange ? 1 : 0],
    ['topology_change_detected', 'topology_change_detected', b.topologyChangeDetected ? 1 : 0],
    ['hello_timer', 'hello_timer', new RawNumber(timer(b.helloTimer))],
    ['tcn_timer', 'tcn_timer', new RawNumber(timer(b.tcnTimer))],
    ['topology_change_timer', 'topology_change_timer', new RawNumber(timer(b.topologyChangeTimer))],
    ['gc_timer', 'gc_timer', new RawNumber(timer(b.gcTimer))],
    ['group_fwd_mask', 'group_fwd_mask', '0'],
    ['group_addr', 'group_address', '01:80:c2:00:00:00'],
    ['mcast_snooping', 'mcast_snooping', 1],
    ['no_linklocal_learn', 'no_linklocal_learn', 0],
    ['mcast_vlan_snooping', 'mcast_vlan_snooping', 0],
    ['mcast_router', 'mcast_router', 1],
    ['mcast_query_use_ifaddr', 'mcast_query_use_ifaddr', 0],
    ['mcast_querier', 'mcast_querier', 0],
    ['mcast_hash_elasticity', 'mcast_hash_elasticity', 16],
    ['mcast_hash_max', 'mcast_hash_max', 4096],
    ['mcast_last_member_cnt', 'mcast_last_member_count', 2],
    ['mcast_startup_query_cnt', 'mcast_startup_query_count', 2],
    ['mcast_last_member_intvl', 'mcast_last_member_interval', 100],
    ['mcast_membership_intvl', 'mcast_membership_interval', 26000],
    ['mcast_querier_intvl', 'mcast_querier_interval', 25500],
    ['mcast_query_intvl', 'mcast_query_interval', 12500],
    ['mcast_query_response_intvl', 'mcast_query_response_interval', 1000],
    ['mcast_startup_query_intvl', 'mcast_startup_query_interval', 3124],
    ['mcast_stats_enabled', 'mcast_stats_enabled', 0],
    ['mcast_igmp_version', 'mcast_igmp_version', 2],
    ['mcast_mld_version', 'mcast_mld_version', 1],
    ['nf_call_iptables', 'nf_call_iptables', 0],
    ['nf_call_ip6tables', 'nf_call_ip6tables', 0],
    ['nf_call_arptables', 'nf_call_arptables', 0],
  ])
}

function addPort(own: Fields, p: PortRow): void {
  // Six bits of priority, ten of number (BR_PORT_BITS).
  const id = ((p.priority & 63) << 10) | p.number
  list(own, [
    ['state', 'state', p.state],
    ['priority', 'priority', p.priority],
    ['cost', 'cost', p.cost],
    ['hairpin', 'hairpin', p.hairpin],
    ['guard', 'guard', p.guard],
    ['root_block', 'root_block', p.rootBlock],
    ['fastleave', 'fastleave', p.fastLeave],
    ['learning', 'learning', p.learning],
    ['flood', 'flood', p.flood],
    ['id', 'port_id', `0x${hex(id, 4)}`],
    ['no', 'port_no', `0x${p.number.toString(16)}`],
    ['designated_port', 'designated_port', p.designatedPort],
    ['designated_cost', 'designated_cost', p.designatedCost],
    ['bridge_id', 'designated_bridge', bridgeId(p.designatedBridge)],
    ['root_id', 'designated_root', bridgeId(p.designatedRoot)],
    ['hold_timer', 'hold_timer', new RawNumber(timer(p.holdTimer))],
    ['message_age_timer', 'message_age_timer', new RawNumber(timer(p.messageAgeTimer))],
    ['forward_delay_timer', 'forward_delay_timer', new RawNumber(timer(p.forwardDelayTimer))],
    ['topology_change_ack', 'topology_change_ack', p.topologyChangeAck ? 1 : 0],
    ['config_pending', 'config_pending', p.configPending ? 1 : 0],
    ['proxy_arp', 'proxy_arp', false],
    ['proxy_arp_wifi', 'proxy_arp_wifi', false],
    ['multicast_router', 'mcast_router', p.multicastRouter],
  ])
  own.put(`mcast_fast_leave ${p.fastLeave ? 'on' : 'off'} `)
  list(own, [
    ['mcast_flood', 'mcast_flood', p.multicastFlood],
    ['bcast_flood', 'bcast_flood', p.broadcastFlood],
    ['mcast_to_unicast', 'mcast_to_unicast', p.multicastToUnicast],
    ['neigh_suppress', 'neigh_suppress', p.neighborSuppress],
    ['group_fwd_mask', 'group_fwd_mask', '0'],
    ['group_fwd_mask_str', 'group_fwd_mask_str', '0x0'],
    ['vlan_tunnel', 'vlan_tunnel', p.vlanTunnel],
    ['isolated', 'isolated', p.isolated],
    ['locked', 'locked', p.locked],
  ])
}
