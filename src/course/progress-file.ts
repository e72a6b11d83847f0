/**
 * The text of a progress file: a version and a list of events. Each event has an id of its own, so that two lists
 * merge into one by union; `progress.ts` says what they mean.
 *
 * Format 2 (this one): quiz answers say whether the question came again; what a later event has made void is left out.
 * Format 1: all events ever noted. It is read and carried over; a newer format is refused.
 */
export const PROGRESS_FORMAT = 2

export interface ProgressEvent {
  /** Unique in all copies of the program. */
  readonly id: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly kind: string
  readonly [field: string]: unknown
}

export type ProgressText =
  | { readonly kind: 'events'; readonly events: readonly ProgressEvent[] }
  | { readonly kind: 'newer'; readonly format: number }
  | { readonly kind: 'damaged' }

/** From each format to the next one. */
const MIGRATIONS: Readonly<Record<number, (events: readonly ProgressEvent[]) => ProgressEvent[]>> = {
  1: (events) =>
    events.map((event) =>
      event.kind === 'quiz-answer' ? { ...event, again: event['again'] === true } : event,
    ),
}

export function parseProgress(text: string): ProgressText {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    return { kind: 'damaged' }
  }
  if (!isRecord(data) || typeof data['format'] !== 'number') return { kind: 'damaged' }
  const { format } = data
  if (format > PROGRESS_FORMAT) return { kind: 'newer', format }
  let events = data['events']
  if (!Array.isArray(events) || !events.every(isEvent)) return { kind: 'damaged' }
  for (let version = format; version < PROGRESS_FORMAT; version++) {
    const migrate = MIGRATIONS[version]
    if (migrate === undefined) return { kind: 'damaged' }
    events = migrate(events as ProgressEvent[])
  }
  return { kind: 'events', events: events as ProgressEvent[] }
}

export function formatProgress(events: readonly ProgressEvent[]): string {
  const lines = events.map((event) => `  ${JSON.stringify(event)}`)
  return `{"format": ${PROGRESS_FORMAT}, "program": "docker-net-tutor", "events": [\n${lines.join(',\n')}\n]}\n`
}

/** By time, then by id: the same list whoever merges. */
export function mergeEvents(...lists: readonly (readonly ProgressEvent[])[]): ProgressEvent[] {
  const byId = new Map<string, ProgressEvent>()
  for (const event of lists.flat()) byId.set(event.id, event)
  return withoutVoid([...byId.values()].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)))
}

/** What a store needs to know of it. */
export const PROGRESS_FILE = { parse: parseProgress, format: formatProgress, merge: mergeEvents } as const

/** What the reset of a lesson forgets. */
const OF_LESSONS = new Set(['step-entered', 'step-done', 'task-done', 'answer', 'hint', 'solution-shown'])

/** Where the learner was before is of no interest; what a reset forgets need not be kept. */
function withoutVoid(events: readonly ProgressEvent[]): ProgressEvent[] {
  const kept: ProgressEvent[] = []
  const places = new Set<string>()
  const reset = new Set<unknown>()
  let isAllReset = false
  let knowsWhere = false
  for (const event of [...events].reverse()) {
    if (isAllReset) break
    const { kind } = event
    const lesson = event['lesson'] ?? null
    if (kind === 'step-entered' || kind === 'home-entered') {
      const place = kind === 'home-entered' ? '' : String(lesson)
      if (places.has(place)) continue
      places.add(place)
    }
    // The last step of all stays, forgotten or not: after a reset the learner is nowhere, not where they were before.
    const isWhereLast = kind === 'step-entered' && !knowsWhere
    if (kind === 'step-entered') knowsWhere = true
    if (OF_LESSONS.has(kind) && reset.has(lesson) && !isWhereLast) continue
    if (kind === 'reset') {
      if (lesson !== null && reset.has(lesson)) continue
      reset.add(lesson)
      isAllReset = lesson === null
    }
    kept.push(event)
  }
  return kept.reverse()
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isEvent(value: unknown): value is ProgressEvent {
  return (
    isRecord(value) &&
    typeof value['id'] === 'string' &&
    typeof value['at'] === 'number' &&
    typeof value['kind'] === 'string'
  )
}
