/** Shell text → tree, by `unbash`; and whether a text is unfinished (the shell then asks for more with PS2). */

import type { ParsedScript, SyntaxNode } from 'unbash'
import { parse } from 'unbash'

export interface Parsed {
  readonly script: ParsedScript
  readonly source: string
  /** null: well-formed. */
  readonly error: ShellSyntaxError | null
  readonly isIncomplete: boolean
}

export interface ShellSyntaxError {
  /** `near unexpected token `)'`, `unexpected end of file` … */
  readonly message: string
  readonly line: number
  readonly token: string
}

/** Longer lines than this are refused rather than parsed: a pasted file, not a command. */
export const LONGEST_SCRIPT = 1 << 20

export function parseShell(source: string): Parsed {
  const script = parse(source)
  const errors = script.errors ?? []
  const incomplete = isUnfinished(source, script)
  const first = errors[0]
  const error = first === undefined ? null : describe(source, first.message, first.pos)
  return { script, source, error, isIncomplete: incomplete }
}

function isUnfinished(source: string, script: ParsedScript): boolean {
  if (/(^|[^\\])(\\\\)*\\\n?$/.test(source)) return true
  const errors = script.errors ?? []
  const first = errors[0]
  if (first === undefined) return source.includes('<<') && hasOpenHereDocument(script)
  if (first.message.startsWith('unterminated')) return true
  const end = source.trimEnd().length
  return (
    first.message.startsWith('expected') && first.pos >= end - (first.message.includes('brace group') ? 1 : 0)
  )
}

function hasOpenHereDocument(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return false
  if (Array.isArray(node)) return node.some(hasOpenHereDocument)
  const typed = node as Partial<SyntaxNode> & { closing?: unknown }
  if (typed.type === 'HereDoc' && typed.closing === undefined) return true
  return Object.values(node).some(hasOpenHereDocument)
}

function describe(source: string, message: string, pos: number): ShellSyntaxError {
  const line = lineOf(source, pos)
  const quoted = /^unexpected token '(.*)'$/s.exec(message)
  if (quoted !== null)
    return { message: `syntax error near unexpected token \`${quoted[1]}'`, line, token: quoted[1]! }
  const unterminated: Record<string, string> = {
    'unterminated double quote': '"',
    'unterminated single quote': "'",
    'unterminated backtick': '`',
    'unterminated command substitution': ')',
    'unterminated parameter expansion': '}',
  }
  const closer = unterminated[message]
  if (closer !== undefined) {
    return { message: `unexpected EOF while looking for matching \`${closer}'`, line, token: '' }
  }
  const next = /^\s*([^\s;&|()<>]+|[;&|()<>]+)/.exec(source.slice(pos))?.[1]
  if (next === undefined)
    return { message: 'syntax error: unexpected end of file', line: line + 1, token: '' }
  return { message: `syntax error near unexpected token \`${next}'`, line, token: next }
}

/** Where the last answer was: texts are asked about from front to back, and may be long. */
let last = { source: '', pos: 0, line: 1, next: Number.POSITIVE_INFINITY }

export function lineOf(source: string, pos: number): number {
  const isOn = source === last.source && pos >= last.pos
  let line = isOn ? last.line : 1
  let next = isOn ? last.next : newlineFrom(source, 0)
  while (next < pos) {
    line++
    next = newlineFrom(source, next + 1)
  }
  last = { source, pos, line, next }
  return line
}

function newlineFrom(source: string, from: number): number {
  const at = source.indexOf('\n', from)
  return at === -1 ? Number.POSITIVE_INFINITY : at
}
