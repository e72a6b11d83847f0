/** Fifty kills; a thousand by `node test/run-ts.mjs test/e2e/kills.ts 1000`. */
import { describe, expect, it } from 'vitest'
import { killAgainAndAgain } from './kill-lives.ts'

describe('a program that is killed again and again', () => {
  it('loses at most the command being typed', async () => {
    const { lines, problems } = await killAgainAndAgain(50, 7)
    expect(problems).toEqual([])
    expect(lines).toBeGreaterThan(10)
  }, 180_000)
})
