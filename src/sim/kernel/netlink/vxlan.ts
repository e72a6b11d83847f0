/**
 * VXLAN devices are made, open their port, and their table is edited. drivers/net/vxlan/vxlan_core.c vxlan_newlink,
 * vxlan_open, vxlan_fdb_add; bridge(8) `fdb … dst`.
 */
import { ok, type Result, refuse } from '../../base/result.ts'
import { isMulticast } from '../../wire/ipv4-address.ts'
import { LINUX_VXLAN_PORT, VXLAN_OVERHEAD } from '../../wire/vxlan.ts'
import type { Link, LinkAttributes, VxlanEntry, VxlanLink, VxlanRemote } from '../link/types.ts'
import { ANY_MAC, findVxlanEntry } from '../link/vxlan.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import type { UdpSocket } from '../socket.ts'
import { portTaken } from '../sockets/ports.ts'
import { vxlanExists, vxlanIdInvalid, vxlanNotSpecified } from './errors.ts'

export interface VxlanSpec {
  readonly vni?: number
  readonly remote?: number
  readonly local?: number
  /** ifindex of `dev`, in the namespace in which the command works. */
  readonly device?: number
  /** Inode of that namespace; without it that of the new device. */
  readonly underlay?: number
  readonly destinationPort?: number
  readonly sourcePorts?: { readonly low: number; readonly high: number }
  readonly learning?: boolean
  readonly ttl?: number
  readonly tos?: number
  readonly ageingTimeMs?: number
}

export function validateVxlan(spec: VxlanSpec | undefined): ReturnType<typeof refuse> | null {
  if (spec?.vni === undefined) return vxlanNotSpecified()
  return spec.vni >= 1 << 24 ? vxlanIdInvalid() : null
}

export function newVxlan(
  sim: Simulation,
  netns: NetNamespace,
  spec: VxlanSpec,
  mtu: number | undefined,
  base: () => LinkAttributes,
): Result<Link> {
  const underlay = sim.kernels.get(netns.host)?.namespaces.get(spec.underlay ?? netns.id) ?? netns
  const destinationPort = spec.destinationPort || LINUX_VXLAN_PORT
  if (isInUse(sim, underlay, spec.vni ?? 0, destinationPort)) return vxlanExists()
  const lower = spec.device === undefined ? undefined : underlay.links.get(spec.device)
  if (spec.device !== undefined && lower === undefined) return refuse('ENODEV')
  const isGroup = spec.remote !== undefined && isMulticast(spec.remote)
  if (isGroup && lower === undefined)
    return refuse('EINVAL', 'Local interface required for multicast remote destination')
  const most = lower === undefined ? 65_535 : Math.max(68, lower.mtu - VXLAN_OVERHEAD)
  const link: VxlanLink = {
    ...base(),
    kind: 'vxlan',
    mtu: Math.min(mtu ?? (lower === undefined ? 1500 : most), most),
    vni: spec.vni ?? 0,
    underlay: underlay.id,
    lower: lower?.ifindex ?? null,
    local: spec.local ?? null,
    remote: spec.remote ?? null,
    destinationPort,
    sourcePorts: spec.sourcePorts ?? { low: 0, high: 0 },
    learning: spec.learning ?? true,
    ttl: spec.ttl ?? 0,
    tos: spec.tos ?? 0,
    ageingTimeMs: spec.ageingTimeMs ?? 300_000,
    socket: null,
    fdb: new Map(),
  }
  if (spec.remote !== undefined) {
    const remotes = [{ address: spec.remote, port: null, vni: null, ifindex: link.lower }]
    link.fdb.set(ANY_MAC, { mac: ANY_MAC, remotes, updatedUs: sim.nowUs, static: true, permanent: true })
  }
  return ok(link)
}

function isInUse(sim: Simulation, underlay: NetNamespace, vni: number, port: number): boolean {
  for (const netns of sim.kernels.get(underlay.host)?.namespaces.values() ?? []) {
    for (const link of netns.links.values()) {
      if (link.kind !== 'vxlan' || link.underlay !== underlay.id) continue
      if (link.vni === vni && link.destinationPort === port) return true
    }
  }
  return false
}

function underlayOf(sim: Simulation, netns: NetNamespace, link: VxlanLink): NetNamespace | undefined {
  return sim.kernels.get(netns.host)?.namespaces.get(link.underlay)
}

/** vxlan_sock_add: devices with the same port share the socket. */
export function openVxlan(sim: Simulation, netns: NetNamespace, link: VxlanLink): Result<void> {
  const underlay = underlayOf(sim, netns, link)
  const kernel = sim.kernels.get(netns.host)
  if (underlay === undefined || kernel === undefined) return refuse('EINVAL')
  joinGroup(underlay, link, true)
  const own = { host: netns.host, netns: netns.id, ifindex: link.ifindex }
  for (const socket of underlay.sockets.values()) {
    if (socket.kind !== 'udp' || socket.tunnel === undefined) continue
    if (socket.localPort !== link.destinationPort) continue
    socket.tunnel = { devices: [...socket.tunnel.devices, own] }
    link.socket = socket.id
    return ok(undefined)
  }
  const socket = tunnelSocket(kernel.next.socket++, link.destinationPort)
  if (portTaken(underlay, socket, 0, link.destinationPort)) return refuse('EADDRINUSE')
  socket.tunnel = { devices: [own] }
  underlay.sockets.set(socket.id, socket)
  link.socket = socket.id
  return ok(undefined)
}

/** vxlan_igmp_join, vxlan_igmp_leave. Not modelled: the reports that tell routers and snooping bridges. */
function joinGroup(underlay: NetNamespace, link: VxlanLink, joins: boolean): void {
  const device = link.lower === null ? undefined : underlay.links.get(link.lower)
  const group = link.remote
  if (device === undefined || group === null || !isMulticast(group)) return
  const at = device.groups?.indexOf(group) ?? -1
  if (joins) device.groups = [...(device.groups ?? []), group]
  else if (at >= 0) device.groups = device.groups?.toSpliced(at, 1) ?? []
}

function tunnelSocket(id: number, port: number): UdpSocket {
  return {
    id,
    kind: 'udp',
    owner: 0,
    ownerFd: 0,
    device: null,
    ttl: 64,
    tos: 0,
    error: null,
    localAddress: 0,
    localPort: port,
    remoteAddress: 0,
    remotePort: 0,
    family: 4,
    dualStack: false,
    reuseAddress: false,
    broadcast: false,
    dontFragment: false,
    received: [],
  }
}

/** vxlan_stop: what was learnt goes, and the socket with the last device. */
export function closeVxlan(sim: Simulation, netns: NetNamespace, link: VxlanLink): void {
  for (const [mac, entry] of link.fdb) if (!entry.static) link.fdb.delete(mac)
  const underlay = underlayOf(sim, netns, link)
  const socket = link.socket === null ? undefined : underlay?.sockets.get(link.socket)
  link.socket = null
  if (underlay !== undefined) joinGroup(underlay, link, false)
  if (underlay === undefined || socket?.kind !== 'udp' || socket.tunnel === undefined) return
  const rest = socket.tunnel.devices.filter(
    (ref) => ref.ifindex !== link.ifindex || ref.netns !== netns.id || ref.host !== netns.host,
  )
  socket.tunnel = { devices: rest }
  if (rest.length === 0) underlay.sockets.delete(socket.id)
}

export interface VxlanFdbSpec {
  readonly mac: string
  readonly remote: VxlanRemote | null
  readonly kind: 'permanent' | 'static' | 'dynamic'
}

/** vxlan_fdb_add: `append` adds a peer to those that the address has. */
export function addVxlanEntry(
  sim: Simulation,
  link: VxlanLink,
  spec: VxlanFdbSpec,
  mode: 'add' | 'replace' | 'append',
): Result<void> {
  const { mac, remote, kind } = spec
  if (remote === null) return refuse('EINVAL')
  const entry = findVxlanEntry(sim, link, mac)
  if (entry !== undefined && mode === 'add') return refuse('EEXIST')
  const isGroup = mac === ANY_MAC || (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1
  if (mode === 'append' && !isGroup && entry !== undefined) return refuse('EOPNOTSUPP')
  if (mode === 'replace' && isGroup) return refuse('EOPNOTSUPP')
  const kept = mode === 'append' ? (entry?.remotes ?? []) : []
  if (kept.some((one) => isSameRemote(one, remote))) return refuse('EEXIST')
  link.fdb.set(mac, {
    mac,
    remotes: [...kept, remote],
    updatedUs: sim.nowUs,
    static: kind !== 'dynamic',
    permanent: kind === 'permanent',
  })
  return ok(undefined)
}

function isSameRemote(a: VxlanRemote, b: VxlanRemote): boolean {
  return a.address === b.address && a.port === b.port && a.vni === b.vni && a.ifindex === b.ifindex
}

/** Without a peer all of the entry goes. */
export function deleteVxlanEntry(link: VxlanLink, mac: string, remote: VxlanRemote | null): Result<void> {
  const entry = link.fdb.get(mac)
  if (entry === undefined) return refuse('ENOENT')
  const rest = remote === null ? [] : entry.remotes.filter((one) => !isSameRemote(one, remote))
  if (rest.length === entry.remotes.length) return refuse('ENOENT')
  entry.remotes = rest
  if (rest.length === 0) link.fdb.delete(mac)
  return ok(undefined)
}

export function vxlanEntries(sim: Simulation, link: VxlanLink): VxlanEntry[] {
  return [...link.fdb.keys()]
    .map((mac) => findVxlanEntry(sim, link, mac))
    .filter((entry) => entry !== undefined)
}
