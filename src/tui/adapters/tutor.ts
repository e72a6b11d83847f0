/** Joins the screen's ports to the course and the sessions. */
import { services } from '../../session/services.ts'
import { openSession, Session } from '../../session/session.ts'
import { createWorld } from '../../sim/world/create.ts'
import type { SessionListener, ShellScreen, ShellSession, Size, Tutor, WorldChoice } from '../ports.ts'
import { plainLine } from './line-input.ts'
import { driveSession, splitSaved } from './shell-session.ts'

export interface CourseFiles {
  readonly lessons: readonly { readonly file: string; readonly text: string }[]
  readonly quiz: readonly { readonly file: string; readonly text: string }[]
}

export async function createTutor(_files: CourseFiles): Promise<Tutor> {
  return {
    openSandbox: async (choice, saved, screen, size, listener) =>
      openSandbox(choice, saved, screen, size, listener),
    openLesson: () => Promise.reject(new Error('The lessons are not there yet.')),
    openQuiz: () => Promise.reject(new Error('The quiz is not there yet.')),
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
    newLine: (_session, write) => plainLine(write),
  })
}

/** Null for what this version cannot read: the world is built anew. */
export function restore(saved: string): { session: Session; screen: string } | null {
  try {
    const { screen, session } = splitSaved(saved)
    return { screen, session: Session.restoreFrom(session, services) }
  } catch {
    return null
  }
}
