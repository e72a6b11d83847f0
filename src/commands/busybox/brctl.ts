/** busybox's `brctl`: networking/brctl.c (1.35). */

import { SHOW_HEAD } from '../../render/bridge-utils/brctl.ts'
import { errorText } from '../../render/iproute2/errno.ts'
import { ok, type Result, refuse } from '../../sim/base/result.ts'
import type { BridgeLink } from '../../sim/kernel/link/types.ts'
import {
  addBridgePort,
  deleteBridgePort,
  setAgeing,
  setBridgePriority,
  setForwardDelay,
  setHelloTime,
  setMaxAge,
  setPathCost,
  setPortPriority,
  setStp,
} from '../../sim/kernel/netlink/bridge.ts'
import { addLink, deleteLink, findLink } from '../../sim/kernel/netlink/link.ts'
import {
  allBridges,
  findBridge,
  secondsWord,
  showBridge,
  showMacs,
  showStp,
} from '../bridge-utils/bridges.ts'
import type { Command, CommandContext } from '../context.ts'
import { BRCTL_USAGE } from './ip-usage.ts'
import { busyboxUsage } from './usage.ts'

/** Verbs and how many words they need. */
const NEEDS: Readonly<Record<string, number>> = {
  show: 0,
  addbr: 1,
  delbr: 1,
  addif: 2,
  delif: 2,
  showmacs: 1,
  showstp: 1,
  stp: 2,
  setageing: 2,
  setfd: 2,
  sethello: 2,
  setmaxage: 2,
  setbridgeprio: 2,
  setportprio: 3,
  setpathcost: 3,
}

export const busyboxBrctl: Command = (context) => {
  const [, verb, ...words] = context.argv
  if (verb === '--help') return busyboxUsage(context, 'brctl', BRCTL_USAGE, null)
  if (verb === undefined) return busyboxUsage(context, 'brctl', BRCTL_USAGE, 'operands')
  const need = NEEDS[verb]
  if (need === undefined) return fail(context, `invalid argument '${verb}' to 'brctl'`)
  if (words.length < need) return busyboxUsage(context, 'brctl', BRCTL_USAGE, 'operands')
  if (verb === 'show') return show(context, words)
  const [name = '', second = '', third = ''] = words
  if (verb === 'addbr' || verb === 'delbr') return bridgeItself(context, verb, name)
  if (verb === 'addif' || verb === 'delif') return port(context, verb, name, second)
  const bridge = findBridge(context, name)
  if (verb === 'showmacs' || verb === 'showstp') {
    if (bridge === undefined) return fail(context, `bridge ${name} does not exist`)
    context.out(verb === 'showmacs' ? showMacs(context, bridge) : showStp(context, bridge))
    return 0
  }
  return setting(context, verb, bridge, name, second, third)
}

function fail(context: CommandContext, text: string): number {
  context.err(`brctl: ${text}\n`)
  return 1
}

function answered(context: CommandContext, name: string, act: () => Result<unknown>): number {
  const done: Result<unknown> = context.process.capabilities.has('NET_ADMIN') ? act() : refuse('EPERM')
  return done.ok ? 0 : fail(context, `bridge ${name}: ${errorText(done.error.code)}`)
}

function show(context: CommandContext, words: readonly string[]): number {
  const bridges: BridgeLink[] = words.length === 0 ? allBridges(context) : []
  for (const name of words) {
    const bridge = findBridge(context, name)
    if (bridge === undefined) return fail(context, `bridge ${name} does not exist`)
    bridges.push(bridge)
  }
  if (bridges.length === 0) return 0
  context.out(SHOW_HEAD + bridges.map((bridge) => showBridge(context, bridge, false)).join(''))
  return 0
}

function bridgeItself(context: CommandContext, verb: 'addbr' | 'delbr', name: string): number {
  const { world, netns } = context
  return answered(context, name, () => {
    if (verb === 'addbr') return addLink(world, netns, { kind: 'bridge', name: name.slice(0, 15) })
    const link = findLink(netns, name)
    if (link === undefined) return refuse('ENXIO')
    if (link.kind !== 'bridge') return refuse('EPERM')
    return link.up ? refuse('EBUSY') : deleteLink(world, netns, link)
  })
}

function port(context: CommandContext, verb: 'addif' | 'delif', name: string, portName: string): number {
  const { world, netns } = context
  const link = findLink(netns, portName)
  if (link === undefined) return fail(context, `iface ${portName}: No such device`)
  return answered(context, name, () => {
    const bridge = findBridge(context, name)
    if (bridge === undefined) return refuse('ENODEV')
    if (verb === 'addif') return addBridgePort(world, netns, bridge, link)
    return link.master === bridge.ifindex ? deleteBridgePort(world, netns, link) : refuse('EINVAL')
  })
}

const TIMES: Readonly<Record<string, typeof setAgeing>> = {
  setageing: setAgeing,
  setfd: setForwardDelay,
  sethello: setHelloTime,
  setmaxage: setMaxAge,
}

function setting(
  context: CommandContext,
  verb: string,
  bridge: BridgeLink | undefined,
  name: string,
  second: string,
  third: string,
): number {
  if (verb === 'stp') {
    const on = ['1', 'yes', 'on'].includes(second)
    if (!on && !['0', 'no', 'off'].includes(second))
      return fail(context, `invalid argument '${second}' to 'brctl'`)
    if (bridge === undefined) return fail(context, `bridge ${name}: No such device`)
    return answered(context, name, () => {
      setStp(context.world, context.netns, bridge, on)
      return ok(undefined)
    })
  }
  if (bridge === undefined) return fail(context, `bridge ${name}: No such device`)
  const time = TIMES[verb]
  const ms = time === undefined ? 0 : secondsWord(second)
  if (ms === null) return fail(context, `invalid number '${second}'`)
  if (time !== undefined) return answered(context, name, () => time(context.world, bridge, ms))
  const word = verb === 'setbridgeprio' ? second : third
  if (!/^\d+$/.test(word)) return fail(context, `invalid number '${word}'`)
  const { world, netns } = context
  if (verb === 'setbridgeprio') {
    return answered(context, name, () => setBridgePriority(world, netns, bridge, Number(word)))
  }
  const link = findLink(context.netns, second)
  if (link === undefined) return fail(context, `iface ${second}: No such device`)
  return answered(context, name, () =>
    (verb === 'setpathcost' ? setPathCost : setPortPriority)(world, netns, link, Number(word)),
  )
}
