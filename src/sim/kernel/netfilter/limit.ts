/** `-m limit`: a token bucket, full at first. net/netfilter/xt_limit.c */
import type { Match } from './types.ts'

type Limit = Extract<Match, { kind: 'limit' }>

const PERIOD_US: Readonly<Record<Limit['per'], number>> = {
  second: 1_000_000,
  minute: 60_000_000,
  hour: 3_600_000_000,
  day: 86_400_000_000,
}

/** Takes a token if there is one. */
export function takeToken(limit: Limit, nowUs: number): boolean {
  const credit = limit.credit
  const gained =
    credit.updatedUs < 0 ? limit.burst : ((nowUs - credit.updatedUs) * limit.count) / PERIOD_US[limit.per]
  credit.tokens = Math.min(limit.burst, credit.tokens + gained)
  credit.updatedUs = nowUs
  if (credit.tokens < 1) return false
  credit.tokens -= 1
  return true
}
