/** Files that are whole at any moment: written beside, (forced to the disk,) renamed over the old one. */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

let counter = 0

function beside(path: string): string {
  counter += 1
  return `${path}.${process.pid}-${counter}.tmp`
}

/** `forced`: waits for the disk, so that it outlasts a power failure too; a kill it outlasts anyway. */
export function writeAtomically(path: string, text: string, forced = true): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const unfinished = beside(path)
  const fd = openSync(unfinished, 'w', 0o600)
  try {
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
    if (forced) fsyncSync(fd)
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
