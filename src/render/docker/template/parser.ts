/** The parse tree of a Go template. text/template/parse/parse.go. Not modelled: define, block, template, break, continue. */
import { TemplateError, type Token, type TokenKind, tokenize } from './lexer.ts'

export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly pipe: Pipe }
  | {
      readonly kind: 'if' | 'with' | 'range'
      readonly pipe: Pipe
      readonly body: readonly Node[]
      readonly otherwise: readonly Node[]
    }

export interface Pipe {
  readonly declares: readonly string[]
  readonly isAssignment: boolean
  readonly commands: readonly Command[]
  readonly at: number
  readonly text: string
}

export interface Command {
  readonly words: readonly Operand[]
}

export type Operand =
  | { readonly kind: 'dot' | 'nil'; readonly at: number; readonly text: string }
  | { readonly kind: 'field'; readonly names: readonly string[]; readonly at: number; readonly text: string }
  | {
      readonly kind: 'variable'
      readonly name: string
      readonly names: readonly string[]
      readonly at: number
      readonly text: string
    }
  | {
      readonly kind: 'chain'
      readonly base: Operand
      readonly names: readonly string[]
      readonly at: number
      readonly text: string
    }
  | { readonly kind: 'function'; readonly name: string; readonly at: number; readonly text: string }
  | {
      readonly kind: 'constant'
      readonly value: string | number | boolean
      readonly at: number
      readonly text: string
    }
  | { readonly kind: 'pipe'; readonly pipe: Pipe; readonly at: number; readonly text: string }

interface State {
  readonly tokens: readonly Token[]
  at: number
  readonly functions: ReadonlySet<string>
  readonly source: string
}

/** Throws `TemplateError`. */
export function parseTemplate(source: string, functions: ReadonlySet<string>): Node[] {
  const state: State = { tokens: tokenize(source), at: 0, functions, source }
  const { nodes, stop } = parseList(state)
  if (stop === 'end' || stop === 'else') throw new TemplateError(`unexpected {{${stop}}}`, peek(state).at)
  return nodes
}

function peek(state: State): Token {
  return state.tokens[Math.min(state.at, state.tokens.length - 1)]!
}

function skipSpace(state: State): void {
  while (peek(state).kind === 'space') state.at++
}

function next(state: State): Token {
  const token = peek(state)
  state.at++
  return token
}

function expect(state: State, kind: TokenKind, context: string): Token {
  const token = next(state)
  if (token.kind !== kind) throw unexpected(token, context)
  return token
}

function unexpected(token: Token, context: string): TemplateError {
  if (token.kind === 'end') return new TemplateError('unexpected EOF', token.at)
  const what = token.kind === 'keyword' ? `<${token.text}>` : `"${token.text}"`
  return new TemplateError(`unexpected ${what} in ${context}`, token.at)
}

/** Nodes up to `{{end}}`, `{{else}}` or the end; of the first two the keyword has been read. */
function parseList(state: State): { readonly nodes: Node[]; readonly stop: 'end' | 'else' | 'eof' } {
  const nodes: Node[] = []
  for (;;) {
    const token = next(state)
    if (token.kind === 'end') return { nodes, stop: 'eof' }
    if (token.kind === 'text') {
      nodes.push({ kind: 'text', text: token.text })
      continue
    }
    skipSpace(state)
    const word = peek(state)
    if (word.kind === 'keyword' && (word.text === 'end' || word.text === 'else')) {
      state.at++
      return { nodes, stop: word.text }
    }
    nodes.push(word.kind === 'keyword' ? parseControl(state) : parseAction(state))
  }
}

function parseAction(state: State): Node {
  const pipe = parsePipe(state, 'command', 'right')
  expect(state, 'right', 'command')
  return { kind: 'action', pipe }
}

function parseControl(state: State): Node {
  const word = next(state)
  if (word.text !== 'if' && word.text !== 'with' && word.text !== 'range')
    throw new TemplateError(`unexpected <${word.text}> in command`, word.at)
  return parseBranch(state, word.text)
}

function parseBranch(state: State, kind: 'if' | 'with' | 'range'): Node {
  const pipe = parsePipe(state, kind, 'right')
  expect(state, 'right', kind)
  const body = parseList(state)
  if (body.stop === 'eof') throw new TemplateError('unexpected EOF', peek(state).at)
  let otherwise: readonly Node[] = []
  if (body.stop === 'else') {
    skipSpace(state)
    if (peek(state).kind === 'keyword' && peek(state).text === 'if') {
      state.at++
      return { kind, pipe, body: body.nodes, otherwise: [parseBranch(state, 'if')] }
    }
    expect(state, 'right', 'else')
    const rest = parseList(state)
    if (rest.stop !== 'end') throw new TemplateError('expected end; found {{else}}', peek(state).at)
    otherwise = rest.nodes
  }
  skipSpace(state)
  expect(state, 'right', 'end')
  return { kind, pipe, body: body.nodes, otherwise }
}

function parsePipe(state: State, context: string, close: TokenKind): Pipe {
  skipSpace(state)
  const start = peek(state).at
  const { names, isAssignment } = parseDeclaration(state, context)
  const commands: Command[] = []
  for (;;) {
    skipSpace(state)
    const token = peek(state)
    if (token.kind === close) {
      if (commands.length === 0) throw new TemplateError(`missing value for ${context}`, token.at)
      return {
        declares: names,
        isAssignment,
        commands,
        at: start,
        text: state.source.slice(start, token.at).trim(),
      }
    }
    commands.push(parseCommand(state, close))
  }
}

function parseDeclaration(state: State, context: string): { names: string[]; isAssignment: boolean } {
  const start = state.at
  const names: string[] = []
  for (;;) {
    skipSpace(state)
    const variable = next(state)
    if (variable.kind !== 'variable') break
    skipSpace(state)
    const after = next(state)
    names.push(variable.text)
    if (after.kind === 'declare' || after.kind === 'assign')
      return { names, isAssignment: after.kind === 'assign' }
    if (after.kind !== 'comma' || context !== 'range' || names.length > 1) break
  }
  state.at = start
  return { names: [], isAssignment: false }
}

function parseCommand(state: State, close: TokenKind): Command {
  const words: Operand[] = []
  for (;;) {
    skipSpace(state)
    const token = peek(state)
    if (token.kind === close) break
    if (token.kind === 'pipe') {
      state.at++
      skipSpace(state)
      if (peek(state).kind === close) throw new TemplateError('missing value for command', token.at)
      break
    }
    words.push(parseOperand(state))
  }
  if (words.length === 0) throw new TemplateError('empty command', peek(state).at)
  return { words }
}

/** A term and the fields behind it. The position of a longer chain is that of its second field, as in Go. */
function parseOperand(state: State): Operand {
  const term = parseTerm(state)
  const second = peek(state)
  const names: string[] = []
  while (peek(state).kind === 'field') names.push(next(state).text.slice(1))
  if (names.length === 0) return term
  const text = `${term.text}${names.map((name) => `.${name}`).join('')}`
  if (term.kind === 'field') return { ...term, names: [...term.names, ...names], at: second.at, text }
  if (term.kind === 'variable') return { ...term, names, at: second.at, text }
  if (term.kind === 'constant' || term.kind === 'nil')
    throw new TemplateError(`unexpected . after term "${term.text}"`, second.at)
  return { kind: 'chain', base: term, names, at: second.at, text }
}

function parseTerm(state: State): Operand {
  const token = next(state)
  const { at, text } = token
  switch (token.kind) {
    case 'dot':
      return { kind: 'dot', at, text }
    case 'nil':
      return { kind: 'nil', at, text }
    case 'field':
      return { kind: 'field', names: [text.slice(1)], at, text }
    case 'variable':
      return { kind: 'variable', name: text, names: [], at, text }
    case 'identifier':
      if (!state.functions.has(text)) throw new TemplateError(`function "${text}" not defined`, at)
      return { kind: 'function', name: text, at, text }
    case 'boolean':
      return { kind: 'constant', value: text === 'true', at, text }
    case 'number':
      return { kind: 'constant', value: Number(text.replaceAll('_', '')), at, text }
    case 'string':
    case 'character':
      return { kind: 'constant', value: constantText(token), at, text }
    case 'open': {
      const pipe = parsePipe(state, 'parenthesized pipeline', 'close')
      state.at++
      return { kind: 'pipe', pipe, at, text: `(${pipe.text})` }
    }
    default:
      throw unexpected(token, 'operand')
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  '"': '"',
  "'": "'",
  a: '\x07',
}

function constantText(token: Token): string | number {
  const inner = token.text.slice(1, -1)
  if (token.text.startsWith('`')) return inner
  const text = inner.replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)/g, (whole, code: string) =>
    code.length > 1 ? String.fromCodePoint(Number.parseInt(code.slice(1), 16)) : (ESCAPES[code] ?? whole),
  )
  return token.kind === 'character' ? (text.codePointAt(0) ?? 0) : text
}
