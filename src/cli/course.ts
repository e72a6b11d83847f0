/** The course itself: on the screen, line by line, or as JSON lines. */
import { existsSync } from 'node:fs'
import module from 'node:module'
import { dirname, join, resolve } from 'node:path'
import type { LessonHead } from '../course/lesson-head.ts'
import type { Request } from '../headless/arguments.ts'
import type { ProgressStore } from '../io/progress-store.ts'
import type { SnapshotStore } from '../io/snapshot-store.ts'
import { stateFolder } from '../io/state-folder.ts'
import { OPEN_ROUND, openRoundIn } from '../tui/progress/open-round.ts'
import { damaged, openShelf, openStore, type Place, requireLesson } from './place.ts'
import { quizLines, writeFile } from './quiz-lines.ts'
import { describeFailure, Refusal } from './refusal.ts'

export type CourseRequest = Request & { kind: 'course' | 'lesson' | 'quiz' | 'sandbox' }

export async function openCourse(request: CourseRequest, linear: boolean, place: Place): Promise<void> {
  keepCompiledCode()
  if (request.kind === 'quiz' && request.exportTo !== null) requireFolderOf(request.exportTo)
  const [store, { openSnapshotStore }, { isInteractive, openTerminal }] = await Promise.all([
    openStore(),
    import('../io/snapshot-store.ts'),
    import('../io/terminal.ts'),
  ])
  const library = await openShelf(place)
  const { heads } = library
  if (request.kind === 'lesson') requireLesson(heads, request.id)
  const folder = stateFolder()
  store.requireWritable()
  const { marksOf } = await import('../course/progress.ts')
  const { reviewsOf } = await import('../course/reviews.ts')
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
      (await import('../tui/adapters/tutor.ts')).createTutor(
        library.files(),
        drawSeed(process.env['DOCKER_NET_TUTOR_SEED']),
        {
          saveFile: (await import('../io/own-file.ts')).saveOwnFile,
          told: isLinear,
          speed: clockSpeed(process.env['DOCKER_NET_TUTOR_SPEED']),
        },
      ),
    notice: store.movedTo === null ? null : damaged(store),
  }
  if (request.kind === 'quiz' && request.json) return quizLines(request, library.files(), ports)
  const round = request.kind === 'course' ? roundLeft(store, snapshots) : null
  if (isLinear) {
    const { openLines } = await import('../io/lines.ts')
    const { runLinear } = await import('../tui/linear/linear.ts')
    const given = round === null ? request : { kind: 'quiz' as const, ...round }
    const io = openLines()
    process.exitCode = await runLinear({ ...ports, request: given, io, asked: linear })
    io.close()
    return
  }
  const device = openTerminal()
  const { boot, refuseSmall } = await import('../tui/boot.ts')
  const tooSmall = refuseSmall(device.size())
  if (tooSmall !== null) throw new Refusal(tooSmall, 1)
  const open =
    round === null
      ? opening(request, ports.progress.marks().inside, heads)
      : ({ kind: 'open-quiz', options: round } as const)
  await boot({ ...ports, device, open, describe: describeFailure })
}

/** A round of the quiz that was on when the program was left, unless a lesson was opened since. */
function roundLeft(store: ProgressStore, snapshots: SnapshotStore) {
  const round = openRoundIn(snapshots.load(OPEN_ROUND))
  const entered = store.events().findLast(({ kind }) => kind === 'step-entered')
  return round === null || (entered !== undefined && entered.at > round.at) ? null : round.options
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

/** What is drawn anew each time is the same again with a given seed: for tests, and for showing a fault twice. */
function drawSeed(given: string | undefined): number {
  return (given === undefined || given === '' ? Date.now() : Number(given)) >>> 0
}

/** Node 22 keeps compiled code between runs; in our own folder, because nothing else is ours to write to. */
function keepCompiledCode(): void {
  const { enableCompileCache } = module as { enableCompileCache?: (folder: string) => unknown }
  enableCompileCache?.(join(stateFolder(), 'compiled'))
}
