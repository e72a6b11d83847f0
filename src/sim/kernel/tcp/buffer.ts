/** Byte queues made of chunks. */

/** `length` bytes from `offset` on. */
export function slice(chunks: readonly Uint8Array[], offset: number, length: number): Uint8Array {
  const result = new Uint8Array(length)
  let at = 0
  let skip = offset
  for (const chunk of chunks) {
    if (at === length) break
    if (skip >= chunk.length) {
      skip -= chunk.length
      continue
    }
    const part = chunk.subarray(skip, skip + length - at)
    result.set(part, at)
    at += part.length
    skip = 0
  }
  return result
}

/** Takes `count` bytes off the front. */
export function drop(chunks: Uint8Array[], count: number): void {
  let rest = count
  while (rest > 0) {
    const first = chunks[0]
    if (first === undefined) return
    if (first.length <= rest) {
      chunks.shift()
      rest -= first.length
    } else {
      chunks[0] = first.subarray(rest)
      rest = 0
    }
  }
}
