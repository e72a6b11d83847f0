/** Files that are whole at any moment: written beside, forced to the disk, renamed over the old one. */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

let counter = 0

function beside(path: string): string {
  counter += 1
  return `${path}.${process.pid}-${counter}.tmp`
}

export function writeAtomically(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const unfinished = beside(path)
  const fd = openSync(unfinished, 'w', 0o600)
  try {
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
  try {
    renameSync(unfinished, path)
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw error
  }
}

/**
 * The same without holding up the screen. It does not wait for the disk: what is lost by that when the power fails is
 * one prompt's work, and waiting would lose as much when the program is killed.
 */
export async function writeAtomicallyLater(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const unfinished = beside(path)
  try {
    await writeFile(unfinished, text, { mode: 0o600 })
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
}
