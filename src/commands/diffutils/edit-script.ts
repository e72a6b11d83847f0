/** The shortest way from one list of lines to another. E. Myers, "An O(ND) Difference Algorithm" (1986); GNU diffseq.h */

/** Lines `from … from + removed` of the first give way to lines `at … at + added` of the second. */
export interface Change {
  readonly from: number
  readonly removed: number
  readonly at: number
  readonly added: number
}

/** Changes in order; none: the lists are the same. */
export function changesBetween(first: readonly string[], second: readonly string[]): Change[] {
  const kept = commonLines(first, second)
  const changes: Change[] = []
  let from = 0
  let at = 0
  for (const [x, y] of [...kept, [first.length, second.length] as const]) {
    if (x > from || y > at) changes.push({ from, removed: x - from, at, added: y - at })
    from = x + 1
    at = y + 1
  }
  return changes
}

/** Pairs of indexes of lines that stay. */
function commonLines(first: readonly string[], second: readonly string[]): [number, number][] {
  const furthest: Map<number, number>[] = []
  let reach = new Map<number, number>([[1, 0]])
  for (let distance = 0; distance <= first.length + second.length; distance++) {
    const next = new Map<number, number>()
    for (let diagonal = -distance; diagonal <= distance; diagonal += 2) {
      let x = startOn(reach, diagonal, distance)
      while (x < first.length && x - diagonal < second.length && first[x] === second[x - diagonal]) x++
      next.set(diagonal, x)
      if (x >= first.length && x - diagonal >= second.length)
        return walkBack([...furthest, reach], first.length, second.length)
    }
    furthest.push(reach)
    reach = new Map([...reach, ...next])
  }
  return []
}

/** Down (a line added) or right (a line removed), whichever has come further. */
function startOn(reach: ReadonlyMap<number, number>, diagonal: number, distance: number): number {
  const [below, above] = [reach.get(diagonal - 1) ?? -1, reach.get(diagonal + 1) ?? -1]
  return diagonal === -distance || (diagonal !== distance && below < above) ? above : below + 1
}

function walkBack(
  reaches: readonly ReadonlyMap<number, number>[],
  width: number,
  height: number,
): [number, number][] {
  const kept: [number, number][] = []
  let [x, y] = [width, height]
  for (let distance = reaches.length - 1; distance >= 0; distance--) {
    const diagonal = x - y
    const start = startOn(reaches[distance]!, diagonal, distance)
    const isDown =
      diagonal === -distance ||
      (diagonal !== distance &&
        (reaches[distance]!.get(diagonal - 1) ?? -1) < (reaches[distance]!.get(diagonal + 1) ?? -1))
    while (x > start) {
      x--
      y--
      kept.unshift([x, y])
    }
    if (isDown) y--
    else x--
  }
  return kept
}
