import { describe, expect, it } from 'vitest'
import { loadReplay } from './replay.ts'
import { disagreements } from './report.ts'
import { hasRecording, judge, raise, readFloors } from './scenarios.ts'

const MOST_TIME_MS = 120_000
const floors = Object.entries(readFloors())

// Swarm is replayed by `npm run conformance` alone.
for (const [scenario, floor] of floors.filter(([name]) => !name.startsWith('swarm-'))) {
  it(
    `${scenario}: at least ${floor} commands agree with real Docker`,
    async () => {
      const verdicts = await judge(scenario, await loadReplay())
      expect(verdicts.agreed, disagreements(verdicts, false).join('\n')).toBeGreaterThanOrEqual(floor)
    },
    MOST_TIME_MS,
  )
}

describe('floors', () => {
  it('name only scenarios that have a recording', () => {
    expect(floors.map(([scenario]) => scenario).filter((scenario) => !hasRecording(scenario))).toEqual([])
  })

  it('only rise', () => {
    expect(raise({ a: 3, b: 4 }, { a: 2, b: 5, c: 1 })).toEqual({ a: 3, b: 5, c: 1 })
  })
})
