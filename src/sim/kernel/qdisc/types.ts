/** Queueing disciplines that somebody has put on a device. tc(8); net/sched/sch_{netem,tbf,fifo}.c */

export interface NetemOptions {
  readonly kind: 'netem'
  readonly limit: number
  readonly delayUs: number
  readonly jitterUs: number
  readonly distribution: 'uniform' | 'normal'
  /** Shares are 0 … 1; each with how much the last draw counts. */
  readonly delayCorrelation: number
  readonly loss: number
  readonly lossCorrelation: number
  readonly duplicate: number
  readonly duplicateCorrelation: number
  readonly reorder: number
  readonly reorderCorrelation: number
  readonly gap: number
  /** Bytes a second; 0: no limit. */
  readonly rate: number
}

export interface TbfOptions {
  readonly kind: 'tbf'
  readonly rate: number
  readonly burst: number
  /** Bytes that may wait. */
  readonly limit: number
  /** As asked for, if it was. */
  readonly latencyUs: number | null
}

/** The ones that change nothing as long as the wire is faster than the host. */
export interface FifoOptions {
  readonly kind: 'pfifo_fast' | 'pfifo' | 'fq_codel' | 'noqueue'
  readonly limit: number
}

export type QdiscOptions = NetemOptions | TbfOptions | FifoOptions

export interface Qdisc {
  readonly handle: number
  options: QdiscOptions
  sentBytes: number
  sentPackets: number
  dropped: number
  overlimits: number
  backlogBytes: number
  backlogPackets: number
  /** The last draws, by what they were for. */
  readonly draws: Record<string, number>
  /** netem: packets since the last that overtook. */
  counter: number
  /** When the last packet that was accepted goes out. */
  lastUs: number
  /** tbf: what is left of the burst, and when that was so. */
  tokens: number
  tokensUs: number
}
