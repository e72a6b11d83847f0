/** Joins the screen's ports to the course and the sessions. */

import { addExplainWords, type Surroundings } from '../../course/explain/words.ts'
import { services } from '../../session/services.ts'
import { openSession, type Session } from '../../session/session.ts'
import { createWorld } from '../../sim/world/create.ts'
import type { SessionListener, ShellScreen, ShellSession, Size, Tutor, WorldChoice } from '../ports.ts'
import type { QuizSource } from './course-files.ts'
import { editedLine } from './edited-line.ts'
import { openGlossary } from './glossary.ts'
import { resumed, TRACE_CAPACITY } from './resumed.ts'
import { driveSession, splitSaved } from './shell-session.ts'
import { sideText } from './side.ts'

export interface CourseFiles {
  readonly lessons: readonly { readonly name: string; readonly text: string }[]
  readonly quiz: readonly { readonly name: string; readonly text: string }[]
  readonly glossary?: { readonly name: string; readonly text: string } | null
}

/** What the course may do outside of its worlds, when the learner says so. */
export interface Machine {
  /** Writes a file where the program was started; its path, or throws a sentence. */
  readonly saveFile: (name: string, bytes: Uint8Array) => string
  /** How much faster than the wall clock its worlds' clocks run. */
  readonly speed: number
  /** Pictures as sentences: for the course line by line. */
  readonly told: boolean
}

/** `seed`: for what is to be different each time. What reads the course is loaded when it is needed. */
export function createTutor(files: CourseFiles, seed: number, { saveFile, speed, told }: Machine): Tutor {
  const glossary = openGlossary(files.glossary ?? null)
  const surroundings: Surroundings = { lookUp: glossary.terms, saveFile, told }
  let rounds = 0
  let source: QuizSource | null = null
  const quizSource = async (): Promise<QuizSource> => {
    source ??= (await import('./course-files.ts')).readQuiz(files)
    return source
  }
  return {
    async openLesson(id, step, saved, screen, size, listener) {
      const { openLessonRun } = await import('./lesson-run.ts')
      const { readLesson } = await import('./course-files.ts')
      const lesson = readLesson(files.lessons, id, drawnWith(saved) ?? seed)
      await glossary.load()
      return openLessonRun({ lesson, step, saved, screen, size, listener, surroundings, speed })
    },
    async openSandbox(choice, saved, screen, size, listener) {
      void glossary.load()
      return openSandbox(choice, saved, screen, size, listener, { ...surroundings, speed })
    },
    async openQuiz(options, reviews, saved) {
      const { openQuizRun } = await import('./quiz-run.ts')
      await glossary.load()
      const given = { reviews, saved, seed: seed + rounds++ }
      return openQuizRun(await quizSource(), options, given, surroundings)
    },
    async quizMenu(reviews) {
      const { menuOf } = await import('./quiz-run.ts')
      return menuOf(await quizSource(), reviews, Date.now())
    },
  }
}

function openSandbox(
  { world: name, engine, seed }: WorldChoice,
  saved: string | null,
  screen: ShellScreen,
  size: Size,
  listener: SessionListener,
  surroundings: Surroundings & { readonly speed: number },
): ShellSession {
  const kept = saved === null ? null : restore(saved)
  const session =
    kept?.session ??
    openSession(createWorld(name, { engine, seed, traceCapacity: TRACE_CAPACITY }, services), size)
  addExplainWords(session, surroundings)
  const driven = driveSession({
    session,
    screen,
    listener,
    size,
    savedScreen: kept?.screen ?? null,
    newLine: editedLine,
    speed: surroundings.speed,
    head: () => ({}),
  })
  return { ...driven, look: (request) => sideText(session, surroundings, request) }
}

/** Null for what this version cannot read: the world is built anew. */
function restore(saved: string): { session: Session; screen: string } | null {
  try {
    const { screen, session } = splitSaved(saved)
    return { screen, session: resumed(session) }
  } catch {
    return null
  }
}

/** A lesson that was left goes on with the values that were drawn for it. */
function drawnWith(saved: string | null): number | null {
  if (saved === null) return null
  try {
    const { seed } = splitSaved(saved).head
    return typeof seed === 'number' ? seed : null
  } catch {
    return null
  }
}
