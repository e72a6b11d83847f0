/** Where things are: the program's files, the learner's progress, the lessons of the course and of packs. */
import type { LessonHead } from '../course/lesson-head.ts'
import type { Common } from '../headless/arguments.ts'
import type { Library } from '../headless/library.ts'
import type { ProgressStore } from '../io/progress-store.ts'
import { stateFolder } from '../io/state-folder.ts'
import { Refusal } from './refusal.ts'

export interface Place {
  /** The program's own file; its threads run it too. */
  readonly program: string
  /** Folder of its own lessons. */
  readonly lessons: string
  /** What goes with any command: packs, the language. */
  readonly choice: Pick<Common, 'packs' | 'lang'>
}

export async function openStore(): Promise<ProgressStore> {
  const [{ openProgressStore }, { PROGRESS_FILE }] = await Promise.all([
    import('../io/progress-store.ts'),
    import('../course/progress-file.ts'),
  ])
  return openProgressStore(stateFolder(), PROGRESS_FILE)
}

export async function openShelf({ lessons, choice }: Place): Promise<Library> {
  const { openLibrary } = await import('../headless/library.ts')
  try {
    const from = process.cwd()
    const library = await openLibrary({ ...choice, folder: lessons, from, env: process.env })
    for (const text of library.complaints) process.stderr.write(`${text}\n`)
    return library
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Refusal(`cannot read the lessons in ${lessons} (${code ?? String(error)}).`, 1)
  }
}

export function requireLesson(heads: readonly LessonHead[], id: string | null): void {
  if (id === null || heads.some((head) => head.id === id)) return
  throw new Refusal(`there is no lesson '${id}'. 'docker-net-tutor list' names all of them.`, 1)
}

export function damaged(store: ProgressStore): string {
  return `${store.file} was damaged; it is kept as ${store.movedTo}. Your progress starts anew.`
}
