/**
 * /sys as the network namespace in which it was mounted shows it: class/net and devices/virtual/net. sysfs(5)
 * Not modelled: buses, block devices, modules and the rest of real hardware.
 */
import type { Kernel } from '../kernel.ts'
import type { Simulation } from '../simulation.ts'
import { computedDirectory, computedFile, computedLink } from './computed.ts'
import { sysNetDevices } from './net-files.ts'
import type { DirectoryNode, Filesystem, Inode } from './types.ts'

export function sysRoot(sim: Simulation, kernel: Kernel, filesystem: Filesystem): DirectoryNode {
  const netns = kernel.namespaces.get(filesystem.netns ?? kernel.initialNetns)
  const at = sim.epochMs
  const devices = (): Map<string, Inode> =>
    netns === undefined ? new Map() : sysNetDevices(sim, kernel, netns)
  const links = (): Map<string, Inode> => {
    const names = [...devices().keys()]
    return new Map(names.map((name) => [name, computedLink(`../../devices/virtual/net/${name}`, at)]))
  }
  const plain = (entries: [string, Inode][]): DirectoryNode =>
    computedDirectory(() => new Map(entries), at, 0o755)
  return plain([
    ['block', plain([])],
    ['bus', plain([])],
    ['class', plain([['net', computedDirectory(links, at, 0o755)]])],
    ['dev', plain([])],
    ['devices', plain([['virtual', plain([['net', computedDirectory(devices, at, 0o755)]])]])],
    ['firmware', plain([])],
    ['fs', plain([['cgroup', plain([])]])],
    ['kernel', plain([['hostname', computedFile(() => `${hostname(kernel)}\n`, { size: 4096 })]])],
    ['module', plain(modules(kernel).map((name) => [name, plain([])]))],
    ['power', plain([])],
  ])
}

function hostname(kernel: Kernel): string {
  for (const namespace of kernel.utsNamespaces.values()) return namespace.hostname
  return kernel.host
}

function modules(kernel: Kernel): string[] {
  return kernel.features.brNetfilter ? ['br_netfilter', 'bridge', 'nf_conntrack', 'veth'] : ['bridge', 'veth']
}
