/**
 * The text of a progress file: a version and a list of events. Each event has an id of its own, so that two lists
 * merge into one by union; what the events mean is the course's business.
 */
export const PROGRESS_FORMAT = 1

export interface StoredEvent {
  /** Unique in all copies of the program. */
  readonly id: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly kind: string
  readonly [field: string]: unknown
}

export type ProgressText =
  | { readonly kind: 'events'; readonly events: readonly StoredEvent[] }
  | { readonly kind: 'newer'; readonly format: number }
  | { readonly kind: 'damaged' }

export function parseProgress(text: string): ProgressText {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    return { kind: 'damaged' }
  }
  if (!isRecord(data) || typeof data['format'] !== 'number') return { kind: 'damaged' }
  if (data['format'] > PROGRESS_FORMAT) return { kind: 'newer', format: data['format'] }
  const events = data['events']
  if (!Array.isArray(events) || !events.every(isEvent)) return { kind: 'damaged' }
  return { kind: 'events', events }
}

export function formatProgress(events: readonly StoredEvent[]): string {
  const lines = events.map((event) => `  ${JSON.stringify(event)}`)
  return `{"format": ${PROGRESS_FORMAT}, "program": "docker-net-tutor", "events": [\n${lines.join(',\n')}\n]}\n`
}

/** By time, then by id: the same list whoever merges. */
export function mergeEvents(...lists: readonly (readonly StoredEvent[])[]): StoredEvent[] {
  const byId = new Map<string, StoredEvent>()
  for (const event of lists.flat()) byId.set(event.id, event)
  return [...byId.values()].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isEvent(value: unknown): value is StoredEvent {
  return (
    isRecord(value) &&
    typeof value['id'] === 'string' &&
    typeof value['at'] === 'number' &&
    typeof value['kind'] === 'string'
  )
}
