/**
 * A frame waits in a queueing discipline until it goes out, or is lost there. net/sched/sch_netem.c netem_enqueue,
 * sch_tbf.c tbf_dequeue. Chance is the world's own, so the same seed loses the same packets.
 * Not modelled: classes and filters, corrupted packets, `slot`, ECN.
 */
import { enqueue } from '../../base/event-queue.ts'
import { nextUint32, type RandomState } from '../../base/random.ts'
import type { Frame } from '../../wire/frame.ts'
import { frameLength } from '../../wire/frame-codec.ts'
import type { Link } from '../link/types.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import { noteDrop } from '../trace-notes.ts'
import type { NetemOptions, Qdisc, QdiscOptions, TbfOptions } from './types.ts'

export function newQdisc(handle: number, options: QdiscOptions, nowUs: number): Qdisc {
  return {
    handle,
    options,
    sentBytes: 0,
    sentPackets: 0,
    dropped: 0,
    overlimits: 0,
    backlogBytes: 0,
    backlogPackets: 0,
    draws: {},
    counter: 0,
    lastUs: nowUs,
    tokens: options.kind === 'tbf' ? options.burst : 0,
    tokensUs: nowUs,
  }
}

/** The frame goes on when its timer goes off: `link/transmit.ts`. */
export function enqueueFrame(
  sim: Simulation,
  netns: NetNamespace,
  link: Link,
  qdisc: Qdisc,
  frame: Frame,
): void {
  const { options } = qdisc
  const times =
    options.kind === 'netem'
      ? netemTimes(sim, qdisc, options, frame)
      : options.kind === 'tbf'
        ? tbfTimes(sim, qdisc, options, frame)
        : [sim.nowUs]
  if (times.length === 0) {
    qdisc.dropped++
    return noteDrop(sim, netns, link.ifindex, 'QDISC_DROP', frame)
  }
  for (const at of times) {
    qdisc.backlogBytes += frameLength(frame)
    qdisc.backlogPackets++
    const timer = { kind: 'qdisc', ifindex: link.ifindex, handle: qdisc.handle, frame } as const
    enqueue(sim.queue, at, { kind: 'timer', host: netns.host, netns: netns.id, timer })
  }
}

/** The frame leaves the queue. */
export function countDequeued(qdisc: Qdisc, frame: Frame): void {
  const length = frameLength(frame)
  qdisc.backlogBytes -= length
  qdisc.backlogPackets--
  qdisc.sentBytes += length
  qdisc.sentPackets++
}

const draw = (random: RandomState): number => nextUint32(random) / 0x1_0000_0000

/** A share between 0 and 1 that leans on the last one. sch_netem.c: get_crandom */
function correlated(sim: Simulation, qdisc: Qdisc, what: string, rho: number): number {
  const value = draw(sim.random)
  if (rho === 0) return value
  const answer = value * (1 - rho) + (qdisc.draws[what] ?? value) * rho
  qdisc.draws[what] = answer
  return answer
}

/** When the frame, and its double, go out; none: it is lost. */
function netemTimes(sim: Simulation, qdisc: Qdisc, options: NetemOptions, frame: Frame): number[] {
  const happens = (what: string, share: number, rho: number): boolean =>
    share > 0 && correlated(sim, qdisc, what, rho) < share
  let count = 1
  if (happens('duplicate', options.duplicate, options.duplicateCorrelation)) count++
  if (happens('loss', options.loss, options.lossCorrelation)) count--
  const times: number[] = []
  for (let i = 0; i < count; i++) {
    if (qdisc.backlogPackets + times.length >= options.limit) break
    times.push(netemTime(sim, qdisc, options, frame))
  }
  return times
}

function netemTime(sim: Simulation, qdisc: Qdisc, options: NetemOptions, frame: Frame): number {
  const overtakes =
    options.gap > 0 &&
    qdisc.counter >= options.gap - 1 &&
    correlated(sim, qdisc, 'reorder', options.reorderCorrelation) <= options.reorder
  if (overtakes) {
    qdisc.counter = 0
    return sim.nowUs
  }
  qdisc.counter++
  const delay = delayOf(sim, qdisc, options)
  if (options.rate === 0) return sim.nowUs + delay
  // Each takes its time on the wire behind the one before it.
  const start = Math.max(sim.nowUs, qdisc.lastUs)
  const waited = start - sim.nowUs
  const serial = Math.round((frameLength(frame) * 1e6) / options.rate)
  const at = start + Math.max(0, delay - waited) + serial
  qdisc.lastUs = at
  return at
}

function delayOf(sim: Simulation, qdisc: Qdisc, options: NetemOptions): number {
  const { delayUs, jitterUs } = options
  if (jitterUs === 0) return delayUs
  const share = correlated(sim, qdisc, 'delay', options.delayCorrelation)
  if (options.distribution === 'uniform') return Math.max(0, Math.round(delayUs + (2 * share - 1) * jitterUs))
  // Twelve draws make a bell.
  let sum = share
  for (let i = 0; i < 11; i++) sum += draw(sim.random)
  return Math.max(0, Math.round(delayUs + (sum - 6) * jitterUs))
}

/** A bucket that fills at `rate` and holds `burst`: who finds too little waits behind those who wait already. */
function tbfTimes(sim: Simulation, qdisc: Qdisc, options: TbfOptions, frame: Frame): number[] {
  const length = frameLength(frame)
  if (length > options.burst || qdisc.backlogBytes + length > options.limit) return []
  const start = Math.max(sim.nowUs, qdisc.lastUs)
  const filled = ((start - qdisc.tokensUs) * options.rate) / 1e6
  const tokens = Math.min(options.burst, qdisc.tokens + filled)
  const wait = tokens >= length ? 0 : Math.ceil(((length - tokens) * 1e6) / options.rate)
  const at = start + wait
  if (at > sim.nowUs) qdisc.overlimits++
  qdisc.tokens = wait === 0 ? tokens - length : 0
  qdisc.tokensUs = at
  qdisc.lastUs = at
  return [at]
}
