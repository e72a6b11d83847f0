// The scenarios that have a recording of Docker 20.10, and the floors: how many of their commands must agree.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { compare, type Verdicts } from './compare.ts'
import { RECORDED, type Replay } from './replay.ts'

export type Floors = Record<string, number>

const FLOORS = pathOf('floors.json')

function pathOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}

const recordingPath = (scenario: string) => pathOf(`recordings-20.10/${scenario}.txt`)
const scenarioPath = (scenario: string) => pathOf(`scenarios/${scenario}.scn`)

export function listRecorded(): string[] {
  const files = readdirSync(pathOf('recordings-20.10')).filter((file) => file.endsWith('.txt'))
  return files.map((file) => file.slice(0, -'.txt'.length)).sort()
}

export function hasRecording(scenario: string): boolean {
  return existsSync(recordingPath(scenario)) && existsSync(scenarioPath(scenario))
}

export function readRecording(scenario: string): string {
  return readFileSync(recordingPath(scenario), 'utf8')
}

/** Replays the scenario and holds the transcript against the recording. */
export async function judge(scenario: string, replay: Replay): Promise<Verdicts> {
  const simulated = await replay(readFileSync(scenarioPath(scenario), 'utf8'), RECORDED)
  return compare(readRecording(scenario), simulated)
}

export function readFloors(): Floors {
  return JSON.parse(readFileSync(FLOORS, 'utf8')) as Floors
}

export function writeFloors(floors: Floors): void {
  const sorted = Object.entries(floors).sort(([a], [b]) => (a < b ? -1 : 1))
  writeFileSync(FLOORS, `${JSON.stringify(Object.fromEntries(sorted), undefined, 2)}\n`)
}

/** Floors only rise. */
export function raise(floors: Floors, agreed: Floors): Floors {
  const raised = { ...floors }
  for (const [scenario, count] of Object.entries(agreed))
    raised[scenario] = Math.max(raised[scenario] ?? 0, count)
  return raised
}
