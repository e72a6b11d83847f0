/** Patterns of `case`, `[[ ]]`, `${x#p}` and file names → regular expressions. glob(7), bash(1) "Pattern Matching" */
import { CHARACTER_CLASSES } from '../../commands/posix-regexp.ts'
import type { Field } from './items.ts'

/** A pattern as text in which quoted characters carry a backslash. */
export function patternOf(field: Field): string {
  let pattern = ''
  for (const piece of field)
    pattern += piece.quoted ? piece.text.replace(/[\\*?[\]()|!+@^-]/g, '\\$&') : piece.text
  return pattern
}

export function hasGlob(pattern: string): boolean {
  return /(^|[^\\])(\\\\)*([*?]|\[.*\]|[@?*+!]\()/.test(pattern)
}

/** Takes the backslashes off. */
export function unescapePattern(pattern: string): string {
  return pattern.replace(/\\(.)/gs, '$1')
}

const known = new Map<string, RegExp>()

/** Matches the whole of a text. `inPath`: a star does not cross a slash. */
export function patternRegExp(pattern: string, inPath = false): RegExp {
  const key = (inPath ? '/' : ' ') + pattern
  let regExp = known.get(key)
  if (regExp === undefined) {
    regExp = compile(`^(?:${patternSource(pattern, inPath)})$`)
    if (known.size > 500) known.clear()
    known.set(key, regExp)
  }
  return regExp
}

function compile(source: string): RegExp {
  try {
    return new RegExp(source, 's')
  } catch {
    return /^(?!)/
  }
}

export function patternSource(pattern: string, inPath = false, greedy = true): string {
  const any = inPath ? '[^/]' : '.'
  let source = ''
  let i = 0
  while (i < pattern.length) {
    const c = pattern[i]!
    if (c === '\\' && i + 1 < pattern.length) {
      source += escaped(pattern[i + 1]!)
      i += 2
    } else if (/[@?*+!]/.test(c) && pattern[i + 1] === '(' && closing(pattern, i + 1) !== -1) {
      const end = closing(pattern, i + 1)
      source += extended(c, pattern.slice(i + 2, end), inPath)
      i = end + 1
    } else if (c === '*') {
      source += `${any}*${greedy ? '' : '?'}`
      i++
    } else if (c === '?') {
      source += any
      i++
    } else if (c === '[') {
      const { text, next } = bracket(pattern, i)
      source += text
      i = next
    } else {
      source += escaped(c)
      i++
    }
  }
  return source
}

function escaped(c: string): string {
  return /[.*+?^${}()|[\]\\/]/.test(c) ? `\\${c}` : c
}

function closing(pattern: string, open: number): number {
  let depth = 0
  for (let i = open; i < pattern.length; i++) {
    if (pattern[i] === '\\') i++
    else if (pattern[i] === '(') depth++
    else if (pattern[i] === ')' && --depth === 0) return i
  }
  return -1
}

function extended(operator: string, inside: string, inPath: boolean): string {
  const alternatives = splitAlternatives(inside)
    .map((one) => patternSource(one, inPath))
    .join('|')
  if (operator === '!') return `(?!(?:${alternatives})$)${inPath ? '[^/]' : '.'}*`
  return `(?:${alternatives})${operator === '@' ? '' : operator}`
}

function splitAlternatives(text: string): string[] {
  const parts = ['']
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!
    if (c === '(') depth++
    if (c === ')') depth--
    if (c === '|' && depth === 0) parts.push('')
    else if (c === '\\') parts[parts.length - 1] += c + (text[++i] ?? '')
    else parts[parts.length - 1] += c
  }
  return parts
}

/** A bracket expression; without its `]` it is a plain `[`. */
function bracket(pattern: string, start: number): { text: string; next: number } {
  let i = start + 1
  const negated = pattern[i] === '!' || pattern[i] === '^'
  if (negated) i++
  let inside = ''
  for (let first = true; i < pattern.length; first = false) {
    const c = pattern[i]!
    if (c === ']' && !first) return { text: `[${negated ? '^' : ''}${inside}]`, next: i + 1 }
    const named = /^\[:(\w+):\]/.exec(pattern.slice(i))
    if (named !== null) {
      inside += CHARACTER_CLASSES[named[1]!] ?? ''
      i += named[0].length
    } else if (c === '\\' && i + 1 < pattern.length) {
      inside += `\\${pattern[i + 1]}`.replace(/\\([A-Za-z0-9])/, '$1')
      i += 2
    } else {
      inside += /[\]\\^[]/.test(c) ? `\\${c}` : c
      i++
    }
  }
  return { text: '\\[', next: start + 1 }
}
