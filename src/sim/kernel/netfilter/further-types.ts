/**
 * Matches that remember or that look at more than addresses and ports: tos, dscp, owner, connlimit, recent, string, time, u32.
 * iptables-extensions(8), include/uapi/linux/netfilter/xt_*.h. What changes while a rule is at work stands in `count`.
 */

export interface IdRange {
  readonly from: number
  readonly to: number
}

/** `location` operations and the ranges a value may lie in; all tests have to hold. */
export interface U32Test {
  readonly steps: readonly {
    readonly operation: '&' | '<<' | '>>' | '@' | 'start'
    readonly number: number
  }[]
  readonly ranges: readonly IdRange[]
}

export interface TimeMatch {
  readonly kind: 'time'
  /** Seconds of the day. */
  readonly dayStart: number
  readonly dayStop: number
  /** Seconds since 1970. */
  readonly dateStart: number
  readonly dateStop: number
  /** 1 to 31; empty: all. */
  readonly monthDays: readonly number[]
  /** 1 (Monday) to 7; empty: all. */
  readonly weekDays: readonly number[]
  readonly contiguous: boolean
  readonly kernelZone: boolean
}

export interface RecentMatch {
  readonly kind: 'recent'
  readonly not: boolean
  readonly operation: 'set' | 'rcheck' | 'update' | 'remove'
  readonly seconds: number
  readonly hitCount: number
  readonly reap: boolean
  readonly ttl: boolean
  readonly name: string
  /** As text: `255.255.255.255`. */
  readonly mask: string
  readonly side: 'source' | 'dest'
}

/** What `-m recent` keeps of an address. */
export interface RecentEntry {
  ttl: number
  /** Seconds since boot, the last ones. */
  stamps: number[]
}

export type FurtherMatch =
  | { readonly kind: 'tos'; readonly not: boolean; readonly value: number; readonly mask: number }
  | { readonly kind: 'dscp'; readonly not: boolean; readonly value: number }
  | {
      readonly kind: 'owner'
      readonly user: { readonly not: boolean; readonly value: IdRange } | null
      readonly group: { readonly not: boolean; readonly value: IdRange } | null
      readonly exists: { readonly not: boolean } | null
    }
  | {
      readonly kind: 'connlimit'
      readonly above: boolean
      readonly limit: number
      readonly length: number
      readonly side: 'source' | 'destination'
      /** Flows that came by. */
      readonly count: { flows: number[] }
    }
  | RecentMatch
  | {
      readonly kind: 'string'
      readonly not: boolean
      readonly bytes: readonly number[]
      /** Given in hexadecimal, or shown so because of what is in it. */
      readonly isHex: boolean
      readonly algorithm: string
      readonly from: number
      readonly to: number
      readonly ignoreCase: boolean
    }
  | TimeMatch
  | { readonly kind: 'u32'; readonly not: boolean; readonly tests: readonly U32Test[] }
