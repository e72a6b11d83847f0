/**
 * Hands on one key after another. A list of Ink's hears the next key with its old state until React has drawn what the
 * last one changed; so after a key for a list the others wait until that is drawn.
 */

/** For keys that change nothing. */
const LONGEST_MS = 25

/** `wait`: the next one has to wait until it is drawn; `later`: nobody can take it yet, it stays the first. */
export type Handled = 'done' | 'wait' | 'later'

export interface KeyQueue<Event> {
  push(event: Event): void
  /** What was changed is drawn. */
  settled(): void
}

export function createKeyQueue<Event>(handle: (event: Event) => Handled): KeyQueue<Event> {
  const queue: Event[] = []
  let timer: ReturnType<typeof setTimeout> | null = null
  const pump = (): void => {
    while (timer === null) {
      const [event] = queue
      if (event === undefined) return
      const handled = handle(event)
      if (handled === 'later') return
      queue.shift()
      if (handled === 'wait') timer = setTimeout(settled, LONGEST_MS)
    }
  }
  const settled = (): void => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    pump()
  }
  return {
    push(event) {
      queue.push(event)
      pump()
    },
    settled,
  }
}
