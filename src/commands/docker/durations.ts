/** `1m30s`: Go's time.ParseDuration, in microseconds; null where Go refuses. */
const UNITS: Readonly<Record<string, number>> = {
  ...{ ns: 0.001, us: 1, µs: 1, ms: 1e3, s: 1e6, m: 60e6, h: 3600e6 },
}

export function parseDuration(text: string): number | null {
  if (text === '0') return 0
  const parts = [...text.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)/g)]
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text.replace(/^[+-]/, '')) return null
  const sum = parts.reduce((us, [, amount, unit = 's']) => us + Number(amount) * (UNITS[unit] ?? 0), 0)
  return text.startsWith('-') ? -sum : sum
}

/** For a table of options. */
export function durationRefusal(value: string): string | null {
  if (parseDuration(value) !== null) return null
  const what = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(value) ? 'missing unit in duration' : 'invalid duration'
  return `time: ${what} ${JSON.stringify(value)}`
}
