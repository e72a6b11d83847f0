/** Joins the screen's ports to the course and the sessions. */

import { services } from '../../session/services.ts'
import { openSession, Session } from '../../session/session.ts'
import { createWorld } from '../../sim/world/create.ts'
import type { SessionListener, ShellScreen, ShellSession, Size, Tutor, WorldChoice } from '../ports.ts'
import { editedLine } from './edited-line.ts'
import { driveSession, splitSaved } from './shell-session.ts'

export interface CourseFiles {
  readonly lessons: readonly { readonly name: string; readonly text: string }[]
  readonly quiz: readonly { readonly name: string; readonly text: string }[]
}

/** `seed`: for what is to be different each time. What reads the course is loaded when it is needed. */
export function createTutor(files: CourseFiles, seed: number): Tutor {
  let rounds = 0
  return {
    async openLesson(id, step, saved, screen, size, listener) {
      const { openLessonRun } = await import('./lesson-run.ts')
      const { readLesson } = await import('./course-files.ts')
      return openLessonRun({ lesson: readLesson(files.lessons, id), step, saved, screen, size, listener })
    },
    openSandbox: async (choice, saved, screen, size, listener) =>
      openSandbox(choice, saved, screen, size, listener),
    async openQuiz(options, missed) {
      const { openQuizRun } = await import('./quiz-run.ts')
      const { readQuiz } = await import('./course-files.ts')
      return openQuizRun(readQuiz(files), options, missed, seed + rounds++)
    },
  }
}

function openSandbox(
  { world: name, engine, seed }: WorldChoice,
  saved: string | null,
  screen: ShellScreen,
  size: Size,
  listener: SessionListener,
): ShellSession {
  const kept = saved === null ? null : restore(saved)
  const session = kept?.session ?? openSession(createWorld(name, { engine, seed }, services), size)
  return driveSession({
    session,
    screen,
    listener,
    size,
    savedScreen: kept?.screen ?? null,
    newLine: editedLine,
    head: () => ({}),
  })
}

/** Null for what this version cannot read: the world is built anew. */
function restore(saved: string): { session: Session; screen: string } | null {
  try {
    const { screen, session } = splitSaved(saved)
    return { screen, session: Session.restoreFrom(session, services) }
  } catch {
    return null
  }
}
