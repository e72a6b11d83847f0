/** `lint` and `new`: for those who write lessons. */
import { dirname } from 'node:path'
import type { Problem } from '../course/lesson.ts'
import type { LintUnit, PackFiles } from '../headless/lint.ts'
import type { Place } from './place.ts'
import { attempt, print, Refusal } from './refusal.ts'

export interface LintWork {
  readonly files: PackFiles
  readonly seeds: number
}

export async function lintFolder(folder: string, seeds: number, place: Place): Promise<void> {
  const files = await packFiles(folder, place.lessons)
  const [{ formatProblem, lint }, { services }, { openWorkers }] = await Promise.all([
    import('../headless/lint.ts'),
    import('../session/services.ts'),
    import('../io/workers.ts'),
  ])
  const work: LintWork = { files, seeds }
  const workers = openWorkers<LintUnit, Problem[]>(place.program, work)
  try {
    const problems = await lint(files, { seeds, services, onProgress: showProgress, prove: workers.run })
    for (const problem of problems) print(`${formatProblem(problem)}\n`)
    if (problems.length > 0) process.exitCode = 1
  } finally {
    await workers.close()
  }
}

/** A bar on a terminal; elsewhere nothing but the end. */
function showProgress(done: number, all: number): void {
  const bar = '#'.repeat(Math.round((30 * done) / Math.max(1, all))).padEnd(30, '.')
  if (process.stderr.isTTY) process.stderr.write(`\r[${bar}] ${done} of ${all}${done === all ? '\n' : ''}`)
  else if (done === all) process.stderr.write(`${all} lessons and generated questions proven\n`)
}

/** A thread of `lint`: reads the same pack and proves what it is handed. */
export async function proveUnits({ files, seeds }: LintWork): Promise<void> {
  const [{ proveUnit, readPack }, { services }, { serveTasks }] = await Promise.all([
    import('../headless/lint.ts'),
    import('../session/services.ts'),
    import('../io/workers.ts'),
  ])
  const pack = readPack(files)
  serveTasks((unit: LintUnit) => proveUnit(pack, unit, { seeds, services }))
}

export async function writeLesson(wish: string): Promise<void> {
  const { newLesson, whatNext } = await import('../headless/new-lesson.ts')
  const lesson = newLesson(wish)
  if (typeof lesson === 'string') throw new Refusal(lesson, 2)
  const { writeNew } = await import('../io/text-files.ts')
  const isWritten = attempt(`cannot write ${lesson.file}`, () => writeNew(lesson.file, lesson.text))
  if (!isWritten)
    throw new Refusal(`${lesson.file} is there already; nothing was changed. Take another name.`, 1)
  print(whatNext(lesson.file))
}

/** The lessons and the question bank of a folder or a package, as their authors wrote them. */
async function packFiles(wish: string, own: string): Promise<PackFiles> {
  const { readFolder, readQuiz } = await import('../headless/library.ts')
  if (wish === own)
    return {
      lessons: attempt(`cannot read the lessons in ${wish}`, () => readFolder(wish, '.md')),
      quiz: readQuiz(wish),
      glossary: readFolder(wish, 'glossary.yaml')[0] ?? null,
    }
  if (wish.endsWith('.md'))
    throw new Refusal(
      `${wish} is one lesson; 'docker-net-tutor lint ${dirname(wish)}' proves it with the folder it stands in.`,
      2,
    )
  const { NoPack, openPackFolder } = await import('../io/pack-folder.ts')
  try {
    const { lessons, quiz, glossary, refused } = openPackFolder(wish, process.cwd())
    for (const { file, text } of refused) print(`${file}:1: ${text}\n`)
    if (refused.length > 0) process.exitCode = 1
    return { lessons, quiz, glossary }
  } catch (error) {
    if (error instanceof NoPack) throw new Refusal(error.message, 1)
    throw error
  }
}
