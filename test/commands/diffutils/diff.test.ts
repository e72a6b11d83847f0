import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changesBetween } from '../../../src/commands/diffutils/edit-script.ts'
import { openLab } from '../lab-lines.ts'

const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 })

/** Length of the longest common subsequence, by the book. */
function common(first: readonly string[], second: readonly string[]): number {
  const row = new Array<number>(second.length + 1).fill(0)
  for (const one of first) {
    let diagonal = 0
    for (const [j, other] of second.entries()) {
      const above = row[j + 1]!
      row[j + 1] = one === other ? diagonal + 1 : Math.max(above, row[j]!)
      diagonal = above
    }
  }
  return row[second.length]!
}

describe('changesBetween', () => {
  it('leads from the first to the second, and no shorter way exists', () => {
    fc.assert(
      fc.property(lines, lines, (first, second) => {
        const changes = changesBetween(first, second)
        const result = [...first]
        for (const { from, removed, at, added } of [...changes].reverse())
          result.splice(from, removed, ...second.slice(at, at + added))
        expect(result).toEqual(second)
        const gone = changes.reduce((sum, { removed }) => sum + removed, 0)
        expect(gone).toBe(first.length - common(first, second))
      }),
    )
  })
})

describe('diff', () => {
  it('prints what GNU diff prints', async () => {
    const { run } = openLab()
    await run("printf 'one\\ntwo\\nthree\\n' > a; printf 'one\\n2\\nthree\\nfour\\n' > b; printf 'one' > c")
    expect(await run('diff a b')).toBe('2c2\n< two\n---\n> 2\n3a4\n> four\n[exit 1]\n')
    expect(await run('diff -u --label x --label y a b')).toBe(
      '--- x\n+++ y\n@@ -1,3 +1,4 @@\n one\n-two\n+2\n three\n+four\n[exit 1]\n',
    )
    expect(await run('diff a c')).toBe(
      '1,3c1\n< one\n< two\n< three\n---\n> one\n\\ No newline at end of file\n[exit 1]\n',
    )
    expect(await run('diff a a')).toBe('')
    expect(await run('diff -q a b')).toBe('Files a and b differ\n[exit 1]\n')
    expect(await run('diff a nofile')).toBe('diff: nofile: No such file or directory\n[exit 2]\n')
    expect(await run('diff <(sort a) <(sort b) | head -1')).toBe('0a1,2\n')
  })
})
