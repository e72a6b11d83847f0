/**
 * What the engine's API hands out, as Go values: an object is a struct (fields in order, `undefined`: left out of JSON),
 * a Map is a map (printed in the order of its keys), an array a slice.
 */
export type ApiValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | ApiValue[]
  | Map<string, ApiValue>
  | ApiStruct

export interface ApiStruct {
  readonly [field: string]: ApiValue
}

export function apiMap(record: Readonly<Record<string, ApiValue>>): Map<string, ApiValue> {
  return new Map(Object.entries(record))
}

/** A slice that is nil when empty. */
export function orNull(list: readonly ApiValue[]): ApiValue {
  return list.length === 0 ? null : [...list]
}

/** RFC 3339 with as many digits as the clock has, as Go prints it. `us` counts from `epochMs`. */
export function apiTime(epochMs: number, us: number | null): string {
  if (us === null) return '0001-01-01T00:00:00Z'
  const total = epochMs * 1000 + us
  const micro = total % 1_000_000
  const fraction = String(1_000_000 + micro)
    .slice(1)
    .replace(/0+$/, '')
  return `${civilTime(Math.floor(total / 1_000_000))}${fraction === '' ? '' : `.${fraction}`}Z`
}

/** `2026-11-23T17:41:02` from seconds since 1970 (days to a date: Howard Hinnant, "chrono-compatible low-level date algorithms"). */
function civilTime(seconds: number): string {
  const days = Math.floor(seconds / 86400) + 719468
  const era = Math.floor(days / 146097)
  const ofEra = days - era * 146097
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36524) - Math.floor(ofEra / 146096)) / 365,
  )
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shifted = Math.floor((5 * ofYear + 2) / 153)
  const day = ofYear - Math.floor((153 * shifted + 2) / 5) + 1
  const month = shifted < 10 ? shifted + 3 : shifted - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  const rest = ((seconds % 86400) + 86400) % 86400
  const clock = [Math.floor(rest / 3600), Math.floor(rest / 60) % 60, rest % 60].map(two).join(':')
  return `${year}-${two(month)}-${two(day)}T${clock}`
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}
