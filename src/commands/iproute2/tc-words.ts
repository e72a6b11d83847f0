/** What stands behind the kind of a queueing discipline. iproute2 tc/{q_netem,q_tbf,q_fifo,tc_util}.c */
import type { NetemOptions, QdiscOptions, TbfOptions } from '../../sim/kernel/qdisc/types.ts'
import { NETEM_USAGE, TBF_USAGE } from './tc-usage.ts'
import { GiveUp } from './words.ts'

const INCOMPLETE = 'Command line is not complete. Try option "help"\n'

/** Real, and missing here. */
export class Missing extends Error {}

class Queue {
  private readonly words: string[]
  constructor(words: readonly string[]) {
    this.words = [...words]
  }
  get more(): boolean {
    return this.words.length > 0
  }
  next(): string {
    const word = this.words.shift()
    if (word === undefined) throw new GiveUp(INCOMPLETE, 255)
    return word
  }
  /** The next word if it begins like a number. */
  number(): string | null {
    return /^[0-9]/.test(this.words[0] ?? '') ? this.next() : null
  }
}

const illegal = (what: string): GiveUp => new GiveUp(`Illegal "${what}"\n`, 1)

const TIMES: Readonly<Record<string, number>> = {
  '': 1,
  s: 1e6,
  sec: 1e6,
  secs: 1e6,
  ms: 1e3,
  msec: 1e3,
  msecs: 1e3,
  us: 1,
  usec: 1,
  usecs: 1,
  ns: 1e-3,
  nsec: 1e-3,
  nsecs: 1e-3,
}

function scaled(text: string, units: Readonly<Record<string, number>>): number | null {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d*)?)([a-z]*)$/i.exec(text) ?? []
  const factor = units[unit.toLowerCase()]
  return number === '' || factor === undefined ? null : Math.round(Number(number) * factor)
}

const prefixed = (base: string, one: number): [string, number][] =>
  ['', 'k', 'm', 'g', 't'].flatMap((letter, i): [string, number][] => [
    [`${letter}${base}`, one * 1000 ** i],
    ...(letter === '' ? [] : [[`${letter}i${base}`, one * 1024 ** i] as [string, number]]),
  ])
/** Bytes a second. */
const RATES = Object.fromEntries([...prefixed('bit', 1 / 8), ...prefixed('bps', 1), ['', 1 / 8] as const])
const SIZES: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1024,
  kb: 1024,
  m: 1 << 20,
  mb: 1 << 20,
  g: 1 << 30,
  gb: 1 << 30,
  kbit: 128,
  mbit: 131_072,
  gbit: 134_217_728,
}

function percent(text: string, what: string): number {
  const match = /^(\d+(?:\.\d*)?)%?$/.exec(text)
  const value = match === null ? Number.NaN : Number(match[1]) / 100
  if (!(value >= 0 && value <= 1)) throw illegal(what)
  return value
}

const PLAIN: NetemOptions = {
  kind: 'netem',
  limit: 1000,
  delayUs: 0,
  jitterUs: 0,
  distribution: 'uniform',
  delayCorrelation: 0,
  loss: 0,
  lossCorrelation: 0,
  duplicate: 0,
  duplicateCorrelation: 0,
  reorder: 0,
  reorderCorrelation: 0,
  gap: 0,
  rate: 0,
}

type Draft = { -readonly [K in keyof NetemOptions]: NetemOptions[K] }

export function readNetem(words: readonly string[], before: NetemOptions | null): NetemOptions {
  const queue = new Queue(words)
  const draft: Draft = { ...PLAIN, rate: before?.rate ?? 0 }
  let distribution: string | null = null
  while (queue.more) {
    const word = queue.next()
    if (word === 'distribution') distribution = queue.next()
    else netemWord(draft, queue, word)
  }
  if (distribution !== null) {
    if (draft.delayUs === 0 || draft.jitterUs === 0)
      throw new GiveUp(`distribution specified but no latency and jitter values\n${NETEM_USAGE}`, 1)
    if (distribution !== 'normal' && distribution !== 'uniform')
      throw new Missing(`tc qdisc … netem distribution ${distribution}`)
    draft.distribution = distribution
  }
  if (draft.reorder > 0) {
    if (draft.delayUs === 0)
      throw new GiveUp(`reordering not possible without specifying some delay\n${NETEM_USAGE}`, 1)
    if (draft.gap === 0) draft.gap = 1
  }
  return draft
}

function time(text: string): number {
  const us = scaled(text, TIMES)
  if (us === null) throw illegal('latency')
  return us
}

function netemWord(draft: Draft, queue: Queue, word: string): void {
  const lean = (what: string): number => {
    const text = queue.number()
    return text === null ? 0 : percent(text, what)
  }
  if (word === 'limit') {
    const text = queue.next()
    if (!/^\d+$/.test(text)) throw illegal('limit')
    draft.limit = Number(text)
  } else if (word === 'delay' || word === 'latency') {
    draft.delayUs = time(queue.next())
    const jitter = queue.number()
    if (jitter !== null) {
      draft.jitterUs = time(jitter)
      draft.delayCorrelation = lean('latency')
    }
  } else if (word === 'loss' || word === 'drop') {
    let text = queue.next()
    if (text === 'random') text = queue.next()
    if (text === 'state' || text === 'gemodel') throw new Missing(`tc qdisc … netem loss ${text}`)
    draft.loss = percent(text, 'loss percent')
    draft.lossCorrelation = lean('loss correllation')
  } else if (word === 'duplicate') {
    draft.duplicate = percent(queue.next(), 'duplicate')
    draft.duplicateCorrelation = lean('duplicate')
  } else if (word === 'reorder') {
    draft.reorder = percent(queue.next(), 'reorder')
    draft.reorderCorrelation = lean('reorder')
  } else if (word === 'gap') {
    const text = queue.next()
    if (!/^\d+$/.test(text)) throw illegal('gap')
    draft.gap = Number(text)
  } else if (word === 'rate') {
    const rate = scaled(queue.next(), RATES)
    if (rate === null) throw illegal('rate')
    draft.rate = rate
    if (queue.number() !== null) throw new Missing('tc qdisc … netem rate … PACKETOVERHEAD')
  } else if (['corrupt', 'ecn', 'slot'].includes(word)) throw new Missing(`tc qdisc … netem ${word}`)
  else throw new GiveUp(word === 'help' ? NETEM_USAGE : `What is "${word}"?\n${NETEM_USAGE}`, 1)
}

export function readTbf(words: readonly string[]): TbfOptions {
  const queue = new Queue(words)
  let rate = 0
  let burst = 0
  let limit = 0
  let latencyUs: number | null = null
  const value = (name: string, units: Readonly<Record<string, number>>): number => {
    const text = queue.next()
    const number = scaled(text, units)
    if (number === null) throw new GiveUp(`tbf: illegal value for "${name}": "${text}"\n`, 1)
    return number
  }
  while (queue.more) {
    const word = queue.next()
    if (word === 'rate') rate = value(word, RATES)
    else if (word === 'burst' || word === 'buffer' || word === 'maxburst') burst = value(word, SIZES)
    else if (word === 'limit') limit = value(word, SIZES)
    else if (word === 'latency') latencyUs = value(word, TIMES)
    else if (['mtu', 'minburst', 'mpu', 'peakrate', 'overhead', 'linklayer'].includes(word))
      throw new Missing(`tc qdisc … tbf ${word}`)
    else throw new GiveUp(word === 'help' ? TBF_USAGE : `What is "${word}"?\n${TBF_USAGE}`, 1)
  }
  const problems = [
    ...(rate === 0 ? ['tbf: the "rate" parameter is mandatory.\n'] : []),
    ...(burst === 0 ? ['tbf: the "burst" parameter is mandatory.\n'] : []),
    ...(limit === 0 && latencyUs === null ? ['tbf: either "limit" or "latency" is required.\n'] : []),
  ]
  if (problems.length > 0) throw new GiveUp(problems.join('') + TBF_USAGE, 1)
  if (latencyUs !== null) limit = Math.floor((rate * latencyUs) / 1e6) + burst
  return { kind: 'tbf', rate, burst, limit, latencyUs }
}

const KNOWN = ['pfifo_fast', 'pfifo', 'fq_codel', 'noqueue'] as const
const CLASSFUL = [
  ...['htb', 'prio', 'hfsc', 'drr', 'mq', 'mqprio', 'qfq', 'ets', 'cbq', 'red', 'sfq', 'fq', 'cake', 'codel'],
  ...['bfifo', 'choke', 'pie', 'fq_pie', 'hhf', 'sfb', 'plug', 'taprio', 'etf', 'multiq', 'gred', 'skbprio'],
]

/** Null: the kernel knows no such kind. */
export function readKind(
  kind: string,
  words: readonly string[],
  before: QdiscOptions | null,
): QdiscOptions | null {
  if (kind === 'netem') return readNetem(words, before?.kind === 'netem' ? before : null)
  if (kind === 'tbf') return readTbf(words)
  const fifo = KNOWN.find((one) => one === kind)
  if (fifo !== undefined) {
    if (words.length > 0 && (fifo !== 'pfifo' || words[0] !== 'limit'))
      throw new Missing(`tc qdisc … ${kind} ${words[0]}`)
    return { kind: fifo, limit: Number(words[1] ?? 1000) || 1000 }
  }
  if (CLASSFUL.includes(kind)) throw new Missing(`tc qdisc … ${kind}`)
  if (words.length > 0)
    throw new GiveUp(`Unknown qdisc "${kind}", hence option "${words[0]}" is unparsable\n`, 1)
  return null
}
