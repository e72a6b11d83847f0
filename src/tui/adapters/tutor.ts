/** Joins the screen's ports to the course and the sessions. */

import { instantiate } from '../../course/instantiate.ts'
import { findLesson, loadCourse } from '../../course/load.ts'
import { loadBank } from '../../course/quiz-bank.ts'
import { services } from '../../session/services.ts'
import { openSession, Session } from '../../session/session.ts'
import { createWorld } from '../../sim/world/create.ts'
import type { SessionListener, ShellScreen, ShellSession, Size, Tutor, WorldChoice } from '../ports.ts'
import { editedLine } from './edited-line.ts'
import { openLessonRun } from './lesson-run.ts'
import { LESSON_SEED } from './lesson-world.ts'
import { openQuizRun } from './quiz-run.ts'
import { driveSession, splitSaved } from './shell-session.ts'

export interface CourseFiles {
  readonly lessons: readonly { readonly name: string; readonly text: string }[]
  readonly quiz: readonly { readonly name: string; readonly text: string }[]
}

/** `seed`: for what is to be different each time. */
export function createTutor(files: CourseFiles, seed: number): Tutor {
  const { course } = loadCourse(files.lessons)
  const { bank } = loadBank(files.quiz, course)
  let rounds = 0
  return {
    async openLesson(id, step, saved, screen, size, listener) {
      const found = findLesson(course, id)
      if (found === null)
        throw new Error(`The lesson '${id}' cannot be read; 'docker-net-tutor lint' says why.`)
      const lesson = instantiate(found, LESSON_SEED)
      return openLessonRun({ lesson, step, saved, screen, size, listener })
    },
    openSandbox: async (choice, saved, screen, size, listener) =>
      openSandbox(choice, saved, screen, size, listener),
    openQuiz: (options, missed) => openQuizRun(course, bank, options, missed, seed + rounds++),
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
