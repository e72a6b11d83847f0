/** Where the learner left off in each lesson: opaque text, one file each, written without holding up the screen. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeAtomically, writeAtomicallyLater } from './atomic-file.ts'

export interface SnapshotStore {
  load(name: string): string | null
  /** The newest text wins; writes of one name never overlap. */
  save(name: string, text: string): void
  /** What is still under way, at once; for the way out. */
  flush(): void
  remove(name: string): void
  removeAll(): void
}

const SUFFIX = '.session'

export function openSnapshotStore(folder: string): SnapshotStore {
  const pathOf = (name: string): string => join(folder, `${name}${SUFFIX}`)
  const waiting = new Map<string, string>()
  const writing = new Map<string, string>()

  const next = (name: string): void => {
    const text = waiting.get(name)
    if (text === undefined || writing.has(name)) return
    waiting.delete(name)
    writing.set(name, text)
    // A failed save is no reason to stop a lesson; the next prompt saves again.
    writeAtomicallyLater(pathOf(name), text)
      .catch(() => {})
      .finally(() => {
        writing.delete(name)
        next(name)
      })
  }

  const remove = (name: string): void => {
    waiting.delete(name)
    rmSync(pathOf(name), { force: true })
  }

  return {
    load: (name) => waiting.get(name) ?? writing.get(name) ?? readText(pathOf(name)),
    save(name, text) {
      waiting.set(name, text)
      next(name)
    },
    flush() {
      for (const [name, text] of [...writing, ...waiting]) {
        try {
          writeAtomically(pathOf(name), text)
        } catch {}
      }
      waiting.clear()
    },
    remove,
    removeAll() {
      if (!existsSync(folder)) return
      for (const file of readdirSync(folder)) {
        if (file.endsWith(SUFFIX)) remove(file.slice(0, -SUFFIX.length))
      }
    },
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
