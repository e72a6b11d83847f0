/** JSON as Go writes it: structs in the order of their fields, maps by key, no escaping of `<`, `>`, `&`. encoding/json */
import type { ApiValue } from '../../sim/base/api-value.ts'

export function compactJson(value: ApiValue): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'string') return quote(value)
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return `[${value.map(compactJson).join(',')}]`
  return `{${members(value)
    .map(([key, member]) => `${quote(key)}:${compactJson(member)}`)
    .join(',')}}`
}

/** Four blanks for each level, as `docker inspect` prints; empty lists and objects stay on one line. */
export function indentedJson(value: ApiValue, indent = ''): string {
  if (typeof value !== 'object' || value === null) return compactJson(value)
  const inner = `${indent}    `
  const list = Array.isArray(value)
  const parts = list
    ? value.map((item) => `${inner}${indentedJson(item, inner)}`)
    : members(value).map(([key, member]) => `${inner}${quote(key)}: ${indentedJson(member, inner)}`)
  if (parts.length === 0) return list ? '[]' : '{}'
  return `${list ? '[' : '{'}\n${parts.join(',\n')}\n${indent}${list ? ']' : '}'}`
}

/** Fields of a struct (those left out are left out), or entries of a map in the order of their keys. */
function members(
  value: Exclude<ApiValue, string | number | boolean | null | undefined | ApiValue[]>,
): [string, ApiValue][] {
  if (value instanceof Map) return sortedEntries(value)
  return Object.entries(value).filter(([, member]) => member !== undefined)
}

export function sortedEntries(map: ReadonlyMap<string, ApiValue>): [string, ApiValue][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
}

/** Nothing in it needs to be escaped. */
const PLAIN = /^[ !#-[\]-~]*$/

function quote(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`
  return JSON.stringify(text).replace(/[\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`)
}
