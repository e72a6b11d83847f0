/**
 * What stands below /sys/class/net/DEVICE, computed from the model at each look. sysfs(5),
 * Documentation/ABI/testing/sysfs-class-net, net/core/net-sysfs.c, net/bridge/br_sysfs_{br,if}.c.
 * Not modelled: queues, power, and files of hardware.
 */
import { ok, type Result, refuse } from '../../base/result.ts'
import { hasCarrier } from '../link/state.ts'
import type { BridgeLink, BridgePort, Link } from '../link/types.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import {
  bridgeIdMac,
  portsOf,
  setAgeing,
  setBridgePriority,
  setForwardDelay,
  setHelloTime,
  setMaxAge,
  setPathCost,
  setPortPriority,
  setPortState,
  setStp,
} from './bridge.ts'
import { describeLink } from './dump.ts'
import { findLink } from './link.ts'
import { setLinkMtu } from './link-move.ts'

export type SysNode =
  | {
      readonly kind: 'file'
      readonly text: string | Result<string>
      readonly write?: (text: string) => Result<void>
    }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'directory'; readonly entries: readonly string[] }

/** ARPHRD_… of include/uapi/linux/if_arp.h */
const TYPE_NUMBER: Readonly<Record<string, number>> = { loopback: 772, ether: 1, ipip: 768, tunnel6: 769 }
const STATES = ['disabled', 'listening', 'learning', 'forwarding', 'blocking']

/** `segments` below /sys/class/net; none: the devices. Null: nothing there. */
export function sysNetNode(
  sim: Simulation,
  netns: NetNamespace,
  segments: readonly string[],
): SysNode | null {
  const [device, ...rest] = segments
  if (device === undefined) return { kind: 'directory', entries: deviceNames(netns) }
  const link = findLink(netns, device)
  return link === undefined ? null : nodeBelow(treeOf(sim, netns, link), rest)
}

export function deviceNames(netns: NetNamespace): string[] {
  return [...netns.links.values()].map((link) => link.name)
}

type Leaf = Exclude<SysNode, { kind: 'directory' }>
export interface SysTree {
  readonly [name: string]: Leaf | (() => SysTree)
}

function nodeBelow(tree: SysTree, segments: readonly string[]): SysNode | null {
  const [name, ...rest] = segments
  if (name === undefined) return { kind: 'directory', entries: Object.keys(tree) }
  const found = tree[name]
  if (found === undefined) return null
  if (typeof found === 'function') return nodeBelow(found(), rest)
  return rest.length === 0 ? found : null
}

const file = (value: string | number, write?: (text: string) => Result<void>): Leaf => ({
  kind: 'file',
  text: `${value}\n`,
  ...(write === undefined ? {} : { write }),
})
const flag = (value: boolean, write?: (text: string) => Result<void>): Leaf => file(value ? 1 : 0, write)
const failing = (code: string): Leaf => ({ kind: 'file', text: refuse(code) })
const to = (target: string): Leaf => ({ kind: 'link', target })
const hex = (value: number): string => `0x${value.toString(16)}`

export function treeOf(sim: Simulation, netns: NetNamespace, link: Link): SysTree {
  const row = describeLink(sim, netns, link)
  const carrier = hasCarrier(sim, link)
  return {
    addr_assign_type: file(link.kind === 'bridge' && link.macSet ? 3 : link.kind === 'physical' ? 3 : 0),
    addr_len: file(link.kind === 'tunnel' ? (link.mode === 'ipip' ? 4 : 16) : 6),
    address: file(row.mac),
    broadcast: file(row.broadcast),
    // Reading fails while the device is down.
    carrier: link.up ? flag(carrier) : failing('EINVAL'),
    carrier_changes: file(carrier ? 1 : 0),
    carrier_down_count: file(carrier ? 0 : 1),
    carrier_up_count: file(carrier ? 1 : 0),
    dev_id: file('0x0'),
    dev_port: file(0),
    dormant: link.up ? file(0) : failing('EINVAL'),
    duplex: ['veth', 'physical'].includes(link.kind) && link.up ? file('full') : failing('EINVAL'),
    flags: file(hex(flagBits(link))),
    gro_flush_timeout: file(0),
    ifalias: aliasFile(link),
    ifindex: file(link.ifindex),
    iflink: file(row.link ?? link.ifindex),
    link_mode: file(0),
    name_assign_type: file(link.kind === 'physical' ? 4 : 3),
    napi_defer_hard_irqs: file(0),
    mtu: file(link.mtu, (text) => writeNumber(text, (value) => setLinkMtu(sim, netns, link, value))),
    netdev_group: file(link.group),
    operstate: file(row.state.toLowerCase()),
    power: () => ({}),
    proto_down: file(0),
    queues: () => ({
      'rx-0': () => ({ rps_cpus: file('0'), rps_flow_cnt: file(0) }),
      'tx-0': () => queueTree(),
    }),
    speed: speedOf(link),
    tx_queue_len: file(link.txQueueLength, (text) =>
      writeNumber(text, (value) => {
        link.txQueueLength = value
        return ok(undefined)
      }),
    ),
    type: file(TYPE_NUMBER[row.linkType] ?? 1),
    uevent: file(
      `${link.kind === 'bridge' ? 'DEVTYPE=bridge\n' : ''}INTERFACE=${link.name}\nIFINDEX=${link.ifindex}`,
    ),
    statistics: () => statisticsTree(link),
    testing: link.up ? file(0) : failing('EINVAL'),
    threaded: link.up ? file(0) : file(0),
    subsystem: to('../../../../class/net'),
    ...bridgeTree(sim, netns, link),
    ...portTree(sim, netns, link),
  }
}

/** A bridge is as fast as its ports; there is no telling of a device without an idea of speed. */
function speedOf(link: Link): Leaf {
  if (!link.up || !['veth', 'physical', 'bridge'].includes(link.kind)) return failing('EINVAL')
  return file(link.kind === 'bridge' ? (link.ports.length > 0 ? 10000 : -1) : 10000)
}

function aliasFile(link: Link): Leaf {
  return {
    kind: 'file',
    text: link.alias == null ? '' : `${link.alias}\n`,
    write: (text) => {
      const alias = text.replace(/\n$/, '')
      if (alias.length > 255) return refuse('EINVAL')
      link.alias = alias === '' ? null : alias
      return ok(undefined)
    },
  }
}

const queueTree = (): SysTree => ({
  traffic_class: failing('ENOENT'),
  tx_maxrate: failing('EOPNOTSUPP'),
  tx_timeout: file(0),
  xps_cpus: failing('ENOENT'),
  xps_rxqs: failing('ENOENT'),
})

function flagBits(link: Link): number {
  let bits = link.up ? 1 : 0
  if (link.kind !== 'loopback' && link.kind !== 'tunnel') bits |= 2
  if (link.kind === 'loopback') bits |= 8
  if (!link.arp) bits |= 0x80
  if (link.promiscuous) bits |= 0x100
  if (link.allMulticast) bits |= 0x200
  if (link.multicast) bits |= 0x1000
  if (link.promiscuity > 0) bits |= 0x100
  return bits
}

function writeNumber(text: string, act: (value: number) => Result<unknown>): Result<void> {
  if (!/^\s*(0x[0-9a-f]+|\d+)\s*$/i.test(text)) return refuse('EINVAL')
  const done = act(Number(text))
  return done.ok ? ok(undefined) : done
}

function statisticsTree(link: Link): SysTree {
  const s = link.statistics
  const values: Readonly<Record<string, number>> = {
    collisions: s.collisions,
    multicast: s.rxMulticast,
    rx_bytes: s.rxBytes,
    rx_compressed: 0,
    rx_crc_errors: 0,
    rx_dropped: s.rxDropped,
    rx_errors: s.rxErrors,
    rx_fifo_errors: 0,
    rx_frame_errors: 0,
    rx_length_errors: 0,
    rx_missed_errors: 0,
    rx_nohandler: 0,
    rx_over_errors: 0,
    rx_packets: s.rxPackets,
    tx_aborted_errors: 0,
    tx_bytes: s.txBytes,
    tx_carrier_errors: s.txCarrier,
    tx_compressed: 0,
    tx_dropped: s.txDropped,
    tx_errors: s.txErrors,
    tx_fifo_errors: 0,
    tx_heartbeat_errors: 0,
    tx_packets: s.txPackets,
    tx_window_errors: 0,
  }
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, file(value)]))
}

function bridgeTree(sim: Simulation, netns: NetNamespace, link: Link): SysTree {
  if (link.kind !== 'bridge') return {}
  const ports = portsOf(netns, link)
  return {
    bridge: () => bridgeSettings(sim, netns, link),
    brif: () =>
      Object.fromEntries(ports.map(({ link: port }) => [port.name, to(`../../${port.name}/brport`)])),
    brforward: file(''),
    ...Object.fromEntries(ports.map(({ link: port }) => [`lower_${port.name}`, to(`../${port.name}`)])),
  }
}

function bridgeSettings(sim: Simulation, netns: NetNamespace, bridge: BridgeLink): SysTree {
  const priority = bridge.priority.toString(16).padStart(4, '0')
  const id = `${priority}.${bridgeIdMac(netns, bridge).replaceAll(':', '')}`
  const row = describeLink(sim, netns, bridge).bridge
  const time = (value: number, act: typeof setAgeing): Leaf =>
    file(value, (text) => writeNumber(text, (hundredths) => act(sim, bridge, hundredths * 10)))
  return {
    ageing_time: time(bridge.ageingTimeMs / 10, setAgeing),
    bridge_id: file(id),
    default_pvid: file(1),
    flush: { kind: 'file', text: refuse('EACCES') },
    forward_delay: time(bridge.tree.forwardDelayMs / 10, setForwardDelay),
    gc_timer: file(row?.gcTimer ?? 0),
    group_addr: file('1:80:c2:0:0:0'),
    group_fwd_mask: file('0x0'),
    hash_elasticity: file(16),
    hash_max: file(4096),
    hello_time: time(bridge.tree.helloTimeMs / 10, setHelloTime),
    hello_timer: file(row?.helloTimer ?? 0),
    max_age: time(bridge.tree.maxAgeMs / 10, setMaxAge),
    multicast_igmp_version: file(2),
    multicast_last_member_count: file(2),
    multicast_last_member_interval: file(100),
    multicast_membership_interval: file(26000),
    multicast_mld_version: file(1),
    multicast_querier: file(0),
    multicast_querier_interval: file(25500),
    multicast_query_interval: file(12500),
    multicast_query_response_interval: file(1000),
    multicast_query_use_ifaddr: file(0),
    multicast_router: file(1),
    multicast_snooping: file(1),
    multicast_startup_query_count: file(2),
    multicast_startup_query_interval: file(3125),
    multicast_stats_enabled: file(0),
    nf_call_arptables: file(0),
    nf_call_ip6tables: file(0),
    nf_call_iptables: file(0),
    priority: file(bridge.priority, (text) =>
      writeNumber(text, (value) => setBridgePriority(sim, netns, bridge, value & 0xffff)),
    ),
    root_id: file(bridge.tree.root),
    root_path_cost: file(bridge.tree.rootCost),
    root_port: file(bridge.tree.rootPort),
    stp_state: flag(bridge.stp, (text) =>
      writeNumber(text, (value) => {
        setStp(sim, netns, bridge, value !== 0)
        return ok(undefined)
      }),
    ),
    tcn_timer: file(row?.tcnTimer ?? 0),
    topology_change: flag(bridge.tree.topologyChange),
    topology_change_detected: flag(bridge.tree.topologyChangeDetected),
    topology_change_timer: file(row?.topologyChangeTimer ?? 0),
    vlan_filtering: flag(bridge.vlanFiltering),
    vlan_protocol: file('0x8100'),
  }
}

function portTree(sim: Simulation, netns: NetNamespace, link: Link): SysTree {
  const master = link.master === null ? undefined : netns.links.get(link.master)
  const port = link.port
  if (master === undefined || port === null) return {}
  return {
    brport: () => portSettings(sim, netns, master, link, port),
    master: to(`../${master.name}`),
    [`upper_${master.name}`]: to(`../${master.name}`),
  }
}

type PortFlag =
  | 'hairpin'
  | 'learning'
  | 'flood'
  | 'guard'
  | 'isolated'
  | 'rootBlock'
  | 'fastLeave'
  | 'multicastFlood'
  | 'broadcastFlood'
  | 'multicastToUnicast'
  | 'neighborSuppress'

function portSettings(
  sim: Simulation,
  netns: NetNamespace,
  bridge: Link,
  link: Link,
  port: BridgePort,
): SysTree {
  const id = ((port.priority & 63) << 10) | port.number
  const row = describeLink(sim, netns, link).port
  const toggle = (key: PortFlag): Leaf =>
    flag(port[key], (text) =>
      writeNumber(text, (value) => {
        port[key] = value !== 0
        return ok(undefined)
      }),
    )
  const number = (value: number, act: typeof setPathCost): Leaf =>
    file(value, (text) => writeNumber(text, (written) => act(sim, netns, link, written)))
  return {
    bpdu_guard: toggle('guard'),
    bridge: to(`../../${bridge.name}`),
    broadcast_flood: toggle('broadcastFlood'),
    change_ack: flag(port.tree.topologyChangeAck),
    config_pending: flag(port.tree.configPending),
    designated_bridge: file(port.tree.bridge),
    designated_cost: file(port.tree.cost),
    designated_port: file(port.tree.port),
    designated_root: file(port.tree.root),
    flush: { kind: 'file', text: refuse('EACCES') },
    forward_delay_timer: file(row?.forwardDelayTimer ?? 0),
    hairpin_mode: toggle('hairpin'),
    hold_timer: file(row?.holdTimer ?? 0),
    isolated: toggle('isolated'),
    learning: toggle('learning'),
    message_age_timer: file(row?.messageAgeTimer ?? 0),
    multicast_fast_leave: toggle('fastLeave'),
    multicast_flood: toggle('multicastFlood'),
    multicast_router: file(port.multicastRouter),
    multicast_to_unicast: toggle('multicastToUnicast'),
    neigh_suppress: toggle('neighborSuppress'),
    path_cost: number(port.cost, setPathCost),
    port_id: file(hex(id)),
    port_no: file(hex(port.number)),
    priority: number(port.priority, setPortPriority),
    root_block: toggle('rootBlock'),
    state: number(STATES.indexOf(port.state), setPortState),
    unicast_flood: toggle('flood'),
  }
}
