/**
 * A lock between two copies of the program: a file that only one can make, with the owner's name in it. One that its
 * owner left behind (it was killed) is taken over: at once where the owner is known to be gone, else after a while.
 */
import { mkdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'

/** Nobody works this long under it. */
const STALE_MS = 5_000
const WAIT_MS = 10
const TRIES = 800

/** Runs `work` alone; throws what `work` throws. */
export function withLock<T>(path: string, work: () => T): T {
  acquire(path)
  try {
    return work()
  } finally {
    rmSync(path, { force: true })
  }
}

function acquire(path: string): void {
  for (let i = 0; ; i++) {
    try {
      writeFileSync(path, `${process.pid} ${hostname()}`, { flag: 'wx' })
      return
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      // An older version's lock was a folder.
      if ((code !== 'EEXIST' && code !== 'EISDIR') || i >= TRIES) throw error
    }
    if (isLeft(path)) takeAway(path)
    else pause(WAIT_MS)
  }
}

function isLeft(path: string): boolean {
  return isOlderThan(path, STALE_MS) || isOwnerGone(path)
}

function isOlderThan(path: string, ms: number): boolean {
  try {
    return Date.now() - statSync(path).mtimeMs > ms
  } catch {
    return false
  }
}

function isOwnerGone(path: string): boolean {
  let owner: string[]
  try {
    owner = readFileSync(path, 'utf8').split(' ')
  } catch {
    return false
  }
  const [pid = '', host = ''] = owner
  if (host !== hostname() || !/^\d+$/.test(pid)) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

/** One at a time, and only what is still left behind then: else it might be the lock that another one just took. */
function takeAway(path: string): void {
  const guard = `${path}.taking`
  try {
    mkdirSync(guard)
  } catch {
    if (isOlderThan(guard, STALE_MS)) removeFolder(guard)
    else pause(WAIT_MS)
    return
  }
  try {
    if (isLeft(path)) rmSync(path, { force: true, recursive: true })
  } finally {
    removeFolder(guard)
  }
}

function removeFolder(path: string): void {
  try {
    rmdirSync(path)
  } catch {}
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
