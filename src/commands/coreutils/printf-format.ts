/** The language of printf(1) and the escapes of `echo -e`. */
import { formatTime } from '../../render/coreutils/strftime.ts'

const SIMPLE: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
}

/** `stopped`: a `\c` was met, nothing more is printed. */
export function unescapeText(text: string, isFormat = false): { text: string; stopped: boolean } {
  let result = ''
  let i = 0
  while (i < text.length) {
    if (text[i] !== '\\') {
      result += text[i++]
      continue
    }
    const rest = text.slice(i + 1)
    if (rest[0] === 'c' && !isFormat) return { text: result, stopped: true }
    const octal = (isFormat ? /^[0-7]{1,3}/ : /^0[0-7]{0,3}/).exec(rest)
    const hex = /^(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8}))/.exec(rest)
    if (octal !== null) {
      result += String.fromCharCode(Number.parseInt(octal[0], 8) & 255)
      i += 1 + octal[0].length
    } else if (hex !== null) {
      result += String.fromCodePoint(Math.min(0x10ffff, Number.parseInt((hex[1] ?? hex[2] ?? hex[3])!, 16)))
      i += 1 + hex[0].length
    } else if (rest[0] !== undefined && SIMPLE[rest[0]] !== undefined) {
      result += SIMPLE[rest[0]]
      i += 2
    } else {
      result += '\\'
      i++
    }
  }
  return { text: result, stopped: false }
}

/** Formats; the format is used again while there are arguments. */
export function formatPrintf(
  format: string,
  args: readonly string[],
  nowMs: number,
): { text: string; problems: string[] } {
  const problems: string[] = []
  let text = ''
  let at = 0
  const next = (): string | undefined => args[at++]
  do {
    const before = at
    const round = formatOnce(format, next, problems, nowMs)
    text += round.text
    if (round.stopped || at === before) break
  } while (at < args.length && text.length < 1 << 20)
  return { text, problems }
}

const CONVERSION = /%(?:%|([-+ #0]*)(\*|\d+)?(?:\.(\*|\d*))?(?:[hlqjzt]*)(?:\(([^)]*)\)T|([a-zA-Z])))/g

function formatOnce(
  format: string,
  next: () => string | undefined,
  problems: string[],
  nowMs: number,
): { text: string; stopped: boolean } {
  let text = ''
  let last = 0
  for (const match of format.matchAll(CONVERSION)) {
    const piece = unescapeFormat(format.slice(last, match.index))
    text += piece
    last = match.index + match[0].length
    if (match[0] === '%%') {
      text += '%'
      continue
    }
    const width = match[2] === '*' ? Number(next() ?? 0) : Number(match[2] ?? 0)
    const precision =
      match[3] === '*' ? Number(next() ?? 0) : match[3] === undefined ? null : Number(match[3])
    const spec = { flags: match[1] ?? '', width, precision }
    if (match[4] !== undefined) {
      text += padded(timeText(match[4], next(), nowMs), spec)
      continue
    }
    const { text: converted, stopped } = convert(match[5]!, spec, next, problems)
    text += converted
    if (stopped) return { text, stopped: true }
  }
  return { text: text + unescapeFormat(format.slice(last)), stopped: false }
}

function unescapeFormat(text: string): string {
  return text.includes('\\') ? unescapeText(text, true).text : text
}

function timeText(format: string, argument: string | undefined, nowMs: number): string {
  const seconds = argument === undefined || Number(argument) < 0 ? Math.floor(nowMs / 1000) : Number(argument)
  return formatTime(format || '%X', seconds * 1000)
}

interface Spec {
  readonly flags: string
  readonly width: number
  readonly precision: number | null
}

function padded(text: string, spec: Spec): string {
  const isLeft = spec.flags.includes('-') || spec.width < 0
  const width = Math.min(10_000, Math.abs(spec.width))
  return isLeft ? text.padEnd(width) : text.padStart(width)
}

function convert(
  letter: string,
  spec: Spec,
  next: () => string | undefined,
  problems: string[],
): { text: string; stopped: boolean } {
  const done = (text: string, stopped = false): { text: string; stopped: boolean } => ({
    text: padded(text, spec),
    stopped,
  })
  const cut = (text: string): string => (spec.precision === null ? text : text.slice(0, spec.precision))
  switch (letter) {
    case 's':
      return done(cut(next() ?? ''))
    case 'b': {
      const { text, stopped } = unescapeText(next() ?? '')
      return done(cut(text), stopped)
    }
    case 'c':
      return done((next() ?? '').slice(0, 1))
    case 'q': {
      const value = next() ?? ''
      return done(/^[\w@%+=:,./-]+$/.test(value) ? value : value === '' ? "''" : quoteBackslash(value))
    }
    case 'd':
    case 'i':
    case 'u':
    case 'x':
    case 'X':
    case 'o':
      return { text: wholeNumber(letter, spec, next(), problems), stopped: false }
    case 'e':
    case 'f':
    case 'g':
    case 'E':
    case 'F':
    case 'G':
      return { text: decimalNumber(letter, spec, next(), problems), stopped: false }
    default:
      problems.push(`\`${letter}': invalid format character`)
      return { text: '', stopped: true }
  }
}

function quoteBackslash(value: string): string {
  return /[\n\t]/.test(value)
    ? `$${quoteForReuse(value).replaceAll('\n', '\\n').replaceAll('\t', '\\t')}`
    : value.replace(/[^\w@%+=:,./-]/g, '\\$&')
}

function parseWhole(text: string, problems: string[]): bigint {
  if (text === '') return 0n
  if (text.startsWith("'") || text.startsWith('"')) return BigInt(text.codePointAt(1) ?? 0)
  const match = /^\s*([-+]?)(0[xX][0-9a-fA-F]+|\d+)/.exec(text)
  if (match === null || match[0].length !== text.length) problems.push(`${text}: invalid number`)
  if (match === null) return 0n
  const digits = match[2]!
  const value = /^0[0-7]+$/.test(digits) ? BigInt(`0o${digits.slice(1)}`) : BigInt(digits)
  return match[1] === '-' ? -value : value
}

function wholeNumber(letter: string, spec: Spec, text: string | undefined, problems: string[]): string {
  const value = parseWhole(text ?? '', problems)
  const isSigned = letter === 'd' || letter === 'i'
  const magnitude = isSigned ? (value < 0n ? -value : value) : BigInt.asUintN(64, value)
  const base = letter === 'o' ? 8 : letter === 'x' || letter === 'X' ? 16 : 10
  let digits = magnitude.toString(base)
  if (letter === 'X') digits = digits.toUpperCase()
  if (spec.precision !== null) digits = digits.padStart(spec.precision, '0')
  if (spec.flags.includes('#') && magnitude !== 0n)
    digits = (base === 16 ? `0${letter}` : base === 8 ? '0' : '') + digits
  const sign =
    isSigned && value < 0n
      ? '-'
      : isSigned && spec.flags.includes('+')
        ? '+'
        : isSigned && spec.flags.includes(' ')
          ? ' '
          : ''
  return zeroPadded(sign, digits, spec, spec.precision === null)
}

function zeroPadded(sign: string, digits: string, spec: Spec, allowed: boolean): string {
  const usesZero = allowed && spec.flags.includes('0') && !spec.flags.includes('-')
  return usesZero
    ? sign + digits.padStart(Math.abs(spec.width) - sign.length, '0')
    : padded(sign + digits, spec)
}

function decimalNumber(letter: string, spec: Spec, text: string | undefined, problems: string[]): string {
  const value = Number(text ?? 0)
  if (Number.isNaN(value)) problems.push(`${text}: invalid number`)
  const number = Number.isNaN(value) ? 0 : value
  const precision = Math.min(100, spec.precision ?? 6)
  const kind = letter.toLowerCase()
  let digits = Math.abs(number).toFixed(precision)
  if (kind === 'e') digits = exponent(Math.abs(number).toExponential(precision))
  if (kind === 'g') digits = general(Math.abs(number), precision || 1)
  const sign = number < 0 ? '-' : spec.flags.includes('+') ? '+' : ''
  return zeroPadded(sign, letter === kind ? digits : digits.toUpperCase(), spec, true)
}

function exponent(text: string): string {
  return text.replace(/e([+-])(\d)$/, 'e$10$2')
}

function general(value: number, precision: number): string {
  if (value !== 0 && (value < 1e-4 || value >= 10 ** precision)) {
    return exponent(value.toExponential(precision - 1).replace(/\.?0+e/, 'e'))
  }
  const text = value.toPrecision(precision)
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

function quoteForReuse(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`
}
