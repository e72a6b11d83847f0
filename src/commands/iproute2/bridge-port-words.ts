/**
 * Settings of a bridge's port: `ip link set … type bridge_slave …` and `bridge link set …`. ip/iplink_bridge_slave.c,
 * bridge/link.c, net/bridge/br_netlink.c br_setport.
 */
import { ok, type Result, refuse } from '../../sim/base/result.ts'
import { deleteLearnt } from '../../sim/kernel/link/bridge-fdb.ts'
import type { BridgePort, Link } from '../../sim/kernel/link/types.ts'
import type { NetNamespace } from '../../sim/kernel/net-namespace.ts'
import { PORT_STATES, setPathCost, setPortPriority, setPortState } from '../../sim/kernel/netlink/bridge.ts'
import type { Simulation } from '../../sim/kernel/simulation.ts'
import { NOT_MODELLED_STATUS, notModelled } from '../not-modelled.ts'
import { BRIDGE_LINK_USAGE } from './usage.ts'
import { BRIDGE_SLAVE_USAGE } from './usage-kinds.ts'
import { GiveUp, numberWord, type Words } from './words.ts'

type Flag = {
  [K in keyof BridgePort]: BridgePort[K] extends boolean ? K : never
}[keyof BridgePort]

const FLAGS: Readonly<Record<string, Flag>> = {
  guard: 'guard',
  hairpin: 'hairpin',
  fastleave: 'fastLeave',
  root_block: 'rootBlock',
  learning: 'learning',
  flood: 'flood',
  mcast_flood: 'multicastFlood',
  bcast_flood: 'broadcastFlood',
  mcast_to_unicast: 'multicastToUnicast',
  neigh_suppress: 'neighborSuppress',
  vlan_tunnel: 'vlanTunnel',
  isolated: 'isolated',
  locked: 'locked',
}

export interface PortDraft {
  readonly flags: Map<Flag, boolean>
  cost: number | null
  priority: number | null
  state: number | null
  multicastRouter: number | null
  flush: boolean
}

function emptyDraft(): PortDraft {
  return { flags: new Map(), cost: null, priority: null, state: null, multicastRouter: null, flush: false }
}

/** `bridge` ends with -EINVAL. */
const EINVAL_STATUS = 234

/** parse_on_off */
function flagWord(words: Words, key: string, status: number): boolean {
  const word = words.value()
  if (word === 'on' || word === 'off') return word === 'on'
  throw new GiveUp(`Error: argument of "${key}" must be one of "off", "on", not "${word}"\n`, status)
}

function sayNotModelled(what: string): GiveUp {
  let text = ''
  notModelled({ err: (line) => (text += line) }, what)
  return new GiveUp(text, NOT_MODELLED_STATUS)
}

/** `ip link set DEV type bridge_slave …` */
export function readSlaveWords(words: Words): PortDraft {
  const draft = emptyDraft()
  while (words.more) {
    const word = words.take()
    const flag = word === 'mcast_fast_leave' ? 'fastLeave' : FLAGS[word]
    if (flag !== undefined) draft.flags.set(flag, flagWord(words, word, 1))
    else if (word === 'cost') draft.cost = numberWord(words.value(), 'cost is invalid')
    else if (word === 'priority') draft.priority = numberWord(words.value(), 'priority is invalid')
    else if (word === 'state') draft.state = numberWord(words.value(), 'state is invalid')
    else if (word === 'mcast_router')
      draft.multicastRouter = numberWord(words.value(), 'invalid mcast_router')
    else if (word === 'fdb_flush') draft.flush = true
    else if (word === 'help') throw new GiveUp(BRIDGE_SLAVE_USAGE, 1)
    else if (BRIDGE_SLAVE_USAGE.includes(` ${word} `)) {
      throw sayNotModelled(`ip link set type bridge_slave ${word}`)
    } else throw new GiveUp(`bridge_slave: unknown option "${word}"?\n${BRIDGE_SLAVE_USAGE}`, 1)
  }
  return draft
}

export interface PortWords {
  readonly device: string | null
  readonly self: boolean
  readonly draft: PortDraft
}

/** atoi */
const leading = (word: string): number => Number(/^\s*[-+]?\d+/.exec(word)?.[0] ?? 0)

/** `bridge link set …` */
export function readBridgeLinkWords(words: Words): PortWords {
  const draft = emptyDraft()
  let device: string | null = null
  let self = false
  while (words.more) {
    const word = words.take()
    const flag = FLAGS[word]
    if (word === 'dev') device = words.value()
    else if (word === 'self') self = true
    else if (word === 'master') continue
    else if (flag !== undefined) draft.flags.set(flag, flagWord(words, word, EINVAL_STATUS))
    else if (word === 'learning_sync') flagWord(words, word, EINVAL_STATUS)
    else if (word === 'cost') draft.cost = leading(words.value())
    else if (word === 'priority') draft.priority = leading(words.value())
    else if (word === 'state') draft.state = stateWord(words.value())
    else if (word === 'mcast_router') draft.multicastRouter = leading(words.value())
    else if (word === 'hwmode') hardwareMode(words.value())
    else if (word === 'backup_port' || word === 'nobackup_port') {
      throw sayNotModelled(`bridge link set ${word}`)
    } else throw new GiveUp(BRIDGE_LINK_USAGE, 255)
  }
  // Only what is greater than nothing is asked for.
  if (draft.cost !== null && draft.cost <= 0) draft.cost = null
  if (draft.priority !== null && draft.priority < 0) draft.priority = null
  return { device, self, draft }
}

function stateWord(word: string): number {
  if (/^[-+]?\d+$/.test(word)) return Number(word)
  const at = (PORT_STATES as readonly string[]).indexOf(word)
  if (at < 0) throw new GiveUp('Error: invalid STP port state\n', 255)
  return at
}

function hardwareMode(word: string): never {
  if (word !== 'vepa' && word !== 'veb') {
    throw new GiveUp('Mode argument must be "vepa" or "veb".\n', 255)
  }
  throw new GiveUp('RTNETLINK answers: Operation not supported\n', 255)
}

/** br_setport: the flags, then what may be refused. */
export function applyPort(sim: Simulation, netns: NetNamespace, link: Link, draft: PortDraft): Result<void> {
  const { port } = link
  if (port === null) return refuse('EOPNOTSUPP')
  for (const [flag, on] of draft.flags) port[flag] = on
  const { cost, priority, state, multicastRouter } = draft
  const bridge = link.master === null ? undefined : netns.links.get(link.master)
  if (draft.flush && bridge?.kind === 'bridge') deleteLearnt(bridge, link.ifindex)
  const steps: (() => Result<void>)[] = []
  if (cost !== null) steps.push(() => setPathCost(sim, netns, link, cost))
  if (priority !== null) steps.push(() => setPortPriority(sim, netns, link, priority))
  if (state !== null) steps.push(() => setPortState(sim, netns, link, state))
  for (const step of steps) {
    const done = step()
    if (!done.ok) return done
  }
  if (multicastRouter === null) return ok(undefined)
  if (multicastRouter < 0 || multicastRouter > 3) return refuse('EINVAL')
  port.multicastRouter = multicastRouter
  return ok(undefined)
}
