/** Files of the network below /proc and /sys, as rtnetlink's room describes them, as nodes of a tree. */
import type { Kernel } from '../kernel.ts'
import type { NetNamespace } from '../net-namespace.ts'
import { PROC_NET_NAMES, procNetFile } from '../netlink/proc-net.ts'
import { deviceNames, type SysNode, sysNetNode } from '../netlink/sys-class-net.ts'
import type { Simulation } from '../simulation.ts'
import { computedDirectory, computedFile, computedLink } from './computed.ts'
import type { Inode } from './types.ts'

/** `dev`, `route`, `arp`, `tcp` … of /proc/net. */
export function procNetEntries(sim: Simulation, _kernel: Kernel, netns: NetNamespace): Map<string, Inode> {
  const entries = new Map<string, Inode>()
  for (const name of PROC_NET_NAMES) {
    entries.set(
      name,
      computedFile(() => procNetFile(sim, netns, name) ?? '', { atMs: sim.epochMs }),
    )
  }
  return entries
}

/** What stands in /sys/devices/virtual/net, by device. */
export function sysNetDevices(sim: Simulation, _kernel: Kernel, netns: NetNamespace): Map<string, Inode> {
  const entries = new Map<string, Inode>()
  for (const name of deviceNames(netns)) {
    const node = inodeOf(sim, netns, [name])
    if (node !== null) entries.set(name, node)
  }
  return entries
}

function inodeOf(sim: Simulation, netns: NetNamespace, path: readonly string[]): Inode | null {
  const node = sysNetNode(sim, netns, path)
  return node === null ? null : toInode(sim, netns, path, node)
}

function toInode(sim: Simulation, netns: NetNamespace, path: readonly string[], node: SysNode): Inode {
  if (node.kind === 'link') return computedLink(node.target, sim.epochMs)
  if (node.kind === 'directory') {
    const list = (): Map<string, Inode> => {
      const entries = new Map<string, Inode>()
      for (const name of node.entries) {
        const child = inodeOf(sim, netns, [...path, name])
        if (child !== null) entries.set(name, child)
      }
      return entries
    }
    return computedDirectory(list, sim.epochMs, 0o755)
  }
  const { text, write } = node
  const file = computedFile(() => (typeof text === 'string' ? text : text.ok ? text.value : ''), {
    write,
    size: 4096,
    atMs: sim.epochMs,
  })
  return typeof text === 'string' || text.ok ? file : Object.assign(file, { readError: text.error.code })
}
