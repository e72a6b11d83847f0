/** Files of the network below /proc and /sys, as rtnetlink's room words them. */
import type { Kernel } from '../kernel.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import type { Inode } from './types.ts'

/** `dev`, `route`, `arp`, `tcp` … of /proc/net. */
export function procNetEntries(_sim: Simulation, _kernel: Kernel, _netns: NetNamespace): Map<string, Inode> {
  return new Map()
}

/** What stands in /sys/class/net/DEVICE, by device. */
export function sysNetDevices(_sim: Simulation, _kernel: Kernel, _netns: NetNamespace): Map<string, Inode> {
  return new Map()
}
