/** Functions of templates: Go's own and those that docker adds. text/template/funcs.go, docker/cli templates/templates.go */
import type { ApiValue } from '../../../sim/base/api-value.ts'
import { compactJson } from '../json.ts'
import { printed, truth, typeName } from './values.ts'

/** Throws an Error whose message is what Go says behind `error calling NAME: `. */
export type TemplateFunction = (...values: ApiValue[]) => ApiValue

function text(value: ApiValue): string {
  if (typeof value !== 'string')
    throw new Error(`wrong type for value; expected string; got ${typeName(value)}`)
  return value
}

function sizeOf(value: ApiValue): number {
  if (typeof value === 'string') return new TextEncoder().encode(value).length
  if (Array.isArray(value)) return value.length
  if (value instanceof Map) return value.size
  if (value === null) return 0
  throw new Error(value === undefined ? 'len of nil pointer' : `len of type ${typeName(value)}`)
}

function indexed(container: ApiValue, ...keys: ApiValue[]): ApiValue {
  return keys.reduce<ApiValue>((value, key) => {
    if (value instanceof Map) return value.get(String(key)) ?? (isScalarMap(value) ? '' : null)
    if (value === null || value === undefined) {
      if (typeof key === 'number') throw new Error(`index out of range: ${key}`)
      return null
    }
    if (Array.isArray(value) || typeof value === 'string') {
      if (typeof key !== 'number') throw new Error(`cannot index slice/array with type ${typeName(key)}`)
      if (key < 0 || key >= value.length) throw new Error(`index out of range: ${key}`)
      return typeof value === 'string' ? value.charCodeAt(key) : (value[key] as ApiValue)
    }
    throw new Error(`can't index item of type ${typeName(value)}`)
  }, container)
}

/** A key that is not there gives the zero value of the map's element type. */
function isScalarMap(map: ReadonlyMap<string, ApiValue>): boolean {
  for (const value of map.values()) if (typeof value !== 'string') return false
  return true
}

function equal(first: ApiValue, second: ApiValue): boolean {
  if (typeof first !== typeof second || typeof first === 'object')
    throw new Error(
      typeof first === 'object' || typeof second === 'object'
        ? 'non-comparable type'
        : 'incompatible types for comparison',
    )
  return first === second
}

function less(first: ApiValue, second: ApiValue): boolean {
  if (typeof first !== typeof second) throw new Error('incompatible types for comparison')
  if (typeof first === 'number') return first < (second as number)
  if (typeof first === 'string') return first < (second as string)
  throw new Error('invalid type for comparison')
}

const VERB = /%([-+# 0]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])/g

function printf(format: ApiValue, ...values: ApiValue[]): string {
  let used = 0
  const result = text(format).replace(
    VERB,
    (whole, flags: string, width: string, precision: string, verb: string) => {
      if (verb === '%') return '%'
      if (used >= values.length) return `%!${verb}(MISSING)`
      const shown = formatted(values[used++], verb, precision, whole)
      if (width === undefined) return shown
      return flags.includes('-')
        ? shown.padEnd(Number(width))
        : shown.padStart(Number(width), flags.includes('0') ? '0' : ' ')
    },
  )
  const extra = values.slice(used).map((value) => `${typeName(value)}=${printed(value)}`)
  return extra.length === 0 ? result : `${result}%!(EXTRA ${extra.join(', ')})`
}

function formatted(value: ApiValue, verb: string, precision: string | undefined, whole: string): string {
  if (verb === 'v') return printed(value)
  if (verb === 's') {
    if (typeof value === 'number' || typeof value === 'boolean') return `%!s(${typeName(value)}=${value})`
    const shown = printed(value)
    return precision === undefined ? shown : shown.slice(0, Number(precision))
  }
  if (verb === 'q') return typeof value === 'string' ? JSON.stringify(value) : printed(value)
  if (verb === 't')
    return typeof value === 'boolean' ? String(value) : `%!t(${typeName(value)}=${printed(value)})`
  if (typeof value !== 'number') {
    if (verb === 'x' && typeof value === 'string')
      return [...new TextEncoder().encode(value)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    return `%!${verb}(${typeName(value)}=${printed(value)})`
  }
  if (verb === 'd') return String(value)
  if (verb === 'x') return value.toString(16)
  if (verb === 'X') return value.toString(16).toUpperCase()
  if (verb === 'o') return value.toString(8)
  if (verb === 'b') return value.toString(2)
  if (verb === 'f') return value.toFixed(precision === undefined ? 6 : Number(precision))
  return verb === 'g' ? printed(value) : `%!${whole.slice(1)}(${typeName(value)}=${value})`
}

/** Sprint: blanks between operands when neither is a string. */
function print(...values: ApiValue[]): string {
  let result = ''
  values.forEach((value, i) => {
    if (i > 0 && typeof value !== 'string' && typeof values[i - 1] !== 'string') result += ' '
    result += printed(value)
  })
  return result
}

const HTML: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&#34;',
  "'": '&#39;',
}

export const templateFunctions: Readonly<Record<string, TemplateFunction>> = {
  and: (...values) => values.find((value) => !truth(value)) ?? values.at(-1),
  or: (...values) => values.find((value) => truth(value)) ?? values.at(-1),
  not: (value) => !truth(value),
  len: (value) => sizeOf(value),
  index: (container, ...keys) => indexed(container, ...keys),
  slice: (value, from = 0, to) =>
    typeof value === 'string' || Array.isArray(value)
      ? value.slice(Number(from), to === undefined ? undefined : Number(to))
      : (value ?? null),
  print: (...values) => print(...values),
  printf: (format, ...values) => printf(format, ...values),
  println: (...values) => `${values.map((value) => printed(value)).join(' ')}\n`,
  html: (...values) => print(...values).replace(/[<>&"']/g, (c) => HTML[c] ?? c),
  js: (...values) => print(...values),
  urlquery: (...values) => encodeURIComponent(print(...values)),
  eq: (first, ...others) => others.some((other) => equal(first, other)),
  ne: (first, second) => !equal(first, second),
  lt: (first, second) => less(first, second),
  le: (first, second) => less(first, second) || equal(first, second),
  gt: (first, second) => !less(first, second) && !equal(first, second),
  ge: (first, second) => !less(first, second),
  json: (value) => compactJson(value),
  split: (value, separator) => text(value).split(text(separator)),
  join: (list, separator) => {
    if (list === null) return ''
    if (!Array.isArray(list))
      throw new Error(`wrong type for value; expected []string; got ${typeName(list)}`)
    return list.map((item) => printed(item)).join(text(separator))
  },
  title: (value) =>
    text(value).replace(
      /(^|[^\p{L}\p{N}'])(\p{L})/gu,
      (_, before: string, c: string) => before + c.toUpperCase(),
    ),
  lower: (value) => text(value).toLowerCase(),
  upper: (value) => text(value).toUpperCase(),
  pad: (value, before, after) =>
    text(value) === '' ? '' : ' '.repeat(Number(before)) + text(value) + ' '.repeat(Number(after)),
  truncate: (value, length) => text(value).slice(0, Number(length)),
}

export const functionNames: ReadonlySet<string> = new Set(Object.keys(templateFunctions))
