/** What conntrack tells those who listen: a flow began, changed, ended. net/netfilter/nf_conntrack_ecache.c, nf_conntrack_netlink.c */
import { enqueue } from '../../base/event-queue.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import type { Connection, ConntrackEventKind } from './types.ts'

/** `timeout`: entries that ran out have none any more; `bySelf`: nobody asked for it. */
export function publishConnection(
  sim: Simulation,
  netns: NetNamespace,
  kind: ConntrackEventKind,
  entry: Connection,
  origin: { readonly isUser: boolean; readonly isOver: boolean } = { isUser: false, isOver: false },
): void {
  const { listeners } = netns.conntrack
  if (listeners === undefined || listeners.length === 0) return
  const copy: Connection = { ...entry, natDone: { ...entry.natDone }, counters: null }
  for (const listener of listeners) {
    listener.events.push({ kind, entry: copy, atUs: sim.nowUs, ...origin })
    const cause = { kind: 'descriptor' as const, fd: -1 }
    enqueue(sim.queue, sim.nowUs, { kind: 'wake', host: netns.host, pid: listener.pid, cause })
  }
}
