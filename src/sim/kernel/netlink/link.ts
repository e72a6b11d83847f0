/**
 * Devices are made, found and destroyed. ip-link(8), net/core/{rtnetlink,dev}.c, drivers/net/veth.c.
 * The rest of what `ip link set` does stands in `link-state.ts` (up, down), `link-move.ts` (name, address, MTU,
 * namespace) and `bridge.ts` (master); all of it can be imported from here.
 */
import { ok, type Result, refuse } from '../../base/result.ts'
import { bridgeIdText } from '../../wire/bpdu.ts'
import { NULL_MAC } from '../../wire/frame.ts'
import { parseMac } from '../../wire/mac-address.ts'
import { onLinkRemoved } from '../link/lifecycle.ts'
import { allAbove } from '../link/stacked.ts'
import { newSpanningTree } from '../link/stp/types.ts'
import type { BridgeLink, Link, LinkAttributes, VethLink } from '../link/types.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { DeviceRef, Simulation } from '../simulation.ts'
import { attributes, randomMac } from './attributes.ts'
import { deleteBridgePort } from './bridge.ts'
import { policyFailed, unknownKind } from './errors.ts'
import { carrierOfPeerChanged, setLinkDown } from './link-state.ts'
import { freeName, peerNetnsId, registerLink, unregisterLink } from './namespace.ts'
import { removeRoutes } from './route.ts'
import { attachToLower, detachFromLower, newStacked, type StackedSpec, validateVlan } from './stacked.ts'
import { newVxlan, type VxlanSpec, validateVxlan } from './vxlan.ts'

export { setMaster } from './bridge.ts'
export { moveLink, renameLink, setLinkMac, setLinkMtu } from './link-move.ts'
export { setLinkDown, setLinkUp } from './link-state.ts'

export const LONGEST_NAME = 15

export interface LinkSpec extends StackedSpec {
  readonly kind: string
  readonly name?: string
  readonly index?: number
  readonly txQueueLength?: number
  readonly vxlan?: VxlanSpec
  readonly peer?: {
    readonly name?: string
    /** Inode of the namespace in which the peer is made; without it the same one. */
    readonly netns?: number
    readonly mac?: string
    readonly mtu?: number
    readonly index?: number
    readonly txQueueLength?: number
  }
}

export function findLink(netns: NetNamespace, name: string): Link | undefined {
  const ifindex = netns.linkNames.get(name)
  return ifindex === undefined ? undefined : netns.links.get(ifindex)
}

export function linkAt(sim: Simulation, ref: DeviceRef): Link | undefined {
  return sim.kernels.get(ref.host)?.namespaces.get(ref.netns)?.links.get(ref.ifindex)
}

export function addLink(sim: Simulation, netns: NetNamespace, spec: LinkSpec): Result<Link> {
  const features = sim.kernels.get(netns.host)?.features
  const refused = refusal(netns, spec)
  if (refused !== null) return refused
  if (spec.kind !== 'physical' && features?.linkKinds.has(spec.kind) !== true) return unknownKind()
  if (spec.kind === 'veth') return addVethPair(sim, netns, spec)
  const invalid = validate(spec)
  if (invalid !== null) return invalid
  const made = ofKind(sim, netns, spec)
  if (!made.ok) return made
  const link = made.value
  registerLink(netns, link)
  attachToLower(sim, netns, link)
  if (link.kind === 'vxlan' && link.underlay !== netns.id) peerNetnsId(sim, netns, link.underlay)
  return made
}

/** rtnl_link_ops.validate */
function validate(spec: LinkSpec): ReturnType<typeof refuse> | null {
  if (spec.kind === 'vlan') return validateVlan(spec)
  return spec.kind === 'vxlan' ? validateVxlan(spec.vxlan) : null
}

type EndSpec = Pick<LinkSpec, 'name' | 'index' | 'mac' | 'mtu'>

function refusal(netns: NetNamespace, spec: EndSpec): ReturnType<typeof refuse> | null {
  if (spec.name !== undefined) {
    if (spec.name.length > LONGEST_NAME) return policyFailed()
    if (!isValidName(spec.name)) return refuse('EINVAL')
    if (findLink(netns, spec.name) !== undefined) return refuse('EEXIST')
  }
  if (spec.index !== undefined && netns.links.has(spec.index)) return refuse('EEXIST')
  if (spec.mac !== undefined && !isUsableMac(spec.mac)) return refuse('EADDRNOTAVAIL')
  return null
}

/** dev_valid_name */
export function isValidName(name: string): boolean {
  return name !== '' && name.length <= LONGEST_NAME && name !== '.' && name !== '..' && !/[/:\s]/.test(name)
}

export function isUsableMac(mac: string): boolean {
  const parsed = parseMac(mac)
  return (
    parsed !== null && parsed !== '00:00:00:00:00:00' && (Number.parseInt(parsed.slice(0, 2), 16) & 1) === 0
  )
}

function newAttributes(sim: Simulation, netns: NetNamespace, spec: LinkSpec): LinkAttributes {
  const features = sim.kernels.get(netns.host)?.features
  return attributes({
    ifindex: spec.index ?? takeIfindex(netns),
    name: spec.name ?? freeName(netns, spec.kind === 'physical' ? 'eth' : spec.kind),
    mac: spec.mac === undefined ? randomMac(sim.random) : (parseMac(spec.mac) ?? spec.mac),
    mtu: spec.mtu ?? 1500,
    qdisc: spec.kind === 'physical' ? (features?.defaultQdisc ?? 'pfifo_fast') : 'noqueue',
    txQueueLength: spec.txQueueLength ?? 1000,
  })
}

/** Numbers are given out in turn; one that was brought along from another namespace is passed over. */
export function takeIfindex(netns: NetNamespace): number {
  while (netns.links.has(netns.nextIfindex)) netns.nextIfindex++
  return netns.nextIfindex++
}

function ofKind(sim: Simulation, netns: NetNamespace, spec: LinkSpec): Result<Link> {
  // Numbers and addresses are drawn only once nothing stands in the way.
  const base = (): LinkAttributes => newAttributes(sim, netns, spec)
  switch (spec.kind) {
    case 'bridge':
      return ok(newBridge(spec, base()))
    case 'dummy':
      return ok({ ...base(), kind: 'dummy', arp: false, multicast: false })
    case 'physical':
      return ok({ ...base(), kind: 'physical', cable: null })
    case 'macvlan':
    case 'ipvlan':
    case 'vlan':
      return newStacked(sim, spec.kind, spec, base)
    case 'vxlan':
      return newVxlan(sim, netns, spec.vxlan ?? {}, spec.mtu, base)
    default:
      return unknownKind()
  }
}

function newBridge(spec: LinkSpec, base: LinkAttributes): BridgeLink {
  return {
    ...base,
    kind: 'bridge',
    macSet: spec.mac !== undefined,
    mtuSet: spec.mtu !== undefined,
    carrier: spec.mac === undefined,
    stp: false,
    priority: 0x8000,
    ports: [],
    portMacs: new Set(),
    portNumbers: new Set(),
    ageingTimeMs: 300_000,
    forwardDelayMs: 15_000,
    helloTimeMs: 2_000,
    maxAgeMs: 20_000,
    vlanFiltering: false,
    fdb: new Map(),
    collectDueUs: null,
    tree: newSpanningTree(bridgeIdText(0x8000, spec.mac === undefined ? NULL_MAC : base.mac)),
  }
}

/** The peer is made first, so it has the lower number (veth_newlink). */
function addVethPair(sim: Simulation, netns: NetNamespace, spec: LinkSpec): Result<Link> {
  const peerSpec = spec.peer ?? {}
  const peerNetns = namespaceOf(sim, netns, peerSpec.netns)
  if (peerNetns === undefined) return refuse('EINVAL')
  const refused = refusal(peerNetns, peerSpec)
  if (refused !== null) return refused
  if (peerNetns === netns && spec.name !== undefined && spec.name === peerSpec.name) return refuse('EEXIST')
  const { netns: _, ...peerEnd } = peerSpec
  const withoutCarrier = peerNetns === netns ? 'LOWERLAYERDOWN' : 'DOWN'
  const length = peerSpec.txQueueLength ?? spec.txQueueLength ?? 1000
  const peerBase = newAttributes(sim, peerNetns, { ...peerEnd, kind: 'veth', txQueueLength: length })
  const peerLink: VethLink = {
    ...peerBase,
    kind: 'veth',
    peer: { host: netns.host, netns: netns.id, ifindex: 0 },
    withoutCarrier,
  }
  registerLink(peerNetns, peerLink)
  const base = newAttributes(sim, netns, spec)
  const link: Link = {
    ...base,
    kind: 'veth',
    peer: { host: netns.host, netns: peerNetns.id, ifindex: peerLink.ifindex },
    withoutCarrier,
  }
  peerLink.peer = { host: netns.host, netns: netns.id, ifindex: link.ifindex }
  registerLink(netns, link)
  if (peerNetns !== netns) {
    peerNetnsId(sim, netns, peerNetns.id)
    peerNetnsId(sim, peerNetns, netns.id)
  }
  return ok(link)
}

function namespaceOf(sim: Simulation, netns: NetNamespace, id: number | undefined): NetNamespace | undefined {
  return id === undefined ? netns : sim.kernels.get(netns.host)?.namespaces.get(id)
}

/** `ip link del`: one end of a veth pair takes the other along; a bridge lets its ports go. */
export function deleteLink(sim: Simulation, netns: NetNamespace, link: Link): Result<void> {
  if (link.kind === 'loopback' || link.kind === 'physical' || link.kind === 'tunnel')
    return refuse('EOPNOTSUPP')
  const peer = link.kind === 'veth' ? link.peer : null
  unregister(sim, netns, link)
  if (peer !== null) {
    const peerNetns = sim.kernels.get(peer.host)?.namespaces.get(peer.netns)
    const peerLink = peerNetns?.links.get(peer.ifindex)
    if (peerNetns !== undefined && peerLink !== undefined) unregister(sim, peerNetns, peerLink)
  }
  return ok(undefined)
}

function unregister(sim: Simulation, netns: NetNamespace, link: Link): void {
  setLinkDown(sim, netns, link)
  if (link.kind === 'bridge') {
    for (const port of [...netns.links.values()]) {
      if (port.master === link.ifindex) deleteBridgePort(sim, netns, port)
    }
  }
  if (link.master !== null) deleteBridgePort(sim, netns, link, true)
  for (const upper of allAbove(sim, link)) unregister(sim, upper.netns, upper.link)
  detachFromLower(sim, netns, link)
  forget(netns, link)
  unregisterLink(netns, link)
  onLinkRemoved(sim, netns, link)
  if (link.kind === 'veth') carrierOfPeerChanged(sim, link)
}

/** Addresses, routes and neighbours that hang on a device which leaves. */
export function forget(netns: NetNamespace, link: Link): void {
  link.addresses = []
  link.addresses6 = []
  removeRoutes(netns, (route) => route.ifindex === link.ifindex)
  for (const [key, entry] of netns.neighbors) if (entry.ifindex === link.ifindex) netns.neighbors.delete(key)
}
