/** What `brctl` reads of the bridges, for both of its dialects. */

import { showMacsText, showStpText, showText } from '../../render/bridge-utils/brctl.ts'
import type { BridgeLink } from '../../sim/kernel/link/types.ts'
import { portsOf } from '../../sim/kernel/netlink/bridge.ts'
import { describeLink } from '../../sim/kernel/netlink/dump.ts'
import { listMacs } from '../../sim/kernel/netlink/fdb.ts'
import { findLink } from '../../sim/kernel/netlink/link.ts'
import type { CommandContext } from '../context.ts'

type Place = Pick<CommandContext, 'world' | 'netns'>

export function allBridges({ netns }: Place): BridgeLink[] {
  return [...netns.links.values()]
    .filter((link): link is BridgeLink => link.kind === 'bridge')
    .sort((x, y) => x.ifindex - y.ifindex)
}

export function findBridge({ netns }: Place, name: string): BridgeLink | undefined {
  const link = findLink(netns, name)
  return link?.kind === 'bridge' ? link : undefined
}

/** In the order of joining, which is how the directory `brif` lists them here. */
export function showBridge({ world, netns }: Place, bridge: BridgeLink, keepsTabs = true): string {
  const row = describeLink(world, netns, bridge)
  const ports = portsOf(netns, bridge).map(({ link }) => link.name)
  return row.bridge === null ? '' : showText(row, row.bridge, ports, keepsTabs)
}

export function showMacs({ world, netns }: Place, bridge: BridgeLink): string {
  return showMacsText(listMacs(world, netns, bridge))
}

export function showStp({ world, netns }: Place, bridge: BridgeLink): string {
  const row = describeLink(world, netns, bridge)
  const ports = portsOf(netns, bridge).map(({ link }) => describeLink(world, netns, link))
  return row.bridge === null ? '' : showStpText(row, row.bridge, ports)
}

/** Seconds as brctl takes them: `12`, `0.5`; null: not a number. */
export function secondsWord(word: string): number | null {
  return /^\d*\.?\d+$/.test(word) ? Math.round(Number(word) * 1000) : null
}
