/** Values of a template: how Go prints, compares and measures them. fmt/print.go (%v), text/template/funcs.go */
import type { ApiStruct, ApiValue } from '../../../sim/base/api-value.ts'
import { sortedEntries } from '../json.ts'

export function isStruct(value: ApiValue): value is ApiStruct {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map)
}

/** `%v`. Not modelled: the `&` and the addresses of pointers. */
export function printed(value: ApiValue): string {
  if (value === undefined) return '<nil>'
  if (value === null) return '[]'
  if (typeof value === 'number') return printedNumber(value)
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return `[${value.map((item) => printed(item)).join(' ')}]`
  if (value instanceof Map)
    return `map[${sortedEntries(value)
      .map(([key, item]) => `${key}:${printed(item)}`)
      .join(' ')}]`
  return `{${Object.values(value)
    .map((item) => printed(item))
    .join(' ')}}`
}

function printedNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : exponent(value)
}

/** `%g` of a float: an exponent of at least two digits. */
function exponent(value: number): string {
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2')
}

/** The form after JSON and back: structs are maps, numbers floats (large ones print as `6.7108864e+07`). */
export function rawForm(value: ApiValue): ApiValue {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(rawForm)
  const entries =
    value instanceof Map ? [...value] : Object.entries(value).filter(([, item]) => item !== undefined)
  return new Map(entries.map(([key, item]) => [key, rawForm(item)]))
}

/** Empty values are false; a struct never is. */
export function truth(value: ApiValue): boolean {
  if (Array.isArray(value)) return value.length > 0
  if (value instanceof Map) return value.size > 0
  return typeof value === 'object' ? value !== null : Boolean(value)
}

/** What Go calls the type, for its error messages. */
export function typeName(value: ApiValue): string {
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float64'
  if (Array.isArray(value)) return '[]interface {}'
  if (value instanceof Map) return 'map[string]interface {}'
  return value === null || value === undefined ? '<nil>' : 'struct'
}
