// Each option that a real usage text names is modelled or says that it is not: never "unknown option".
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { optionsOf } from './option-list.ts'
import { PROGRAMS } from './programs.ts'
import { tableOf } from './table.ts'
import { walkAll, walkProgram } from './walk.ts'

test('options are found in usage texts of every layout', () => {
  const names = (text: string) => optionsOf(text).map(({ option }) => option)
  expect(names(' -d, --data <data>     HTTP POST data')).toEqual(['-d', '--data'])
  expect(names('usage: nc [-46z] [-I length]')).toEqual(['-4', '-6', '-z', '-I'])
  expect(names('  OPTIONS := { -V[ersion] | -s[tatistics] }')).toEqual([
    '-V',
    '-Version',
    '-s',
    '-statistics',
  ])
  expect(names('                 +[no]short          (Display nothing except short')).toEqual(['+short'])
})

describe('no option of a usage text is unknown', () => {
  for (const program of PROGRAMS)
    test(program.name, async () => {
      const rows = await walkProgram(program)
      expect(rows.filter((row) => row.answer === 'unknown')).toEqual([])
    })
})

test('the table of what is not modelled is current', async () => {
  const written = readFileSync(new URL('../not-modelled.md', import.meta.url), 'utf8')
  expect(tableOf(await walkAll())).toBe(written)
})
