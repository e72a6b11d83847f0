/**
 * Deep copies of world data: plain objects, arrays, Maps, Sets and Uint8Arrays; anything else is shared, which is
 * right for strings and numbers. Frozen objects are taken for constants and shared too (images, frames in flight).
 */

export function clone<T>(value: T): T {
  return copy(value) as T
}

function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  if (Array.isArray(value)) return value.map(copy)
  if (value instanceof Map) {
    const result = new Map<unknown, unknown>()
    for (const [k, v] of value) result.set(k, copy(v))
    return result
  }
  if (value instanceof Set) return new Set(value)
  if (value instanceof Uint8Array) return value.slice()
  const source = value as Record<string, unknown>
  const result: Record<string, unknown> = {}
  for (const key of Object.keys(source)) result[key] = copy(source[key])
  return result
}
