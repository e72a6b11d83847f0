// npm run conformance [-- FILTER… -v --raise]: replay the scenarios that have a recording and print how many
// of their commands agree with it. FILTER is a part of a scenario's name, -v adds a diff of each command that
// does not agree, --raise writes the new floors. Exit status 1 when a scenario is below its floor.

import { parseArgs } from 'node:util'
import { loadReplay, type Replay } from './replay.ts'
import { disagreements } from './report.ts'
import {
  type Floors,
  hasRecording,
  judge,
  listRecorded,
  raise,
  readFloors,
  writeFloors,
} from './scenarios.ts'

interface Row {
  scenario: string
  agreed: number
  all: number
  floor: number | undefined
}

async function main(): Promise<number> {
  const { values, positionals: filters } = parseArgs({
    allowPositionals: true,
    options: { verbose: { type: 'boolean', short: 'v' }, raise: { type: 'boolean' } },
  })
  const scenarios = listRecorded().filter(
    (name) => filters.length === 0 || filters.some((part) => name.includes(part)),
  )
  if (scenarios.length === 0) {
    console.error(`no recorded scenario has ${filters.join(' or ')} in its name`)
    return 2
  }
  const replay = await loadReplay()
  const floors = readFloors()
  const rows: Row[] = []
  for (const scenario of scenarios) {
    const row = await runScenario(scenario, replay, floors, values.verbose ?? false)
    if (row !== undefined) rows.push(row)
  }
  printTotal(rows)
  if (values.raise)
    writeFloors(raise(floors, Object.fromEntries(rows.map((row) => [row.scenario, row.agreed]))))
  return rows.some(isBelowFloor) ? 1 : 0
}

async function runScenario(
  scenario: string,
  replay: Replay,
  floors: Floors,
  verbose: boolean,
): Promise<Row | undefined> {
  if (!hasRecording(scenario)) {
    console.log(`${scenario.padEnd(NAME_WIDTH)}  has a recording, but no scenario`)
    return undefined
  }
  const row: Row = { scenario, agreed: 0, all: 0, floor: floors[scenario] }
  try {
    const verdicts = await judge(scenario, replay)
    row.agreed = verdicts.agreed
    row.all = verdicts.commands.length
    printRow(row, verdicts.otherIdentity > 0 ? `(${verdicts.otherIdentity} more but for identities)` : '')
    if (verbose) console.log(disagreements(verdicts, true).join('\n'))
  } catch (error) {
    printRow(row, `(stopped: ${error instanceof Error && verbose ? error.stack : error})`)
  }
  return row
}

const NAME_WIDTH = 28

function isBelowFloor({ agreed, floor }: Row): boolean {
  return floor !== undefined && agreed < floor
}

function printRow(row: Row, remark: string): void {
  const { scenario, agreed, all, floor } = row
  const percent = all === 0 ? '-' : `${((100 * agreed) / all).toFixed(1)} %`
  const columns = [
    scenario.padEnd(NAME_WIDTH),
    `${agreed}/${all}`.padStart(9),
    percent.padStart(8),
    String(floor ?? '-').padStart(6),
    isBelowFloor(row) ? 'BELOW' : '',
    remark,
  ]
  console.log(columns.filter((column) => column !== '').join('  '))
}

function printTotal(rows: readonly Row[]): void {
  const sum = (value: (row: Row) => number) => rows.reduce((total, row) => total + value(row), 0)
  const total = {
    agreed: sum((row) => row.agreed),
    all: sum((row) => row.all),
    floor: sum((row) => row.floor ?? 0),
  }
  printRow({ scenario: 'total', ...total }, '')
}

console.log(
  `${'scenario'.padEnd(NAME_WIDTH)}  ${'agreed'.padStart(9)}  ${'percent'.padStart(8)}  ${'floor'.padStart(6)}`,
)
process.exitCode = await main()
