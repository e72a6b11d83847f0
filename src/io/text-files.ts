/** Text files of a folder, in the order of their names: the lessons and the question bank. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

export interface TextFile {
  /** As it is to be named to people. */
  readonly file: string
  readonly name: string
  readonly text: string
}

/** Throws what `fs` throws. */
export function readTextFiles(folder: string, suffix: string): TextFile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(suffix))
    .sort()
    .map((name) => ({
      file: join(folder, name),
      name: basename(name, suffix),
      text: readFileSync(join(folder, name), 'utf8'),
    }))
}

export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

export function readTextFile(path: string): string {
  return readFileSync(path, 'utf8')
}

/** False when there is something of that name already, which stays as it is. */
export function writeNew(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
