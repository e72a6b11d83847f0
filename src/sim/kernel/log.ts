/**
 * The kernel's log, as dmesg(1) reads it: what printk says when devices change. net/core/dev.c, net/bridge/br_stp.c,
 * net/ipv6/addrconf.c. Words differ between releases: allmulticast, and who is named where, came with 6.5.
 */
import type { Kernel } from './kernel.ts'
import type { Link } from './link/types.ts'
import type { NetNamespace } from './net-namespace.ts'
import type { Simulation } from './simulation.ts'

/** Lines that the ring holds before the older half is forgotten. */
const RING = 4000

export function logKernel(sim: Simulation, kernel: Kernel, text: string): void {
  kernel.log.push({ atUs: sim.nowUs, text })
  if (kernel.log.length > RING) kernel.log.splice(0, RING / 2)
}

export function logIn(sim: Simulation, netns: NetNamespace, text: string): void {
  const kernel = sim.kernels.get(netns.host)
  if (kernel !== undefined) logKernel(sim, kernel, text)
}

/** As many in as many seconds (net.core.message_burst and message_cost). */
const LIMIT = { burst: 10, spanUs: 5_000_000 }

/** net_ratelimit: what any packet may cause is said a few times only, and then how often it was not. */
export function logLimited(sim: Simulation, netns: NetNamespace, text: string): void {
  const kernel = sim.kernels.get(netns.host)
  if (kernel === undefined) return
  let limit = kernel.logLimit
  if (limit === undefined || sim.nowUs - limit.sinceUs > LIMIT.spanUs) {
    const missed = (limit?.said ?? 0) - LIMIT.burst
    if (missed > 0) logKernel(sim, kernel, `net_ratelimit: ${missed} callbacks suppressed`)
    limit = { sinceUs: sim.nowUs, said: 0 }
    kernel.logLimit = limit
  }
  if (limit.said++ < LIMIT.burst) logKernel(sim, kernel, text)
}

/** br_log_state */
export function logPortState(sim: Simulation, netns: NetNamespace, link: Link, state: string): void {
  const bridge = link.master === null ? undefined : netns.links.get(link.master)
  if (bridge === undefined || link.port === null) return
  logIn(sim, netns, `${bridge.name}: port ${link.port.number}(${link.name}) entered ${state} state`)
}

/** `leaving`: the device is being removed, and newer kernels say so behind its name. */
export function logPromiscuity(
  sim: Simulation,
  kernel: Kernel,
  link: Link,
  entered: boolean,
  leaving = false,
): void {
  const verb = entered ? 'entered' : 'left'
  const text = isNewer(kernel)
    ? `${nameOf(link, leaving)}: ${verb} promiscuous mode`
    : `device ${link.name} ${verb} promiscuous mode`
  logKernel(sim, kernel, text)
}

/** A device that joins a bridge hears all of it, multicast too. */
export function logBridged(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  joined: boolean,
  leaving = false,
): void {
  const kernel = sim.kernels.get(netns.host)
  if (kernel === undefined) return
  if (isNewer(kernel))
    logKernel(sim, kernel, `${nameOf(link, leaving)}: ${joined ? 'entered' : 'left'} allmulticast mode`)
  if (link.promiscuity === (joined ? 1 : 0)) logPromiscuity(sim, kernel, link, joined, leaving)
}

export function logRenamed(sim: Simulation, netns: NetNamespace, name: string, old: string): void {
  logIn(sim, netns, `${name}: renamed from ${old}`)
}

/** addrconf_notify: only older kernels say that a device which was up has got its carrier. */
export function logReady(sim: Simulation, netns: NetNamespace, link: Link): void {
  const kernel = sim.kernels.get(netns.host)
  if (kernel !== undefined && !isNewer(kernel))
    logKernel(sim, kernel, `IPv6: ADDRCONF(NETDEV_CHANGE): ${link.name}: link becomes ready`)
}

function nameOf(link: Link, leaving: boolean): string {
  return leaving ? `${link.name} (unregistering)` : link.name
}

function isNewer(kernel: Kernel): boolean {
  const [major = 0, minor = 0] = kernel.features.release.split('.').map(Number)
  return major > 6 || (major === 6 && minor >= 5)
}
