/** Brace expansion on a word's text: `{a,b}`, `{1..5}`, `{01..10..2}`. bash(1) "Brace Expansion" */

/** Most words one expansion may make. */
const MOST = 100_000

export function expandBraces(text: string): string[] {
  const open = findOpen(text)
  if (open === null) return [text]
  const { start, end, parts } = open
  const before = text.slice(0, start)
  const after = expandBraces(text.slice(end + 1))
  const inner = parts.length === 1 ? sequence(parts[0]!) : parts.flatMap(expandBraces)
  if (inner === null) {
    const rest = expandBraces(text.slice(start + 1))
    return rest.map((tail) => `${before}{${tail}`)
  }
  const result: string[] = []
  for (const middle of inner) {
    for (const tail of after) {
      if (result.length >= MOST) return result
      result.push(before + middle + tail)
    }
  }
  return result
}

/** The first `{…}` that is not quoted and has a comma or two dots at its own level. */
function findOpen(text: string): { start: number; end: number; parts: string[] } | null {
  for (let i = 0; i < text.length; i++) {
    const skipped = skipQuoted(text, i)
    if (skipped !== i) {
      i = skipped - 1
      continue
    }
    if (text[i] !== '{' || text[i - 1] === '$') continue
    const found = readBraces(text, i)
    if (found !== null) return found
  }
  return null
}

function readBraces(text: string, start: number): { start: number; end: number; parts: string[] } | null {
  const parts = ['']
  let depth = 0
  for (let i = start + 1; i < text.length; i++) {
    const next = skipQuoted(text, i)
    const c = text[i]!
    if (next !== i) {
      parts[parts.length - 1] += text.slice(i, next)
      i = next - 1
    } else if (c === '}' && depth === 0) {
      const isRange = parts.length === 1 && /^[^.]+\.\./.test(parts[0]!)
      return parts.length > 1 || isRange ? { start, end: i, parts } : null
    } else if (c === ',' && depth === 0) parts.push('')
    else {
      if (c === '{') depth++
      if (c === '}') depth--
      parts[parts.length - 1] += c
    }
  }
  return null
}

/** Past a quotation, an escape or a `$(…)`, `${…}` that begins at `i`; else `i`. */
function skipQuoted(text: string, i: number): number {
  const c = text[i]
  if (c === '\\') return i + 2
  if (c === "'" || c === '"' || c === '`') {
    let end = i + 1
    while (end < text.length && text[end] !== c) end += text[end] === '\\' && c !== "'" ? 2 : 1
    return end + 1
  }
  if (c === '$' && (text[i + 1] === '(' || text[i + 1] === '{')) {
    const closer = text[i + 1] === '(' ? ')' : '}'
    let depth = 0
    for (let j = i + 1; j < text.length; j++) {
      if (text[j] === text[i + 1]) depth++
      if (text[j] === closer && --depth === 0) return j + 1
    }
    return text.length
  }
  return i
}

function sequence(text: string): string[] | null {
  const numbers = /^(-?\d+)\.\.(-?\d+)(?:\.\.(-?\d+))?$/.exec(text)
  if (numbers !== null) return numberSequence(numbers[1]!, numbers[2]!, numbers[3])
  const letters = /^([A-Za-z])\.\.([A-Za-z])(?:\.\.(-?\d+))?$/.exec(text)
  if (letters === null) return null
  const codes = numberSequence(
    String(letters[1]!.charCodeAt(0)),
    String(letters[2]!.charCodeAt(0)),
    letters[3],
  )
  return codes.map((code) => String.fromCharCode(Number(code)))
}

function numberSequence(from: string, to: string, by: string | undefined): string[] {
  const first = Number(from)
  const last = Number(to)
  const step = Math.max(1, Math.abs(Number(by ?? 1)))
  const isPadded = /^-?0\d/.test(from) || /^-?0\d/.test(to)
  const width = isPadded ? Math.max(from.length, to.length) : 0
  const result: string[] = []
  const count = Math.min(MOST, Math.floor(Math.abs(last - first) / step) + 1)
  for (let n = 0; n < count; n++) result.push(pad(first + (last < first ? -n : n) * step, width))
  return result
}

function pad(value: number, width: number): string {
  const digits = String(Math.abs(value)).padStart(value < 0 ? width - 1 : width, '0')
  return value < 0 ? `-${digits}` : digits
}
