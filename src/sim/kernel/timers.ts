/** A kernel's timers go off: each kind belongs to the room that set it. kernel/time/timer.c */

import { reportGroups } from './ip/igmp.ts'
import { fragmentTimeout } from './ip/reassembly.ts'
import { autoconfigure } from './ipv6/autoconfiguration.ts'
import { stpTimer } from './link/stp/timers.ts'
import { releaseFrame } from './link/transmit.ts'
import { handleTcpTimer } from './local-delivery.ts'
import { neighborTimer } from './neighbor/timer.ts'
import { expireAddresses } from './netlink/address.ts'
import type { HostName, KernelTimer, Simulation } from './simulation.ts'

export function handleTimer(sim: Simulation, host: HostName, netnsId: number, timer: KernelTimer): void {
  const netns = sim.kernels.get(host)?.namespaces.get(netnsId)
  if (netns === undefined) return
  switch (timer.kind) {
    case 'neighbor':
      return neighborTimer(sim, netns, timer.ifindex, timer.address, timer.generation)
    case 'fragment':
      return fragmentTimeout(sim, netns, timer.key, timer.generation)
    case 'ipv6':
      return autoconfigure(sim, netns, timer.ifindex, timer.step, timer.generation)
    case 'igmp':
      return reportGroups(sim, netns, timer.ifindex, timer.generation)
    case 'qdisc':
      return releaseFrame(sim, netns, timer.ifindex, timer.handle, timer.frame)
    case 'bridge-stp':
      return stpTimer(sim, netns, timer.ifindex, timer.which, timer.dueUs)
    case 'address-lifetime':
      return expireAddresses(sim, netns, timer.ifindex)
    case 'tcp':
    case 'tcp-time-wait':
      return handleTcpTimer(sim, netns, timer)
  }
}
