/**
 * Settings that the packet path reads, as numbers, one record a device and one a namespace; `sysctl.ts` reads and
 * writes them by name. include/linux/inetdevice.h, include/net/netns/ipv4.h, Documentation/networking/ip-sysctl.rst.
 */
import { nextUint32 } from '../../base/random.ts'
import type { IpAddress } from '../../wire/frame.ts'
import type { Kernel } from '../kernel.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import { DEVICE_FIELDS, NET_FIELDS } from './definitions.ts'

/** `net.ipv4.neigh.X` or `net.ipv6.neigh.X`. */
export interface NeighborSettings {
  baseReachableTimeMs: number
  retransTimeMs: number
  delayFirstProbeTime: number
  unicastSolicit: number
  multicastSolicit: number
  gcStaleTime: number
  unresolvedQueueBytes: number
}

/** `net.ipv4.conf.X`, `net.ipv6.conf.X`, and of neighbours; those of IPv6 end in `6` where both have one. */
export interface DeviceSettings extends NeighborSettings {
  forwarding: number
  rpFilter: number
  acceptLocal: number
  routeLocalnet: number
  arpIgnore: number
  arpAnnounce: number
  arpAccept: number
  arpFilter: number
  arpNotify: number
  proxyArp: number
  sendRedirects: number
  acceptRedirects: number
  secureRedirects: number
  sharedMedia: number
  promoteSecondaries: number
  logMartians: number
  acceptSourceRoute: number
  ignoreRoutesWithLinkdown: number
  disableIpv6: number
  forwarding6: number
  acceptRa: number
  dadTransmits: number
  proxyNdp: number
  baseReachableTimeMs6: number
  retransTimeMs6: number
  delayFirstProbeTime6: number
  unicastSolicit6: number
  multicastSolicit6: number
  gcStaleTime6: number
  unresolvedQueueBytes6: number
  /** Drawn at random from the base time when first needed; 0: not drawn yet. */
  reachableTimeUs: number
  reachableTimeUs6: number
}

export interface NetSettings {
  all: DeviceSettings
  default: DeviceSettings
  /** By ifindex; a device that is missing here still has the default's. */
  devices: Map<number, DeviceSettings>
  /** br_netfilter is loaded: `net.bridge.*` exists. */
  bridgeNetfilter: boolean
  bridgeCallIptables: number
  defaultTtl: number
  echoIgnoreAll: number
  echoIgnoreBroadcasts: number
  icmpRateLimitMs: number
  icmpRateMask: number
  errorsUseInboundAddress: number
  noPmtuDiscovery: number
  forwardUsePmtu: number
  nonlocalBind: number
  fragmentTimeS: number
  minPmtu: number
  mtuExpiresS: number
}

/** A namespace is born with the IPv4 settings of the machine's first one (devconf_inherit_init_net = 0). */
export function createNetSettings(kernel: Kernel): NetSettings {
  const first = kernel.features.containerized ? undefined : kernel.namespaces.get(kernel.initialNetns)
  const fields = defaultsOf(NET_FIELDS) as Omit<
    NetSettings,
    'all' | 'default' | 'devices' | 'bridgeNetfilter'
  >
  const all = inherit(first?.settings.all)
  const initial = inherit(first?.settings.default)
  // The machine of the recordings sends no redirects.
  if (kernel.features.containerized) all.sendRedirects = initial.sendRedirects = 0
  return {
    ...fields,
    all,
    default: initial,
    devices: new Map(),
    bridgeNetfilter: kernel.features.brNetfilter,
  }
}

function defaultsOf(fields: Readonly<Record<string, { readonly initial: number }>>): Record<string, number> {
  const values: Record<string, number> = {}
  for (const field of Object.keys(fields)) values[field] = fields[field]!.initial
  return values
}

function inherit(from: DeviceSettings | undefined): DeviceSettings {
  const fresh = {
    ...defaultsOf(DEVICE_FIELDS),
    reachableTimeUs: 0,
    reachableTimeUs6: 0,
  } as unknown as DeviceSettings
  if (from === undefined) return fresh
  for (const field of Object.keys(DEVICE_FIELDS) as (keyof DeviceSettings & keyof typeof DEVICE_FIELDS)[]) {
    if (DEVICE_FIELDS[field].tree === 'net.ipv4.conf') fresh[field] = from[field]
  }
  return fresh
}

export function deviceSettings(netns: NetNamespace, ifindex: number): DeviceSettings {
  const known = netns.settings.devices.get(ifindex)
  if (known !== undefined) return known
  const made = { ...netns.settings.default, reachableTimeUs: 0, reachableTimeUs6: 0 }
  netns.settings.devices.set(ifindex, made)
  return made
}

/** Of the family that the neighbour's address is of. */
export function neighborSettings(netns: NetNamespace, ifindex: number, address: IpAddress): NeighborSettings {
  const settings = deviceSettings(netns, ifindex)
  if (typeof address === 'number') return settings
  return {
    baseReachableTimeMs: settings.baseReachableTimeMs6,
    retransTimeMs: settings.retransTimeMs6,
    delayFirstProbeTime: settings.delayFirstProbeTime6,
    unicastSolicit: settings.unicastSolicit6,
    multicastSolicit: settings.multicastSolicit6,
    gcStaleTime: settings.gcStaleTime6,
    unresolvedQueueBytes: settings.unresolvedQueueBytes6,
  }
}

/** neigh_rand_reach_time: half to one and a half of the base time, drawn once a device and family. */
export function reachableTimeUs(
  sim: Simulation,
  netns: NetNamespace,
  ifindex: number,
  address: IpAddress,
): number {
  const settings = deviceSettings(netns, ifindex)
  const field = typeof address === 'number' ? 'reachableTimeUs' : 'reachableTimeUs6'
  if (settings[field] === 0) {
    const base = neighborSettings(netns, ifindex, address).baseReachableTimeMs
    settings[field] = ((base === 0 ? 0 : nextUint32(sim.random) % base) + (base >> 1)) * 1000
  }
  return settings[field]
}
