/**
 * A lock between two copies of the program: a folder that only one can make. One that its owner left behind (it was
 * killed) is taken over after a while.
 */
import { mkdirSync, rmdirSync, statSync } from 'node:fs'

const STALE_MS = 5_000
const WAIT_MS = 10
const TRIES = 200

/** Runs `work` alone; throws what `work` throws. */
export function withLock<T>(path: string, work: () => T): T {
  acquire(path)
  try {
    return work()
  } finally {
    rmdirSync(path)
  }
}

function acquire(path: string): void {
  for (let i = 0; ; i++) {
    try {
      mkdirSync(path)
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || i >= TRIES) throw error
    }
    if (isStale(path)) takeAway(path)
    else pause(WAIT_MS)
  }
}

function isStale(path: string): boolean {
  try {
    return Date.now() - statSync(path).mtimeMs > STALE_MS
  } catch {
    return false
  }
}

function takeAway(path: string): void {
  try {
    rmdirSync(path)
  } catch {}
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
