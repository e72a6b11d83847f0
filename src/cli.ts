#!/usr/bin/env node
/**
 * The program: reads its arguments and hands over to a command of `cli`. What a command does not need is not loaded.
 */
import { fileURLToPath } from 'node:url'
import { isMainThread, workerData } from 'node:worker_threads'
import type { LintWork } from './cli/lessons.ts'
import type { Place } from './cli/place.ts'
import { describeFailure, print, Refusal } from './cli/refusal.ts'
import { parseArguments, USAGE } from './headless/arguments.ts'

declare const VERSION: string | undefined

/** The lessons stand beside the bundle's folder in the package, beside `src` in the repository. */
const HERE: Omit<Place, 'choice'> = {
  program: fileURLToPath(import.meta.url),
  lessons: fileURLToPath(new URL('../lessons', import.meta.url)),
}

async function main(argv: readonly string[]): Promise<void> {
  const parsed = parseArguments(argv)
  if (!parsed.ok) throw new Refusal(parsed.message, 2)
  const { request, packs, lang } = parsed
  const place: Place = { ...HERE, choice: { packs, lang } }
  switch (request.kind) {
    case 'help':
      return print(USAGE)
    case 'version':
      return print(`${typeof VERSION === 'string' ? VERSION : 'unbuilt'}\n`)
    case 'replay':
      return (await import('./cli/replay.ts')).replayFile(request)
    case 'lint':
      return (await import('./cli/lessons.ts')).lintFolder(
        request.folder ?? HERE.lessons,
        request.seeds,
        place,
      )
    case 'new':
      return (await import('./cli/lessons.ts')).writeLesson(request.lesson)
    case 'schema':
      return print((await import('./course/json-schema.ts')).lessonJsonSchema())
    case 'list':
    case 'progress':
    case 'progress-export':
    case 'progress-import':
    case 'reset':
      return (await import('./cli/progress.ts')).progressCommand(request, place)
    default:
      return (await import('./cli/course.ts')).openCourse(request, parsed.linear, place)
  }
}

/** A thread of `lint` proves what it is handed. */
async function thread(work: LintWork): Promise<void> {
  return (await import('./cli/lessons.ts')).proveUnits(work)
}

const started = isMainThread ? main(process.argv.slice(2)) : thread(workerData as LintWork)
started.catch((error: unknown) => {
  const isRefusal = error instanceof Refusal || (error instanceof Error && error.name === 'StoreError')
  process.stderr.write(isRefusal ? `docker-net-tutor: ${(error as Error).message}\n` : describeFailure(error))
  process.exitCode = error instanceof Refusal ? error.status : isRefusal ? 1 : 70
})
