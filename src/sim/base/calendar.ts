/** Calendar dates of UTC, as HTTP heads (RFC 9110 §5.6.7), access logs and date(1) write them. */

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

export interface CivilTime {
  readonly year: number
  /** 0 … 11. */
  readonly month: number
  readonly day: number
  readonly weekday: number
  readonly hour: number
  readonly minute: number
  readonly second: number
}

/** UTC, by the proleptic Gregorian calendar; `ms` since 1970. */
export function civilTime(ms: number): CivilTime {
  const days = Math.floor(ms / 86_400_000)
  const rest = Math.floor((ms - days * 86_400_000) / 1000)
  // Eras of 400 years that begin on 1 March.
  const z = days + 719_468
  const era = Math.floor(z / 146_097)
  const doe = z - era * 146_097
  const yoe = Math.floor(
    (doe - Math.floor(doe / 1460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365,
  )
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100))
  const mp = Math.floor((5 * doy + 2) / 153)
  const month = mp < 10 ? mp + 2 : mp - 10
  return {
    year: yoe + era * 400 + (month < 2 ? 1 : 0),
    month,
    day: doy - Math.floor((153 * mp + 2) / 5) + 1,
    weekday: (((days + 4) % 7) + 7) % 7,
    hour: Math.floor(rest / 3600),
    minute: Math.floor(rest / 60) % 60,
    second: rest % 60,
  }
}

const two = (n: number): string => String(n).padStart(2, '0')

export function clockText(t: CivilTime): string {
  return `${two(t.hour)}:${two(t.minute)}:${two(t.second)}`
}

/** `Mon, 23 Nov 2026 17:59:06 GMT` */
export function httpDate(ms: number): string {
  const t = civilTime(ms)
  return `${DAYS[t.weekday]}, ${two(t.day)} ${MONTHS[t.month]} ${t.year} ${clockText(t)} GMT`
}

/** `23/Nov/2026:17:59:06 +0000` */
export function logDate(ms: number): string {
  const t = civilTime(ms)
  return `${two(t.day)}/${MONTHS[t.month]}/${t.year}:${clockText(t)} +0000`
}

/** `Mon Nov 23 17:41:48 UTC 2026`, as date(1) in the C locale. */
export function unixDate(ms: number): string {
  const t = civilTime(ms)
  return `${DAYS[t.weekday]} ${MONTHS[t.month]} ${String(t.day).padStart(2)} ${clockText(t)} UTC ${t.year}`
}
