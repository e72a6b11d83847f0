/** Worlds, commands and lessons in a line or two. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseCommandLine } from '../../src/course/command-line.ts'
import type { CommandLine, Lesson } from '../../src/course/lesson.ts'
import type { CourseFile } from '../../src/course/load.ts'
import { parseLesson } from '../../src/course/parse.ts'
import { type Runner, runnerFor } from '../../src/course/runner.ts'
import { word } from '../../src/render/words.ts'
import { createWorld } from '../../src/sim/world/create.ts'
import type { World } from '../../src/sim/world/world.ts'

export const services = { word }

export function makeWorld(name: string, seed = 1): World {
  return createWorld(name, { engine: '20.10', seed }, services)
}

export function line(text: string): CommandLine {
  return parseCommandLine(text, 1)!
}

/** A world in which these lines have been run. */
export async function worldAfter(name: string, lines: readonly string[], seed = 1): Promise<Runner> {
  const runner = runnerFor(makeWorld(name, seed))
  for (const text of lines) {
    const result = await runner.run(line(text))
    if (result.status !== 0) throw new Error(`${text}: ${result.errors}`)
  }
  return runner
}

const root = resolve(import.meta.dirname, '../../lessons')

export function packFiles(): { lessons: CourseFile[]; quiz: CourseFile[] } {
  const read = (folder: string, ending: string): CourseFile[] =>
    readdirSync(folder)
      .filter((name) => name.endsWith(ending))
      .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
  return { lessons: read(root, '.md'), quiz: read(join(root, 'quiz'), '.yaml') }
}

const FRONT = `---
format: 1
id: tried
title: Tried
section: "None"
world: linux
engine: "20.10"
requires: []
minutes: 1
vars:
  extra: { pick: [0, 1] }
---

Why it matters.

## One step
`

export function lessonText(body: string): string {
  return FRONT + body
}

/** Lines of the body begin after this one. */
export const BODY_STARTS = FRONT.split('\n').length - 1

export function lesson(body: string): Lesson {
  const { lesson: read, problems } = parseLesson('tried.md', lessonText(body))
  if (read === null || problems.length > 0) throw new Error(JSON.stringify(problems))
  return read
}
