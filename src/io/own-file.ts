/** A file that the learner asked for by name, in the folder where the program was started. Nothing is overwritten. */
import { writeFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'

/** The path that was written; throws a sentence. */
export function saveOwnFile(name: string, bytes: Uint8Array): string {
  if (name !== basename(name) || name.startsWith('.') || name === '')
    throw new Error(`'${name}' is not the name of a file; it is written into the folder you came from.`)
  const path = resolve(name)
  try {
    writeFileSync(path, bytes, { flag: 'wx' })
    return path
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST')
      throw new Error(`${path} is there already; it was left as it is. Take another name.`)
    throw new Error(`cannot write ${path} (${code ?? String(error)}).`)
  }
}
