/**
 * tc(8) of iproute2 6.1.0: disciplines at the root of a device. iproute2 tc/{tc,tc_qdisc}.c, net/sched/sch_api.c
 * Not modelled: classes, filters, actions, ingress, -json, -batch.
 */
import { type QdiscRow, qdiscText } from '../../render/iproute2/qdisc.ts'
import type { Link } from '../../sim/kernel/link/types.ts'
import type { NetNamespace } from '../../sim/kernel/net-namespace.ts'
import { findLink } from '../../sim/kernel/netlink/link.ts'
import { newQdisc } from '../../sim/kernel/qdisc/queue.ts'
import type { QdiscOptions } from '../../sim/kernel/qdisc/types.ts'
import type { Command, CommandContext } from '../context.ts'
import { notModelled } from '../not-modelled.ts'
import { openNamed } from './environment.ts'
import { gaveUp } from './ip.ts'
import { QDISC_USAGE, TC_USAGE } from './tc-usage.ts'
import { Missing, readKind } from './tc-words.ts'
import { GiveUp } from './words.ts'

interface Tc {
  readonly context: CommandContext
  readonly netns: NetNamespace
  readonly statistics: boolean
}

const SILENT = [
  '-d',
  '-details',
  '-r',
  '-raw',
  '-o',
  '-oneline',
  '-p',
  '-pretty',
  '-iec',
  '-nm',
  '-force',
  '-N',
]

export const tc: Command = (context) => {
  try {
    return run(context)
  } catch (error) {
    if (error instanceof Missing) return notModelled(context, error.message)
    return gaveUp(context, error)
  }
}

function run(context: CommandContext): number {
  const words = context.argv.slice(1)
  let netns = context.netns
  let statistics = false
  while (words[0]?.startsWith('-')) {
    const word = words.shift() ?? ''
    if (word === '-V' || word === '-Version') {
      context.out('tc utility, iproute2-6.1.0, libbpf 1.1.2\n')
      return 0
    }
    if (word === '-s' || word === '-stats' || word === '-statistics') statistics = true
    else if (word === '-n' || word === '-netns') netns = openNamed(context, words.shift() ?? '')
    else if (word === '-h' || word === '-help') throw new GiveUp(TC_USAGE, 0)
    else if (
      ['-j', '-json', '-b', '-batch', '-c', '-color', '-br', '-cf', '-conf', '-nam', '-names'].includes(word)
    )
      throw new Missing(`tc ${word}`)
    else if (!SILENT.includes(word)) throw new GiveUp(`Option "${word}" is unknown, try "tc -help".\n`, 255)
  }
  const [object, ...rest] = words
  if (object === undefined || object === 'help') throw new GiveUp(TC_USAGE, 0)
  if ('qdisc'.startsWith(object)) return qdisc({ context, netns, statistics }, rest)
  for (const other of ['class', 'filter', 'chain', 'action', 'monitor', 'exec'])
    if (other.startsWith(object)) return otherObject({ context, netns, statistics }, other, rest)
  throw new GiveUp(`Object "${object}" is unknown, try "tc help".\n`, 255)
}

/** There are no classes or filters to show but tbf's one. */
function otherObject(tc: Tc, object: string, words: readonly string[]): number {
  const isShow = (words[0] === 'show' || words[0] === 'list') && words[1] === 'dev'
  if (!isShow || (object !== 'class' && object !== 'filter')) throw new Missing(`tc ${object}`)
  const { discipline } = device(tc, words[2] ?? '')
  if (object === 'class' && discipline?.options.kind === 'tbf') {
    const handle = discipline.handle.toString(16)
    tc.context.out(`class tbf ${handle}:1 parent ${handle}: \n`)
  }
  return 0
}

function device(tc: Tc, name: string): Link {
  const link = findLink(tc.netns, name)
  if (link === undefined) throw new GiveUp(`Cannot find device "${name}"\n`, 1)
  return link
}

const ACTIONS = ['add', 'delete', 'change', 'replace', 'show', 'list', 'help', 'link'] as const

function qdisc(tc: Tc, words: readonly string[]): number {
  const [given = 'show', ...rest] = words
  const action = ACTIONS.find((one) => one.startsWith(given))
  if (action === undefined) throw new GiveUp(`Command "${given}" is unknown, try "tc qdisc help".\n`, 255)
  if (action === 'help') throw new GiveUp(QDISC_USAGE, 0)
  if (action === 'link') throw new Missing('tc qdisc link')
  if (action === 'show' || action === 'list') return show(tc, rest)
  if (!tc.context.process.capabilities.has('NET_ADMIN'))
    throw new GiveUp('RTNETLINK answers: Operation not permitted\n', 2)
  return modify(tc, action, readPlace(rest))
}

interface Place {
  readonly device: string | null
  readonly root: boolean
  readonly handle: number | null
  readonly kind: string | null
  readonly words: readonly string[]
}

function readPlace(words: readonly string[]): Place {
  let name: string | null = null
  let root = false
  let handle: number | null = null
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    const value = words[i + 1]
    if (word === 'root') root = true
    else if (word === 'parent' || ['ingress', 'clsact', 'estimator', 'stab', 'ingress_block'].includes(word))
      throw new Missing(`tc qdisc … ${word}`)
    else if (word === 'dev' || word === 'handle') {
      if (value === undefined) throw new GiveUp('Command line is not complete. Try option "help"\n', 255)
      if (word === 'dev') name = value
      else if (/^[0-9a-f]{1,4}:0?$/i.test(value)) handle = Number.parseInt(value, 16)
      else throw new GiveUp(`Error: argument "${value}" is wrong: invalid qdisc ID\n\n`, 255)
      i++
    } else if (word === 'help') throw new GiveUp(QDISC_USAGE, 0)
    else return { device: name, root, handle, kind: word, words: words.slice(i + 1) }
  }
  return { device: name, root, handle, kind: null, words: [] }
}

const refused = (text: string): GiveUp => new GiveUp(`Error: ${text}\n`, 2)

function modify(tc: Tc, action: 'add' | 'delete' | 'change' | 'replace', place: Place): number {
  const { context } = tc
  const before = place.device === null ? null : (findLink(tc.netns, place.device)?.discipline ?? null)
  const isDelete = action === 'delete'
  const options =
    isDelete || place.kind === null ? null : readKind(place.kind, place.words, before?.options ?? null)
  if (place.device === null) throw new GiveUp('RTNETLINK answers: No such device\n', 2)
  const link = device(tc, place.device)
  if (isDelete) return remove(link, place)
  if (!place.root && place.handle === null) throw refused('Handle cannot be zero.')
  if (action === 'change') {
    if (before === null) throw refused('Qdisc not found. To create specify NLM_F_CREATE flag.')
    if (before.options.kind !== place.kind) throw refused('Invalid qdisc name: must match existing qdisc.')
  } else if (before !== null && action === 'add') throw refused('Exclusivity flag on, cannot modify.')
  if (options === null || (options.kind === 'netem' && context.kernel.features.containerized))
    throw refused('Specified qdisc kind is unknown.')
  if (before !== null && before.options.kind === options.kind) before.options = options
  else attach(tc, link, place.handle, options)
  return 0
}

/** A new discipline; what waited in an old one is lost with it. */
function attach(tc: Tc, link: Link, wanted: number | null, options: QdiscOptions): void {
  const { kernel, world } = tc.context
  const number = wanted ?? 0x8001 + (kernel.qdiscHandle ?? 0)
  if (wanted === null) kernel.qdiscHandle = (kernel.qdiscHandle ?? 0) + 1
  link.bornQdisc ??= link.qdisc
  link.discipline = newQdisc(number, options, world.nowUs)
  link.qdisc = options.kind
}

function remove(link: Link, place: Place): number {
  if (link.discipline === undefined) throw refused('Cannot delete qdisc with handle of zero.')
  if (place.kind !== null && place.kind !== link.discipline.options.kind)
    throw refused('Invalid qdisc name: must match existing qdisc.')
  if (place.handle !== null && place.handle !== link.discipline.handle) throw refused('Invalid handle')
  delete link.discipline
  link.qdisc = link.bornQdisc ?? link.qdisc
  return 0
}

function show(tc: Tc, words: readonly string[]): number {
  const at = words.indexOf('dev')
  const only = at < 0 ? null : device(tc, words[at + 1] ?? '')
  const links = only === null ? [...tc.netns.links.values()] : [only]
  for (const link of links) {
    // A device that was never up has `noop`, which is not shown.
    if (link.discipline === undefined && !link.activated) continue
    tc.context.out(qdiscText(rowOf(tc, link, only === null), tc.statistics))
  }
  return 0
}

const BORN = ['pfifo_fast', 'fq_codel', 'noqueue'] as const

function rowOf(tc: Tc, link: Link, named: boolean): QdiscRow {
  const { discipline } = link
  const device = named ? link.name : null
  // One reference is the table's, and one each queue's.
  const queues = tc.context.kernel.features.containerized && discipline !== undefined ? 2 : 1
  if (discipline !== undefined) {
    const { handle, options } = discipline
    return { handle, device, references: 1 + queues, options, counters: discipline }
  }
  const kind = BORN.find((one) => one === link.qdisc) ?? 'noqueue'
  const counts = kind !== 'noqueue'
  const counters = {
    sentBytes: counts ? link.statistics.txBytes : 0,
    sentPackets: counts ? link.statistics.txPackets : 0,
    dropped: 0,
    overlimits: 0,
    backlogBytes: 0,
    backlogPackets: 0,
  }
  return { handle: 0, device, references: 2, options: { kind, limit: 0 }, counters }
}
