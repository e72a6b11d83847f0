/** A capture puts its device into promiscuous mode and says so in the kernel's log. packet(7), dev_set_promiscuity */
import type { Kernel } from '../kernel.ts'
import { logPromiscuity } from '../log.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'

/** `device` null (the "any" device) changes nothing. */
export function takePromiscuity(
  sim: Simulation,
  kernel: Kernel,
  netns: NetNamespace,
  device: number | null,
): void {
  change(sim, kernel, netns, device, 1)
}

export function releasePromiscuity(
  sim: Simulation,
  kernel: Kernel,
  netns: NetNamespace,
  device: number | null,
): void {
  change(sim, kernel, netns, device, -1)
}

function change(
  sim: Simulation,
  kernel: Kernel,
  netns: NetNamespace,
  device: number | null,
  by: 1 | -1,
): void {
  const link = device === null ? undefined : netns.links.get(device)
  if (link === undefined) return
  const before = link.promiscuity > 0
  link.promiscuity += by
  const after = link.promiscuity > 0
  if (before === after) return
  logPromiscuity(sim, kernel, link, after)
}
