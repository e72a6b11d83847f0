/**
 * Hands on one key after another. A list of Ink's hears the next key with its old state until React has drawn what the
 * last one changed; so after a key for a list the others wait until that is drawn.
 */

/** For keys that change nothing. */
const LONGEST_MS = 25

export interface KeyQueue<Event> {
  push(event: Event): void
  /** React has drawn. */
  settled(): void
}

/** `handle` says whether the next event has to wait. */
export function createKeyQueue<Event>(handle: (event: Event) => boolean): KeyQueue<Event> {
  const queue: Event[] = []
  let timer: ReturnType<typeof setTimeout> | null = null
  const pump = (): void => {
    while (timer === null) {
      const event = queue.shift()
      if (event === undefined) return
      if (handle(event)) timer = setTimeout(settled, LONGEST_MS)
    }
  }
  const settled = (): void => {
    if (timer === null) return
    clearTimeout(timer)
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
