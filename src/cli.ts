#!/usr/bin/env node
import { existsSync, writeFileSync } from 'node:fs'
import module from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isMainThread, workerData } from 'node:worker_threads'
import type { Problem } from './course/lesson.ts'
/**
 * The program: reads its arguments and hands over to the screen, to the line-by-line course or to a command. What a
 * command does not need is not loaded.
 */
import type { LessonHead } from './course/lesson-head.ts'
import type { Reviews } from './course/reviews.ts'
import { type Common, parseArguments, type Request, USAGE } from './headless/arguments.ts'
import type { Library } from './headless/library.ts'
import type { LintUnit, PackFiles } from './headless/lint.ts'
import type { ProgressStore } from './io/progress-store.ts'
import type { SnapshotStore } from './io/snapshot-store.ts'
import { stateFolder } from './io/state-folder.ts'
import { OPEN_ROUND, openRoundIn } from './tui/progress/open-round.ts'

declare const VERSION: string | undefined

/** Beside the bundle's folder in the package, beside `src` in the repository. */
const LESSONS = fileURLToPath(new URL('../lessons', import.meta.url))

/** What went wrong and what to do about it, for the person at the keyboard; no stack. */
class Refusal extends Error {
  readonly status: number
  constructor(message: string, status: number) {
    super(message)
    this.status = status
  }
}

/** What goes with any command: packs, the language. */
let choice: Pick<Common, 'packs' | 'lang'> = { packs: [], lang: null }

async function main(argv: readonly string[]): Promise<void> {
  const parsed = parseArguments(argv)
  if (!parsed.ok) throw new Refusal(parsed.message, 2)
  const { request } = parsed
  choice = parsed
  switch (request.kind) {
    case 'help':
      return print(USAGE)
    case 'version':
      return print(`${typeof VERSION === 'string' ? VERSION : 'unbuilt'}\n`)
    case 'replay':
      return replayFile(request)
    case 'lint':
      return lintFolder(request.folder ?? LESSONS, request.seeds)
    case 'new':
      return writeLesson(request.lesson)
    case 'schema':
      return print((await import('./course/json-schema.ts')).lessonJsonSchema())
    case 'list':
    case 'progress':
    case 'progress-export':
    case 'progress-import':
    case 'reset':
      return progressCommand(request)
    default:
      return openCourse(request, parsed.linear)
  }
}

function print(text: string): void {
  process.stdout.write(text)
}

async function replayFile(request: Request & { kind: 'replay' }): Promise<void> {
  const { readTextFile } = await import('./io/text-files.ts')
  const { file, world, engine, seed } = request
  const text = attempt(`cannot read ${file}`, () => readTextFile(file))
  const { replay } = await import('./headless/replay.ts')
  const { ScenarioError } = await import('./headless/scenario.ts')
  try {
    print(await replay(text, { world, engine, seed }))
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error
    process.stderr.write(`${file}:${error.line}: ${error.message}\n`)
    process.exitCode = 1
  }
}

interface LintWork {
  readonly files: PackFiles
  readonly seeds: number
}

async function lintFolder(folder: string, seeds: number): Promise<void> {
  const files = await packFiles(folder)
  const [{ formatProblem, lint }, { services }, { openWorkers }] = await Promise.all([
    import('./headless/lint.ts'),
    import('./session/services.ts'),
    import('./io/workers.ts'),
  ])
  const work: LintWork = { files, seeds }
  const workers = openWorkers<LintUnit, Problem[]>(fileURLToPath(import.meta.url), work)
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
async function proveUnits({ files, seeds }: LintWork): Promise<void> {
  const [{ proveUnit, readPack }, { services }, { serveTasks }] = await Promise.all([
    import('./headless/lint.ts'),
    import('./session/services.ts'),
    import('./io/workers.ts'),
  ])
  const pack = readPack(files)
  serveTasks((unit: LintUnit) => proveUnit(pack, unit, { seeds, services }))
}

async function writeLesson(wish: string): Promise<void> {
  const { newLesson, whatNext } = await import('./headless/new-lesson.ts')
  const lesson = newLesson(wish)
  if (typeof lesson === 'string') throw new Refusal(lesson, 2)
  const { writeNew } = await import('./io/text-files.ts')
  const isWritten = attempt(`cannot write ${lesson.file}`, () => writeNew(lesson.file, lesson.text))
  if (!isWritten)
    throw new Refusal(`${lesson.file} is there already; nothing was changed. Take another name.`, 1)
  print(whatNext(lesson.file))
}

async function progressCommand(request: Request): Promise<void> {
  const store = await openStore()
  if (store.movedTo !== null) process.stderr.write(`docker-net-tutor: ${damaged(store)}\n`)
  switch (request.kind) {
    case 'progress-export': {
      const { formatProgress } = await import('./course/progress-file.ts')
      return print(formatProgress(store.events()))
    }
    case 'progress-import':
      return importProgress(store, request.file)
    case 'reset':
      return reset(store, request.id)
    default:
      return listLessons(store, request)
  }
}

async function openStore(): Promise<ProgressStore> {
  const [{ openProgressStore }, { PROGRESS_FILE }] = await Promise.all([
    import('./io/progress-store.ts'),
    import('./course/progress-file.ts'),
  ])
  return openProgressStore(stateFolder(), PROGRESS_FILE)
}

async function listLessons(store: ProgressStore, request: Request): Promise<void> {
  const { lessonList, progressJson, progressText } = await import('./tui/progress/listing-text.ts')
  const { listingOf } = await import('./tui/progress/listing.ts')
  const { marksOf } = await import('./course/progress.ts')
  const listing = listingOf((await openShelf()).heads, marksOf(store.events()))
  if (request.kind === 'list') print(lessonList(listing))
  else print(request.kind === 'progress' && request.json ? progressJson(listing) : progressText(listing))
}

async function importProgress(store: ProgressStore, file: string): Promise<void> {
  const { parseProgress } = await import('./course/progress-file.ts')
  const { readTextFile } = await import('./io/text-files.ts')
  const parsed = parseProgress(attempt(`cannot read ${file}`, () => readTextFile(file)))
  if (parsed.kind === 'newer') {
    throw new Refusal(
      `${file} is of a newer docker-net-tutor (format ${parsed.format}). Update this one first.`,
      1,
    )
  }
  if (parsed.kind === 'damaged') {
    throw new Refusal(
      `${file} is not what 'docker-net-tutor progress export' writes. Nothing was changed.`,
      1,
    )
  }
  print(`${store.merge(parsed.events)} new entries taken over from ${file}\n`)
}

async function reset(store: ProgressStore, id: string | null): Promise<void> {
  requireLesson((await openShelf()).heads, id)
  const { openSnapshotStore } = await import('./io/snapshot-store.ts')
  const snapshots = openSnapshotStore(stateFolder())
  store.append({ kind: 'reset', lesson: id })
  if (id === null) snapshots.removeAll()
  else snapshots.remove(id)
  print(id === null ? 'All progress is forgotten.\n' : `The progress of '${id}' is forgotten.\n`)
}

async function openShelf(): Promise<Library> {
  const { openLibrary } = await import('./headless/library.ts')
  try {
    const from = process.cwd()
    const library = await openLibrary({ ...choice, folder: LESSONS, from, env: process.env })
    for (const text of library.complaints) process.stderr.write(`${text}\n`)
    return library
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Refusal(`cannot read the lessons in ${LESSONS} (${code ?? String(error)}).`, 1)
  }
}

function requireLesson(heads: readonly LessonHead[], id: string | null): void {
  if (id === null || heads.some((head) => head.id === id)) return
  throw new Refusal(`there is no lesson '${id}'. 'docker-net-tutor list' names all of them.`, 1)
}

type CourseRequest = Request & { kind: 'course' | 'lesson' | 'quiz' | 'sandbox' }

async function openCourse(request: CourseRequest, linear: boolean): Promise<void> {
  keepCompiledCode()
  if (request.kind === 'quiz' && request.exportTo !== null) requireFolderOf(request.exportTo)
  const [store, { openSnapshotStore }, { isInteractive, openTerminal }] = await Promise.all([
    openStore(),
    import('./io/snapshot-store.ts'),
    import('./io/terminal.ts'),
  ])
  const library = await openShelf()
  const { heads } = library
  if (request.kind === 'lesson') requireLesson(heads, request.id)
  const folder = stateFolder()
  store.requireWritable()
  const { marksOf } = await import('./course/progress.ts')
  const { reviewsOf } = await import('./course/reviews.ts')
  const isLinear = linear || !isInteractive()
  const snapshots = openSnapshotStore(folder)
  const ports = {
    lessons: heads,
    progress: {
      marks: () => marksOf(store.events()),
      record: (event: { readonly kind: string }) => void store.append(event),
      reviews: () => reviewsOf(store.events()),
    },
    writeFile,
    snapshots,
    loadTutor: async () =>
      (await import('./tui/adapters/tutor.ts')).createTutor(
        library.files(),
        drawSeed(process.env['DOCKER_NET_TUTOR_SEED']),
        {
          saveFile: (await import('./io/own-file.ts')).saveOwnFile,
          told: isLinear,
          speed: clockSpeed(process.env['DOCKER_NET_TUTOR_SPEED']),
        },
      ),
    notice: store.movedTo === null ? null : damaged(store),
  }
  if (request.kind === 'quiz' && request.json) return quizLines(request, library.files(), ports)
  const round = request.kind === 'course' ? roundLeft(store, snapshots) : null
  if (isLinear) {
    const { openLines } = await import('./io/lines.ts')
    const { runLinear } = await import('./tui/linear/linear.ts')
    const given = round === null ? request : { kind: 'quiz' as const, ...round }
    process.exitCode = await runLinear({ ...ports, request: given, io: openLines(), asked: linear })
    return
  }
  const device = openTerminal()
  const { boot, refuseSmall } = await import('./tui/boot.ts')
  const tooSmall = refuseSmall(device.size())
  if (tooSmall !== null) throw new Refusal(tooSmall, 1)
  const open =
    round === null
      ? opening(request, ports.progress.marks().inside, heads)
      : ({ kind: 'open-quiz', options: round } as const)
  await boot({ ...ports, device, open, describe: describeFailure })
}

/** `quiz --json`. */
async function quizLines(
  request: Request & { kind: 'quiz' },
  files: PackFiles,
  ports: QuizPorts,
): Promise<void> {
  const [{ quizJson }, { services }, { openLines }] = await Promise.all([
    import('./headless/quiz-json.ts'),
    import('./session/services.ts'),
    import('./io/lines.ts'),
  ])
  const { next, print: say } = openLines()
  const { progress } = ports
  const options = { ...request, seed: request.seed ?? Date.now() % 1_000_000 }
  const round = await quizJson(options, {
    files,
    services,
    reviews: progress.reviews(),
    now: () => Date.now(),
    next,
    print: say,
    record: progress.record,
  })
  process.stdin.unref()
  if (round === null) process.exitCode = 1
  else if (request.exportTo !== null) {
    const { reportJson, reportMarkdown } = await import('./course/quiz-report.ts')
    const report = request.exportTo.endsWith('.json') ? reportJson : reportMarkdown
    writeFile(request.exportTo, report(round.result(), round.reportHead()))
  }
}

/** A round of the quiz that was on when the program was left, unless a lesson was opened since. */
function roundLeft(store: ProgressStore, snapshots: SnapshotStore) {
  const round = openRoundIn(snapshots.load(OPEN_ROUND))
  const entered = store.events().findLast(({ kind }) => kind === 'step-entered')
  return round === null || (entered !== undefined && entered.at > round.at) ? null : round.options
}

interface QuizPorts {
  readonly progress: {
    record(event: { readonly kind: string }): void
    reviews(): Reviews
  }
}

/** What the learner asked for by name; the path that was written. */
function writeFile(name: string, text: string): string {
  const path = resolve(name)
  writeFileSync(path, text)
  return path
}

/** Before somebody works for a result. */
function requireFolderOf(file: string): void {
  const folder = dirname(resolve(file))
  if (!existsSync(folder)) throw new Refusal(`there is no folder ${folder} to write ${file} into.`, 1)
}

/** A number from 1 to 1000: for those who cannot wait for a ping, and for tests. */
function clockSpeed(wish: string | undefined): number {
  const speed = Number(wish)
  return speed >= 1 && speed <= 1000 ? speed : 1
}

/** Without a wish of its own the course opens where it was left: in a lesson that was open, or on the map. */
function opening(request: CourseRequest, inside: string | null, heads: readonly LessonHead[]) {
  switch (request.kind) {
    case 'course':
      return heads.some((head) => head.id === inside) ? ({ kind: 'open-lesson', id: inside! } as const) : null
    case 'lesson':
      return { kind: 'open-lesson', id: request.id } as const
    case 'quiz': {
      const { kind: _kind, json: _json, ...options } = request
      return { kind: 'open-quiz', options } as const
    }
    case 'sandbox': {
      const { kind: _kind, ...choice } = request
      return { kind: 'open-sandbox', choice } as const
    }
  }
}

/** The lessons and the question bank of a folder or a package, as their authors wrote them. */
async function packFiles(wish: string): Promise<PackFiles> {
  const { readFolder, readQuiz } = await import('./headless/library.ts')
  if (wish === LESSONS)
    return {
      lessons: attempt(`cannot read the lessons in ${wish}`, () => readFolder(wish, '.md')),
      quiz: readQuiz(wish),
      glossary: readFolder(wish, 'glossary.yaml')[0] ?? null,
    }
  const { NoPack, openPackFolder } = await import('./io/pack-folder.ts')
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

/** What is drawn anew each time is the same again with a given seed: for tests, and for showing a fault twice. */
function drawSeed(given: string | undefined): number {
  return (given === undefined || given === '' ? Date.now() : Number(given)) >>> 0
}

function damaged(store: ProgressStore): string {
  return `${store.file} was damaged; it is kept as ${store.movedTo}. Your progress starts anew.`
}

/** Node 22 keeps compiled code between runs; in our own folder, because nothing else is ours to write to. */
function keepCompiledCode(): void {
  const { enableCompileCache } = module as { enableCompileCache?: (folder: string) => unknown }
  enableCompileCache?.(join(stateFolder(), 'compiled'))
}

function attempt<T>(what: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw new Refusal(`${what} (${(error as NodeJS.ErrnoException).code ?? String(error)}).`, 1)
  }
}

function describeFailure(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return `docker-net-tutor: something went wrong; your progress is saved.\n${text}\n`
}

const started = isMainThread ? main(process.argv.slice(2)) : proveUnits(workerData as LintWork)
started.catch((error: unknown) => {
  const isRefusal = error instanceof Refusal || (error instanceof Error && error.name === 'StoreError')
  process.stderr.write(isRefusal ? `docker-net-tutor: ${(error as Error).message}\n` : describeFailure(error))
  process.exitCode = error instanceof Refusal ? error.status : isRefusal ? 1 : 70
})
