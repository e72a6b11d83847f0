/** Splits a Go template into text and tokens. text/template/parse/lex.go */

export type TokenKind =
  | 'text'
  | 'left'
  | 'right'
  | 'field'
  | 'variable'
  | 'identifier'
  | 'keyword'
  | 'string'
  | 'number'
  | 'character'
  | 'boolean'
  | 'nil'
  | 'dot'
  | 'pipe'
  | 'declare'
  | 'assign'
  | 'comma'
  | 'open'
  | 'close'
  | 'space'
  | 'end'

export interface Token {
  readonly kind: TokenKind
  readonly text: string
  /** Offset in the template. */
  readonly at: number
}

/** A template that is none: Go's words without the `template: NAME:` in front. */
export class TemplateError extends Error {
  readonly at: number
  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}

const KEYWORDS = new Set([
  'block',
  'break',
  'continue',
  'define',
  'else',
  'end',
  'if',
  'range',
  'template',
  'with',
])

const PATTERNS: readonly (readonly [TokenKind, RegExp])[] = [
  ['space', /[ \t\r\n]+/y],
  ['string', /"(?:[^"\\\n]|\\.)*"|`[^`]*`/y],
  ['character', /'(?:[^'\\\n]|\\.)+'/y],
  ['number', /[+-]?(?:0[xX][0-9a-fA-F_]+|\d[\d_]*(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)/y],
  ['declare', /:=/y],
  ['assign', /=/y],
  ['pipe', /\|/y],
  ['comma', /,/y],
  ['open', /\(/y],
  ['close', /\)/y],
  ['variable', /\$[\p{L}\p{N}_]*/uy],
  ['field', /\.[\p{L}_][\p{L}\p{N}_]*/uy],
  ['dot', /\./y],
  ['identifier', /[\p{L}_][\p{L}\p{N}_]*/uy],
]

export function tokenize(source: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  let trimNext = false
  while (at < source.length) {
    const open = source.indexOf('{{', at)
    const end = open < 0 ? source.length : open
    const trimsLeft = open >= 0 && /^-[ \t\r\n]/.test(source.slice(open + 2, open + 4))
    let text = source.slice(at, end)
    if (trimNext) text = text.trimStart()
    if (trimsLeft) text = text.trimEnd()
    if (text !== '') tokens.push({ kind: 'text', text, at })
    if (open < 0) break
    const action = lexAction(source, open, open + 2 + (trimsLeft ? 1 : 0), tokens)
    at = action.end
    trimNext = action.trims
  }
  tokens.push({ kind: 'end', text: '', at: source.length })
  return tokens
}

function lexAction(
  source: string,
  open: number,
  from: number,
  tokens: Token[],
): { end: number; trims: boolean } {
  const comment = /\s*\/\*[\s\S]*?\*\/(\s-)?\}\}/y
  comment.lastIndex = from
  const found = comment.exec(source)
  if (found !== null) return { end: comment.lastIndex, trims: found[1] !== undefined }
  tokens.push({ kind: 'left', text: '{{', at: open })
  let at = from
  let depth = 0
  for (;;) {
    const closing = /(?:[ \t\r\n]-)?\}\}/y
    closing.lastIndex = at
    const right = closing.exec(source)
    if (right !== null) {
      if (depth > 0) throw new TemplateError('unclosed left paren', at)
      tokens.push({ kind: 'right', text: '}}', at })
      return { end: closing.lastIndex, trims: right[0].includes('-') }
    }
    const token = lexToken(source, at, tokens.at(-1))
    if (token.kind === 'open') depth++
    if (token.kind === 'close' && --depth < 0) throw new TemplateError('unexpected right paren', at)
    tokens.push(token)
    at += token.text.length
  }
}

function lexToken(source: string, at: number, before: Token | undefined): Token {
  if (at >= source.length) throw new TemplateError('unclosed action', at)
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at
    const match = pattern.exec(source)
    if (match === null) continue
    if (kind === 'number' && before?.kind === 'field') continue
    if (NAMES.has(kind)) checkTerminator(source, at + match[0].length)
    return { kind: kind === 'identifier' ? wordKind(match[0]) : kind, text: match[0], at }
  }
  throw badToken(source, at)
}

const NAMES = new Set<TokenKind>(['variable', 'field', 'identifier'])

/** lex.go `atTerminator`: what may stand right behind a name. */
function checkTerminator(source: string, at: number): void {
  if (at >= source.length || /^(?:[\s.,|:()]|\}\})/.test(source.slice(at, at + 2))) return
  const character = source[at]!
  throw new TemplateError(`bad character U+${hexOf(character)} '${character}'`, at)
}

function hexOf(character: string): string {
  return character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
}

function wordKind(word: string): TokenKind {
  if (KEYWORDS.has(word)) return 'keyword'
  if (word === 'true' || word === 'false') return 'boolean'
  return word === 'nil' ? 'nil' : 'identifier'
}

function badToken(source: string, at: number): TemplateError {
  const character = source[at]!
  if (character === '"') return new TemplateError('unterminated quoted string', at)
  if (character === '`') return new TemplateError('unterminated raw quoted string', at)
  if (character === "'") return new TemplateError('unterminated character constant', at)
  return new TemplateError(`unrecognized character in action: U+${hexOf(character)} '${character}'`, at)
}
