/** Durations and sizes in words. github.com/docker/go-units duration.go, size.go */

const SECOND = 1
const MINUTE = 60
const HOUR = 3600
const DAY = 24 * HOUR

/** `About an hour`, `3 days`: how long something took or is ago. */
export function humanDuration(seconds: number): string {
  if (seconds < SECOND) return 'Less than a second'
  const whole = Math.floor(seconds)
  if (whole === 1) return '1 second'
  if (whole < MINUTE) return `${whole} seconds`
  const minutes = Math.floor(seconds / MINUTE)
  if (minutes === 1) return 'About a minute'
  if (minutes < 60) return `${minutes} minutes`
  const hours = Math.floor(seconds / HOUR + 0.5)
  if (hours === 1) return 'About an hour'
  if (hours < 48) return `${hours} hours`
  const days = Math.floor(seconds / DAY)
  if (hours < 24 * 7 * 2) return `${days} days`
  if (hours < 24 * 30 * 2) return `${Math.floor(days / 7)} weeks`
  if (hours < 24 * 365 * 2) return `${Math.floor(days / 30)} months`
  return `${Math.floor(days / 365)} years`
}

const DECIMAL = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

/** `2.62MB`: three digits by default. */
export function humanSize(bytes: number, precision = 3): string {
  return scaled(bytes, 1000, DECIMAL, precision)
}

export function binarySize(bytes: number): string {
  return scaled(bytes, 1024, BINARY, 4)
}

function scaled(bytes: number, base: number, units: readonly string[], precision: number): string {
  let size = bytes
  let i = 0
  while (size >= base && i < units.length - 1) {
    size /= base
    i++
  }
  return `${general(size, precision)}${units[i]}`
}

/** `%.3g` */
function general(value: number, precision: number): string {
  const text = value.toPrecision(precision)
  return text.includes('e')
    ? String(Math.round(value))
    : text.includes('.')
      ? text.replace(/\.?0+$/, '')
      : text
}

const AMOUNT = /^(\d+(?:\.\d+)?) ?([kKmMgGtTpP])?(?:[iI])?[bB]?$/

/** `512m` → bytes; null: no size. */
export function parseBytes(text: string): number | null {
  const match = AMOUNT.exec(text)
  if (match === null) return null
  const power = ' kmgtp'.indexOf((match[2] ?? ' ').toLowerCase())
  return Math.floor(Number(match[1]) * 1024 ** power)
}
