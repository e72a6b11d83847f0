/**
 * Copies of a world: in memory (undo, probing a goal) and as text (saving). The text is JSON in which Maps, Sets,
 * byte arrays and the numbers that JSON lacks carry a tag. `services` and `trace` are not part of it.
 */
import { clone } from '../base/clone.ts'
import type { Services } from '../kernel/simulation.ts'
import { createTrace, type Trace } from '../kernel/trace.ts'
import type { World } from './world.ts'

export const WORLD_FORMAT = 2

/** A copy that shares nothing that may change. Its trace is empty; `traced` says whether it has one. */
export function cloneWorld(world: World, traced = world.trace !== null): World {
  const { trace, services, ...data } = world
  return { ...clone(data), services, trace: traced ? createTrace(trace?.capacity ?? 10_000) : null }
}

/** The world as text; two worlds that are the same give the same text. */
export function serializeWorld(world: World): string {
  const { trace: _trace, services: _services, ...data } = world
  return serializeData(data)
}

/** Throws `SyntaxError` when the text is no world of this format. */
export function deserializeWorld(text: string, services: Services, trace: Trace | null): World {
  const data = deserializeData(text) as Partial<World> | null
  if (data?.format !== WORLD_FORMAT) throw new SyntaxError('not a saved world of this format')
  return { ...(data as World), services, trace }
}

export function serializeData(data: unknown): string {
  return JSON.stringify(data, (_key, value) => tagged(value))
}

export function deserializeData(text: string): unknown {
  return JSON.parse(text, (_key, value) => untagged(value))
}

function tagged(value: unknown): unknown {
  if (value instanceof Map) return { $map: [...value] }
  if (value instanceof Set) return { $set: [...value] }
  if (value instanceof Uint8Array) return { $bytes: toHex(value) }
  if (typeof value === 'number' && !Number.isFinite(value)) return { $number: String(value) }
  return value
}

function untagged(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const tag = value as { $map?: [unknown, unknown][]; $set?: unknown[]; $bytes?: string; $number?: string }
  if (tag.$map !== undefined) return new Map(tag.$map)
  if (tag.$set !== undefined) return new Set(tag.$set)
  if (tag.$bytes !== undefined) return fromHex(tag.$bytes)
  if (tag.$number !== undefined) return Number(tag.$number)
  return value
}

function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}

function fromHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16)
  return bytes
}
