/** What ping counts, and its last lines. iputils ping_common.c, busybox ping.c */
import type { ProcessContext } from './context.ts'
import type { PingProgram } from './ping.ts'

export interface PingStatistics {
  transmitted: number
  received: number
  repeated: number
  errors: number
  minUs: number
  maxUs: number
  sumUs: number
  sumSquares: number
  /** Most requests that were on their way at once. */
  pipe: number
  lastUs: number
  /** Sequence number → when it was sent; an answered one is negative. */
  sentUs: Map<number, number>
  answered: Set<number>
}

export function newStatistics(): PingStatistics {
  return {
    transmitted: 0,
    received: 0,
    repeated: 0,
    errors: 0,
    minUs: Number.MAX_SAFE_INTEGER,
    maxUs: 0,
    sumUs: 0,
    sumSquares: 0,
    pipe: 0,
    lastUs: 0,
    sentUs: new Map(),
    answered: new Set(),
  }
}

/** Counts an answer; the round trip is null if nothing was sent under that number. */
export function takeTime(
  statistics: PingStatistics,
  sequence: number,
  atUs: number,
): { rttUs: number | null; repeated: boolean } {
  const sent = statistics.sentUs.get(sequence)
  const repeated = statistics.answered.has(sequence)
  statistics.answered.add(sequence)
  if (repeated) statistics.repeated++
  else statistics.received++
  if (sent === undefined) return { rttUs: null, repeated }
  const rttUs = atUs - sent
  if (!repeated) {
    statistics.minUs = Math.min(statistics.minUs, rttUs)
    statistics.maxUs = Math.max(statistics.maxUs, rttUs)
    statistics.sumUs += rttUs
    statistics.sumSquares += rttUs * rttUs
  }
  return { rttUs, repeated }
}

/** iputils `acknowledge()`: how far behind the newest request an answer or an error is. */
export function acknowledge(statistics: PingStatistics, sequence: number): void {
  const behind = (statistics.transmitted - sequence) & 0xffff
  if (behind <= 0x7fff) statistics.pipe = Math.max(statistics.pipe, behind + 1)
}

/** Writes the summary; returns the exit status. */
export function finish(context: ProcessContext, program: PingProgram, _complete: boolean): number {
  const { statistics, options } = program
  const row = {
    target: options.target,
    transmitted: statistics.transmitted,
    received: statistics.received,
    repeated: statistics.repeated,
    errors: statistics.errors,
    minUs: statistics.minUs,
    maxUs: statistics.maxUs,
    sumUs: statistics.sumUs,
    sumSquares: statistics.sumSquares,
    pipe: statistics.pipe,
    elapsedUs: Math.max(0, statistics.lastUs - program.startUs),
    timed: options.size >= 16 || options.dialect === 'busybox',
  }
  context.emit({ program: `${options.dialect}/ping`, kind: 'statistics', ...row })
  const early = options.deadlineUs !== null && options.count !== null && statistics.received < options.count
  return statistics.received === 0 || (early && options.dialect === 'iputils') ? 1 : 0
}
