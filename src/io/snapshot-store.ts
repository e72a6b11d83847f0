/**
 * Where the learner left off in each lesson: opaque text, one file each. Written at once and without waiting for the
 * disk: a write that is still under way could lose, or overtake, a newer one when the program ends.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeAtomically } from './atomic-file.ts'

export interface SnapshotStore {
  load(name: string): string | null
  save(name: string, text: string): void
  remove(name: string): void
  removeAll(): void
}

const SUFFIX = '.session'

export function openSnapshotStore(folder: string): SnapshotStore {
  const pathOf = (name: string): string => join(folder, `${name}${SUFFIX}`)
  const remove = (name: string): void => rmSync(pathOf(name), { force: true })
  return {
    load: (name) => readText(pathOf(name)),
    save(name, text) {
      // A failed save is no reason to stop a lesson; the next prompt saves again.
      try {
        writeAtomically(pathOf(name), text, false)
      } catch {}
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
