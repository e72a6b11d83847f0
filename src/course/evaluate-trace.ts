/** Checks on packets that went by: what the world's trace has kept, matched as tcpdump would. */
import { matches } from '../sim/process/capture-filter/match.ts'
import { parseFilter } from '../sim/process/capture-filter/parse.ts'
import type { Check } from './check.ts'
import { findPlace, isPlace } from './place.ts'
import { type CheckVerdict, type Evidence, fails, verdict } from './verdict.ts'

type Traced = Extract<Check, { kind: 'traced' }>

export function checkTraced(check: Traced, { world, sinceUs = 0 }: Evidence): CheckVerdict {
  const place = findPlace(world, check.in)
  if (!isPlace(place)) return fails(place.because)
  const filter = readFilter(check.filter)
  if (filter === undefined) return fails(`'${check.filter}' is no filter of tcpdump`)
  const devices = new Set(
    [...place.netns.links.values()]
      .filter((link) => check.device === null || link.name === check.device)
      .map((link) => link.ifindex),
  )
  const found = (world.trace?.events ?? []).some(({ atUs, host, netns, ifindex, step }) => {
    if (atUs < sinceUs || host !== place.netns.host || netns !== place.netns.id) return false
    if (!devices.has(ifindex) || (step.kind !== 'receive' && step.kind !== 'transmit')) return false
    return filter === null || matches(filter, step.frame)
  })
  return verdict(
    found,
    `no packet '${check.filter}' was seen at ${check.device ?? 'any device'} of ${check.in} yet`,
  )
}

/** Undefined for what is none: it may hold a variable whose value does not fit. */
function readFilter(text: string): ReturnType<typeof parseFilter> | undefined {
  try {
    return parseFilter(text)
  } catch {
    return undefined
  }
}
