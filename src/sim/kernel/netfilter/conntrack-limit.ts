/** How many flows there may be, and what the log says when there are so many. net/netfilter/nf_conntrack_core.c (__nf_conntrack_alloc) */
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'

const MAX_SETTING = 'net.netfilter.nf_conntrack_max'
const USUAL_MAX = 262_144

/** The limit is the machine's, set in its first namespace; each namespace may have so many. */
export function isFull(sim: Simulation, netns: NetNamespace): boolean {
  const kernel = sim.kernels.get(netns.host)
  const first = kernel === undefined ? undefined : kernel.namespaces.get(kernel.initialNetns)
  const text = (first ?? netns).sysctls.get(MAX_SETTING)
  const most = text === undefined ? USUAL_MAX : Number(text)
  return most !== 0 && netns.conntrack.connections.size >= most
}

const FULL = 'nf_conntrack: nf_conntrack: table full, dropping packet'
/** net_ratelimit: ten messages in five seconds. */
const WARNINGS = 10
const WARNING_SPAN_US = 5_000_000

export function warnFull(sim: Simulation, netns: NetNamespace): void {
  const log = sim.kernels.get(netns.host)?.log
  if (log === undefined) return
  const last = log
    .slice(-WARNINGS)
    .filter((one) => one.text === FULL && one.atUs > sim.nowUs - WARNING_SPAN_US)
  if (last.length < WARNINGS) log.push({ atUs: sim.nowUs, text: FULL })
}
