/** A binary heap of things to happen, ordered by time and then by order of entry; plain data. */

export interface Scheduled<E> {
  readonly atUs: number
  readonly order: number
  readonly event: E
}

export interface EventQueue<E> {
  heap: Scheduled<E>[]
  nextOrder: number
}

export function createQueue<E>(): EventQueue<E> {
  return { heap: [], nextOrder: 0 }
}

function before<E>(x: Scheduled<E>, y: Scheduled<E>): boolean {
  return x.atUs < y.atUs || (x.atUs === y.atUs && x.order < y.order)
}

export function enqueue<E>(queue: EventQueue<E>, atUs: number, event: E): void {
  const heap = queue.heap
  const entry = { atUs, order: queue.nextOrder++, event }
  let i = heap.length
  heap.push(entry)
  while (i > 0) {
    const parent = (i - 1) >> 1
    if (!before(entry, heap[parent]!)) break
    heap[i] = heap[parent]!
    i = parent
  }
  heap[i] = entry
}

/** When the next event is due, or `Infinity`. */
export function nextTime<E>(queue: EventQueue<E>): number {
  const first = queue.heap[0]
  return first === undefined ? Number.POSITIVE_INFINITY : first.atUs
}

export function dequeue<E>(queue: EventQueue<E>): Scheduled<E> | undefined {
  const heap = queue.heap
  const first = heap[0]
  const last = heap.pop()
  if (first === undefined || last === undefined || heap.length === 0) return first
  let i = 0
  for (;;) {
    let child = 2 * i + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++
    if (!before(heap[child]!, last)) break
    heap[i] = heap[child]!
    i = child
  }
  heap[i] = last
  return first
}
