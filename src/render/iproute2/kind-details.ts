/** `ip -d link` of macvlan, ipvlan, vlan and vxlan: ip/iplink_{macvlan,ipvlan,vlan,vxlan}.c print_opt (6.1.0). */
import type { KindRow } from '../../sim/kernel/netlink/dump.ts'
import { formatIpv4, isMulticast } from '../../sim/wire/ipv4-address.ts'
import type { Fields } from './fields.ts'

const QUEUE_LENGTH = 1000

export function addSettings(own: Fields, row: KindRow): void {
  switch (row.kind) {
    case 'macvlan':
      own.add('mode', row.mode, `mode ${row.mode} `)
      own.add('bcqueuelen', QUEUE_LENGTH, `bcqueuelen ${QUEUE_LENGTH} `)
      own.add('usedbcqueuelen', QUEUE_LENGTH, `usedbcqueuelen ${QUEUE_LENGTH} `)
      return
    case 'ipvlan':
      own.add('mode', row.mode, ` mode ${row.mode} `).add('mode_flag', row.flag, `${row.flag} `)
      return
    case 'vlan':
      own.add('protocol', '802.1Q', 'protocol 802.1Q ').add('id', row.id, `id ${row.id} `)
      own.add('flags', ['REORDER_HDR'], '<REORDER_HDR> ')
      return
    case 'vxlan':
      addVxlan(own, row)
  }
}

function addVxlan(own: Fields, row: Extract<KindRow, { kind: 'vxlan' }>): void {
  own.add('id', row.id, `id ${row.id} `)
  if (row.remote !== null) {
    const key = isMulticast(row.remote) ? 'group' : 'remote'
    own.add(key, formatIpv4(row.remote), `${key} ${formatIpv4(row.remote)} `)
  }
  if (row.local !== null) own.add('local', formatIpv4(row.local), `local ${formatIpv4(row.local)} `)
  if (row.device !== null) own.add('link', row.device, `dev ${row.device} `)
  const { low, high } = row.sourcePorts
  own.add('port_range', { low, high }, `srcport ${low} ${high} `)
  own.add('port', row.port, `dstport ${row.port} `)
  own.add('learning', row.learning, row.learning ? '' : 'nolearning ')
  if (row.tos > 0) own.add('tos', row.tos, row.tos === 1 ? 'tos inherit ' : `tos 0x${row.tos.toString(16)} `)
  own.add('ttl', row.ttl, row.ttl === 0 ? 'ttl auto ' : `ttl ${row.ttl} `)
  own.add('ageing', row.ageing, row.ageing === 0 ? 'ageing none ' : `ageing ${row.ageing} `)
  own.add('udp_csum', true, 'udpcsum ').add('udp_zero_csum6_tx', false, 'noudp6zerocsumtx ')
  own.add('udp_zero_csum6_rx', false, 'noudp6zerocsumrx ')
}
