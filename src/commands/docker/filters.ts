/** `--filter name=value`. moby api/types/filters/parse.go */
import { daemonError } from './lifecycle.ts'
import { Refused } from './spec.ts'

export type Filters = ReadonlyMap<string, readonly string[]>

export function checkFilter(value: string): string | null {
  return value === '' || value.includes('=') ? null : 'bad format of filter (expected name=value)'
}

/** Throws `Refused` for a name that is not among `known`; null: nobody looks. */
export function readFilters(list: readonly string[], known: readonly string[] | null): Filters {
  const result = new Map<string, string[]>()
  for (const pair of list) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = pair.slice(0, equals).trim().toLowerCase()
    const value = pair.slice(equals + 1).trim()
    if (known !== null && !known.includes(name)) throw new Refused(daemonError(`Invalid filter '${name}'`))
    result.set(name, [...(result.get(name) ?? []), value])
  }
  return result
}

/** One of the values holds; without the filter everything does. */
export function passes(filters: Filters, name: string, holds: (value: string) => boolean): boolean {
  const values = filters.get(name)
  return values === undefined || values.some(holds)
}

/** All of the values hold: labels. */
export function passesLabels(filters: Filters, labels: Readonly<Record<string, string>>): boolean {
  return (filters.get('label') ?? []).every((wanted) => {
    const equals = wanted.indexOf('=')
    const key = equals < 0 ? wanted : wanted.slice(0, equals)
    return Object.hasOwn(labels, key) && (equals < 0 || labels[key] === wanted.slice(equals + 1))
  })
}

/** A regular expression anywhere in the name, or the name itself. */
export function matches(pattern: string, name: string): boolean {
  if (pattern === name) return true
  try {
    return new RegExp(pattern).test(name)
  } catch {
    return false
  }
}
