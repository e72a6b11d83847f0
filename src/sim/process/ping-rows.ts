/** What ping has to say, as data. */
import type { Row } from '../kernel/simulation.ts'
import type { IpAddress } from '../wire/frame.ts'

export interface PingStart extends Row {
  readonly kind: 'start'
  readonly target: string
  readonly destination: IpAddress
  readonly size: number
  readonly from: IpAddress | null
  readonly device: string | null
}

export interface PingReply extends Row {
  readonly kind: 'reply'
  readonly address: IpAddress
  readonly name: string | null
  readonly sequence: number
  readonly ttl: number
  readonly rttUs: number | null
  readonly length: number
  readonly repeated: boolean
  /** Microseconds since 1970 UTC with -D, else null. */
  readonly time: number | null
}

export interface PingIcmpError extends Row {
  readonly kind: 'icmp-error'
  readonly address: IpAddress
  readonly name: string | null
  readonly sequence: number
  readonly type: number
  readonly code: number
  readonly mtu: number
  readonly time: number | null
}

export interface PingSummary extends Row {
  readonly kind: 'statistics'
  readonly target: string
  readonly transmitted: number
  readonly received: number
  readonly repeated: number
  readonly errors: number
  readonly minUs: number
  readonly maxUs: number
  readonly sumUs: number
  readonly sumSquares: number
  readonly pipe: number
  readonly elapsedUs: number
  readonly timed: boolean
}

/** `error`: an errno, or what a look-up failed with; `detail`: the call that failed, or a name. */
export interface PingFailure extends Row {
  readonly kind: 'error' | 'send-error'
  readonly error: string
  readonly detail: string
  readonly target: string
  readonly version: string
}

export type PingRow = PingStart | PingReply | PingIcmpError | PingSummary | PingFailure
