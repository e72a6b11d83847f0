/**
 * Network namespaces come and go, and know each other by small numbers. ip-netns(8), net/core/net_namespace.c.
 * What is in a namespace that ends: cards go home to the host's first namespace, the rest is destroyed.
 */
import type { Kernel } from '../kernel.ts'
import { onLinkRemoved, onNamespaceCreated } from '../link/lifecycle.ts'
import type { Link } from '../link/types.ts'
import type { Fib, NetNamespace } from '../net-namespace.ts'
import { createConntrack } from '../netfilter/conntrack.ts'
import { createNetfilter } from '../netfilter/tables.ts'
import type { Simulation } from '../simulation.ts'
import { createNetSettings } from '../sysctl/settings.ts'
import { attributes } from './attributes.ts'
import { deleteLink } from './link.ts'
import { moveLink } from './link-move.ts'
import { defaultRules } from './rule.ts'

export function createNamespace(sim: Simulation, kernel: Kernel): NetNamespace {
  const netns: NetNamespace = {
    id: kernel.next.inode++,
    host: kernel.host,
    links: new Map(),
    linkNames: new Map(),
    nextIfindex: 1,
    neighbors: new Map(),
    fib: createFib(),
    netfilter: createNetfilter(),
    conntrack: createConntrack(),
    sockets: new Map(),
    sysctls: new Map(),
    settings: createNetSettings(kernel),
    fragments: new Map(),
    pathMtus: new Map(),
    icmpRates: new Map(),
    redirects: new Map(),
    peerIds: new Map(),
    peerNumbers: new Map(),
    counters: { identification: 1, ephemeralPort: 32768, packetSockets: 0 },
  }
  kernel.namespaces.set(netns.id, netns)
  addBuiltIn(netns, {
    ...attributes({ ifindex: 0, name: 'lo', mac: '00:00:00:00:00:00', mtu: 65536, qdisc: 'noqueue' }),
    kind: 'loopback',
  })
  if (kernel.features.fallbackTunnels) addFallbackTunnels(netns)
  onNamespaceCreated(sim, netns)
  return netns
}

function createFib(): Fib {
  return {
    rules: defaultRules(),
    hasCustomRules: false,
    tables: new Map([
      [255, { byLength: new Map() }],
      [254, { byLength: new Map() }],
    ]),
  }
}

function addBuiltIn(netns: NetNamespace, link: Link): void {
  link.ifindex = netns.nextIfindex++
  link.multicast = false
  registerLink(netns, link)
}

export function registerLink(netns: NetNamespace, link: Link): void {
  netns.links.set(link.ifindex, link)
  netns.linkNames.set(link.name, link.ifindex)
}

export function unregisterLink(netns: NetNamespace, link: Link): void {
  netns.links.delete(link.ifindex)
  netns.linkNames.delete(link.name)
}

function addFallbackTunnels(netns: NetNamespace): void {
  const base = { ifindex: 0, qdisc: 'noqueue' }
  addBuiltIn(netns, {
    ...attributes({ ...base, name: 'tunl0', mac: '0.0.0.0', mtu: 1480 }),
    kind: 'tunnel',
    mode: 'ipip',
    arp: false,
  })
  addBuiltIn(netns, {
    ...attributes({ ...base, name: 'ip6tnl0', mac: Array(16).fill('00').join(':'), mtu: 1452 }),
    kind: 'tunnel',
    mode: 'tunnel6',
    arp: false,
  })
}

export function deleteNamespace(sim: Simulation, kernel: Kernel, id: number): void {
  const netns = kernel.namespaces.get(id)
  if (netns === undefined || id === kernel.initialNetns) return
  const home = kernel.namespaces.get(kernel.initialNetns)
  for (const link of [...netns.links.values()]) {
    if (netns.links.get(link.ifindex) !== link) continue
    if (link.kind === 'physical' && home !== undefined) moveHome(sim, netns, link, home)
    else if (link.kind === 'loopback' || link.kind === 'tunnel') onLinkRemoved(sim, netns, link)
    else deleteLink(sim, netns, link)
  }
  kernel.namespaces.delete(id)
  for (const other of kernel.namespaces.values()) {
    const number = other.peerNumbers.get(id)
    if (number === undefined) continue
    other.peerIds.delete(number)
    other.peerNumbers.delete(id)
  }
}

function moveHome(sim: Simulation, netns: NetNamespace, link: Link, home: NetNamespace): void {
  moveLink(sim, netns, link, home, home.linkNames.has(link.name) ? freeName(home, 'dev') : link.name)
}

/** `veth%d`: the first free number. */
export function freeName(netns: NetNamespace, stem: string): string {
  let number = 0
  while (netns.linkNames.has(`${stem}${number}`)) number++
  return `${stem}${number}`
}

/** The small number by which `netns` knows another namespace; given out on first need (peernet2id_alloc). */
export function peerNetnsId(_sim: Simulation, netns: NetNamespace, other: number): number {
  const known = knownNetnsId(netns, other)
  if (known !== null) return known
  let number = 0
  while (netns.peerIds.has(number)) number++
  setPeerNetnsId(netns, number, other)
  return number
}

export function setPeerNetnsId(netns: NetNamespace, number: number, other: number): void {
  netns.peerIds.set(number, other)
  netns.peerNumbers.set(other, number)
}

export function knownNetnsId(netns: NetNamespace, other: number): number | null {
  return netns.peerNumbers.get(other) ?? null
}
