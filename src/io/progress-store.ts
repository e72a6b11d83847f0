/**
 * Progress on disk. Every write takes a lock, reads what stands there, adds its own events and replaces the file at
 * once: two copies of the program lose nothing. A damaged file is moved aside; one of a newer version is left alone.
 */
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { writeAtomically } from './atomic-file.ts'
import { withLock } from './lock.ts'

export interface StoredEvent {
  /** Unique in all copies of the program. */
  readonly id: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly kind: string
  readonly [field: string]: unknown
}

/** How the file is written and read, and how two lists become one. */
export interface ProgressFormat {
  readonly parse: (
    text: string,
  ) =>
    | { readonly kind: 'events'; readonly events: readonly StoredEvent[] }
    | { readonly kind: 'newer'; readonly format: number }
    | { readonly kind: 'damaged' }
  readonly format: (events: readonly StoredEvent[]) => string
  readonly merge: (...lists: readonly (readonly StoredEvent[])[]) => readonly StoredEvent[]
}

/** A sentence for the person who started the program: what is wrong and what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
}

export interface ProgressStore {
  readonly file: string
  events(): readonly StoredEvent[]
  /** Where a damaged file was moved to when this store was opened. */
  readonly movedTo: string | null
  /** Throws `StoreError`. */
  append(event: { readonly kind: string; readonly [field: string]: unknown }): StoredEvent
  /** Adds events from elsewhere; says how many were new. */
  merge(events: readonly StoredEvent[]): number
  /** Proves that progress can be saved, before the learner works for it. Throws `StoreError`. */
  requireWritable(): void
}

/** Throws `StoreError` when the file cannot be used; the folder is made when it is first written. */
export function openProgressStore(folder: string, format: ProgressFormat): ProgressStore {
  const file = join(folder, 'progress.json')
  const opened = readEvents(file, format)
  let events = opened.events
  const write = (added: readonly StoredEvent[]): void => {
    events = format.merge(events, update(folder, file, format, added))
  }
  return {
    file,
    events: () => events,
    movedTo: opened.movedTo,
    append(event) {
      const stored: StoredEvent = { ...event, id: randomUUID(), at: Date.now() }
      write([stored])
      return stored
    },
    merge(added) {
      const known = new Set(events.map(({ id }) => id))
      write(added)
      return added.filter(({ id }) => !known.has(id)).length
    },
    requireWritable: () => void update(folder, file, format, []),
  }
}

function update(
  folder: string,
  file: string,
  format: ProgressFormat,
  added: readonly StoredEvent[],
): readonly StoredEvent[] {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return withLock(`${file}.lock`, () => {
      const merged = format.merge(readEvents(file, format).events, added)
      writeAtomically(file, format.format(merged))
      return merged
    })
  } catch (error) {
    if (error instanceof StoreError) throw error
    throw new StoreError(notWritable(folder, error))
  }
}

function notWritable(folder: string, error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? String(error)
  return (
    `cannot save progress in ${folder} (${code}). Make the folder writable, ` +
    'or name another one in the environment variable DOCKER_NET_TUTOR_HOME.'
  )
}

function readEvents(
  file: string,
  format: ProgressFormat,
): { events: readonly StoredEvent[]; movedTo: string | null } {
  const text = readText(file)
  if (text === null) return { events: [], movedTo: null }
  const parsed = format.parse(text)
  switch (parsed.kind) {
    case 'events':
      return { events: parsed.events, movedTo: null }
    case 'newer':
      throw new StoreError(
        `${file} was written by a newer docker-net-tutor (format ${parsed.format}). ` +
          'Update docker-net-tutor, or name another folder in DOCKER_NET_TUTOR_HOME. The file was left as it is.',
      )
    case 'damaged':
      return { events: [], movedTo: moveAside(file) }
  }
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return null
    throw new StoreError(
      `cannot read ${file} (${code}). Make it readable, or name another folder in DOCKER_NET_TUTOR_HOME.`,
    )
  }
}

function moveAside(file: string): string | null {
  for (let n = 1; ; n++) {
    const target = `${file}.damaged-${n}`
    if (existsSync(target)) continue
    try {
      renameSync(file, target)
    } catch (error) {
      // Another copy of the program was faster.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw new StoreError(
        `${file} is damaged and cannot be moved aside (${(error as NodeJS.ErrnoException).code}). ` +
          'Move it away yourself and start again; nothing was changed.',
      )
    }
    return target
  }
}
