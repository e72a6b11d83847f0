/**
 * The clocks of spanning tree. IEEE 802.1D-1998 §8.10, net/bridge/br_stp_timer.c. A timer that was set anew or stopped is
 * void when its old moment comes. Not modelled: that the kernel lets hello and hold timers of all bridges go off together,
 * on the full second (round_jiffies).
 */
import { enqueue } from '../../../base/event-queue.ts'
import { logIn } from '../../log.ts'
import type { NetNamespace } from '../../net-namespace.ts'
import type { Simulation } from '../../simulation.ts'
import type { BridgeLink } from '../types.ts'
import { sendConfigs, transmitConfig, transmitTcn } from './messages.ts'
import { becomeDesignatedPort, isRootBridge, type Place, type PortAt, portsOfTree } from './place.ts'
import {
  becomeRootBridge,
  followCarrier,
  selectPortStates,
  setPortState,
  updateConfiguration,
} from './selection.ts'
import { detectTopologyChange, setTopologyChange } from './topology-change.ts'

export type BridgeTimer = 'hello' | 'tcn' | 'topologyChange'
export type PortTimer = 'messageAge' | 'forwardDelay' | 'hold'

const due = <T extends string>(which: T): `${T}DueUs` => `${which}DueUs`

export function startBridgeTimer({ sim, netns, bridge }: Place, which: BridgeTimer, ms: number): void {
  const dueUs = Math.round(sim.nowUs + ms * 1000)
  bridge.tree[due(which)] = dueUs
  schedule(sim, netns, bridge.ifindex, which, dueUs)
}

export function stopBridgeTimer(bridge: BridgeLink, which: BridgeTimer): void {
  bridge.tree[due(which)] = null
}

/** The clock of a port that forwards without STP runs too, but nothing comes of it. */
export function startPortTimer(
  { sim, netns, bridge }: Place,
  at: PortAt,
  which: PortTimer,
  ms: number,
): void {
  const dueUs = Math.round(sim.nowUs + ms * 1000)
  at.port.tree[due(which)] = dueUs
  if (bridge.stp || at.port.state !== 'forwarding') schedule(sim, netns, at.link.ifindex, which, dueUs)
}

function schedule(
  sim: Simulation,
  netns: NetNamespace,
  ifindex: number,
  which: BridgeTimer | PortTimer,
  dueUs: number,
): void {
  const timer = { kind: 'bridge-stp', ifindex, which, dueUs } as const
  enqueue(sim.queue, dueUs, { kind: 'timer', host: netns.host, netns: netns.id, timer })
}

export function stpTimer(
  sim: Simulation,
  netns: NetNamespace,
  ifindex: number,
  which: BridgeTimer | PortTimer,
  dueUs: number,
): void {
  const link = netns.links.get(ifindex)
  if (link === undefined) return
  if (which === 'hello' || which === 'tcn' || which === 'topologyChange') {
    if (link.kind !== 'bridge' || link.tree[due(which)] !== dueUs) return
    link.tree[due(which)] = null
    return bridgeTimerExpired({ sim, netns, bridge: link }, which)
  }
  const bridge = link.master === null ? undefined : netns.links.get(link.master)
  if (bridge?.kind !== 'bridge' || link.port === null || link.port.tree[due(which)] !== dueUs) return
  link.port.tree[due(which)] = null
  portTimerExpired({ sim, netns, bridge }, { link, port: link.port }, which)
}

function bridgeTimerExpired(place: Place, which: BridgeTimer): void {
  const { bridge } = place
  switch (which) {
    case 'hello':
      if (!bridge.up) return
      sendConfigs(place)
      if (bridge.stp) startBridgeTimer(place, 'hello', bridge.tree.helloTimeMs)
      return
    case 'tcn':
      if (isRootBridge(bridge) || !bridge.up) return
      transmitTcn(place)
      return startBridgeTimer(place, 'tcn', bridge.helloTimeMs)
    default:
      bridge.tree.topologyChangeDetected = false
      setTopologyChange(place.sim, bridge, false)
  }
}

function portTimerExpired(place: Place, at: PortAt, which: PortTimer): void {
  switch (which) {
    case 'messageAge':
      return neighborLost(place, at)
    case 'forwardDelay':
      return forwardDelayOver(place, at)
    default:
      if (at.port.tree.configPending) transmitConfig(place, at)
  }
}

/** br_message_age_timer_expired: nobody speaks on that wire any more. */
function neighborLost(place: Place, at: PortAt): void {
  const { sim, netns, bridge } = place
  const { link, port } = at
  if (port.state === 'disabled') return
  const [priority = '', mac = ''] = port.tree.bridge.split('.')
  const neighbor = `${priority}.${mac.replace(/(..)(?=.)/g, '$1:')}`
  logIn(sim, netns, `${bridge.name}: port ${port.number}(${link.name}) neighbor ${neighbor} lost`)
  const wasRoot = isRootBridge(bridge)
  becomeDesignatedPort(bridge, port)
  updateConfiguration(place)
  selectPortStates(place)
  if (isRootBridge(bridge) && !wasRoot) becomeRootBridge(place)
}

/** br_forward_delay_timer_expired */
function forwardDelayOver(place: Place, at: PortAt): void {
  const { bridge } = place
  if (at.port.state === 'listening') {
    setPortState(place, at, 'learning')
    return startPortTimer(place, at, 'forwardDelay', bridge.tree.forwardDelayMs)
  }
  if (at.port.state !== 'learning') return
  setPortState(place, at, 'forwarding')
  const speaks = portsOfTree(place).some(
    ({ port }) => port.state !== 'disabled' && port.tree.bridge === bridge.tree.id,
  )
  if (speaks) detectTopologyChange(place)
  followCarrier(place)
}
