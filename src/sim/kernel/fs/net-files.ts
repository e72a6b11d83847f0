/** Files of the network below /proc and /sys, as `kernel/netlink` words them. */
import type { Result } from '../../base/result.ts'
import type { Kernel } from '../kernel.ts'
import type { NetNamespace } from '../net-namespace.ts'
import { PROC_NET_NAMES, procNetFile } from '../netlink/proc-net.ts'
import { type SysTree, treeOf } from '../netlink/sys-class-net.ts'
import type { Simulation } from '../simulation.ts'
import { computedDirectory, computedFile, computedLink } from './computed.ts'
import type { Inode } from './types.ts'

/** `dev`, `route`, `arp`, `tcp` … of /proc/net. */
export function procNetEntries(sim: Simulation, _kernel: Kernel, netns: NetNamespace): Map<string, Inode> {
  const at = sim.epochMs
  return new Map(
    PROC_NET_NAMES.map((name) => [
      name,
      computedFile(() => procNetFile(sim, netns, name) ?? '', { atMs: at }),
    ]),
  )
}

/** What stands in /sys/class/net/DEVICE, by device. */
export function sysNetDevices(sim: Simulation, _kernel: Kernel, netns: NetNamespace): Map<string, Inode> {
  const devices = new Map<string, Inode>()
  for (const link of netns.links.values()) {
    devices.set(
      link.name,
      directoryOf(sim, () => treeOf(sim, netns, link)),
    )
  }
  return devices
}

function directoryOf(sim: Simulation, tree: () => SysTree): Inode {
  const list = (): Map<string, Inode> =>
    new Map(Object.entries(tree()).map(([name, leaf]) => [name, nodeOf(sim, leaf)]))
  return computedDirectory(list, sim.epochMs, 0o755)
}

function nodeOf(sim: Simulation, leaf: SysTree[string]): Inode {
  const atMs = sim.epochMs
  if (typeof leaf === 'function') return directoryOf(sim, leaf)
  if (leaf.kind === 'link') return computedLink(leaf.target, atMs)
  const { text, write } = leaf
  return computedFile(() => readable(text), { write, size: 4096, atMs })
}

/** A file whose reading fails (`carrier` of a device that is down) is empty here. */
function readable(text: string | Result<string>): string {
  if (typeof text === 'string') return text
  return text.ok ? text.value : ''
}
