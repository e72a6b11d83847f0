// npm run conformance [-- FILTER… -v --raise]: replay the scenarios that have a recording and print how many
// of their commands agree with it. FILTER is a part of a scenario's name, -v adds a diff of each command that
// does not agree, --raise writes the new floors. Exit status 1 when a scenario is below its floor or its replay stops.

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
  readRecording,
  writeFloors,
} from './scenarios.ts'
import { parseTranscript } from './transcript.ts'

interface Row {
  scenario: string
  agreed: number
  all: number
  floor: number | undefined
  /** The replay itself failed: says nothing about the floor to write. */
  stopped: boolean
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
  printHeader()
  for (const scenario of scenarios) {
    const row = await runScenario(scenario, replay, floors, values.verbose ?? false)
    if (row !== undefined) rows.push(row)
  }
  printTotal(rows)
  const finished = rows.filter((row) => !row.stopped)
  if (values.raise)
    writeFloors(raise(floors, Object.fromEntries(finished.map((row) => [row.scenario, row.agreed]))))
  return rows.some((row) => row.stopped || isBelowFloor(row)) ? 1 : 0
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
  const all = parseTranscript(readRecording(scenario)).length
  const row: Row = { scenario, agreed: 0, all, floor: floors[scenario], stopped: false }
  try {
    const verdicts = await judge(scenario, replay)
    row.agreed = verdicts.agreed
    printRow(row, verdicts.otherIdentity > 0 ? `(${verdicts.otherIdentity} more but for identities)` : '')
    if (verbose) console.log(disagreements(verdicts, true).join('\n'))
  } catch (error) {
    row.stopped = true
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

function printHeader(): void {
  const columns = [
    'scenario'.padEnd(NAME_WIDTH),
    'agreed'.padStart(9),
    'percent'.padStart(8),
    'floor'.padStart(6),
  ]
  console.log(columns.join('  '))
}

function printTotal(rows: readonly Row[]): void {
  const sum = (value: (row: Row) => number) => rows.reduce((total, row) => total + value(row), 0)
  const total = {
    agreed: sum((row) => row.agreed),
    all: sum((row) => row.all),
    floor: sum((row) => row.floor ?? 0),
  }
  printRow({ scenario: 'total', ...total, stopped: false }, '')
}

process.exitCode = await main()
