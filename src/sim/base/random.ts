/**
 * Seeded randomness as data: xoshiro128** (Blackman and Vigna, 2018). The state is four 32-bit words, so a
 * clone of the world continues with the same numbers.
 */

export interface RandomState {
  a: number
  b: number
  c: number
  d: number
}

/** Spreads one seed over the state with splitmix32. */
export function createRandom(seed: number): RandomState {
  let x = seed >>> 0
  const next = (): number => {
    x = (x + 0x9e3779b9) >>> 0
    let z = x
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
    return (z ^ (z >>> 16)) >>> 0
  }
  return { a: next(), b: next(), c: next(), d: next() }
}

/** 0 … 2³²−1. */
export function nextUint32(random: RandomState): number {
  const product = Math.imul(random.b, 5)
  const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0
  const t = random.b << 9
  random.c ^= random.a
  random.d ^= random.b
  random.b ^= random.c
  random.a ^= random.d
  random.c ^= t
  random.d = (random.d << 11) | (random.d >>> 21)
  return result
}

/** A whole number in `low … high`, both included. */
export function nextBetween(random: RandomState, low: number, high: number): number {
  return low + (nextUint32(random) % (high - low + 1))
}

/** `digits` lower-case hexadecimal digits. */
export function nextHex(random: RandomState, digits: number): string {
  let text = ''
  while (text.length < digits) text += nextUint32(random).toString(16).padStart(8, '0')
  return text.slice(0, digits)
}

/** The list in a random order (Fisher and Yates); the list itself is left as it is. */
export function shuffled<T>(random: RandomState, list: readonly T[]): T[] {
  const result = [...list]
  for (let i = result.length - 1; i > 0; i--) {
    const j = nextBetween(random, 0, i)
    const moved = result[i]!
    result[i] = result[j]!
    result[j] = moved
  }
  return result
}
