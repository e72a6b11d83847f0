/** POSIX regular expressions and character classes as JavaScript's. regex(7), grep(1) */

/** What stands between the brackets of a JavaScript class. */
export const CHARACTER_CLASSES: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  xdigit: '0-9A-Fa-f',
  cntrl: '\\x00-\\x1f\\x7f',
  print: '\\x20-\\x7e',
  graph: '\\x21-\\x7e',
  word: '\\w',
}

interface Piece {
  readonly source: string
  /** How much of the expression it stands for. */
  readonly length: number
}

/**
 * The source of a RegExp. In basic expressions `\( \) \{ \} \| \+ \?` are operators and the bare ones are not. An
 * expression that is wrong (`[a`) comes out wrong too, for `new RegExp` to refuse.
 */
export function fromPosix(text: string, extended: boolean): string {
  let out = ''
  let i = 0
  while (i < text.length) {
    const piece = bracket(text, i) ?? afterBackslash(text, i, extended) ?? operator(text, i, extended, out)
    out += piece.source
    i += piece.length
  }
  return out
}

function bracket(text: string, start: number): Piece | null {
  if (text[start] !== '[') return null
  const end = bracketEnd(text, start)
  if (end === -1) return { source: '[', length: text.length - start }
  const inside = text
    .slice(start + 1, end)
    .replace(/\\/g, '\\\\')
    .replace(/\[:(\w+):\]/g, (_, name: string) => CHARACTER_CLASSES[name] ?? '')
  const negated = inside.startsWith('^')
  const body = (negated ? inside.slice(1) : inside).replace(/^\]/, '\\]').replace(/\[(?!:)/g, '\\[')
  return { source: `[${negated ? '^' : ''}${body}]`, length: end + 1 - start }
}

function bracketEnd(text: string, start: number): number {
  let i = start + 1
  if (text[i] === '^') i++
  if (text[i] === ']') i++
  while (i < text.length) {
    const classEnd = text.startsWith('[:', i) ? text.indexOf(':]', i) : -1
    if (classEnd !== -1) i = classEnd + 2
    else if (text[i] === ']') return i
    else i++
  }
  return -1
}

function afterBackslash(text: string, at: number, extended: boolean): Piece | null {
  const next = text[at + 1]
  if (text[at] !== '\\' || next === undefined) return null
  return { source: escaped(next, extended), length: 2 }
}

function escaped(next: string, extended: boolean): string {
  if (!extended && '(){}|+?'.includes(next)) return next
  if (next === '<') return '\\b(?=\\w)'
  if (next === '>') return '\\b(?<=\\w)'
  if (/[wWsSbB1-9]/.test(next)) return `\\${next}`
  return /[A-Za-z0-9'"` _,;:=@#%&~-]/.test(next) ? next : `\\${next}`
}

/** One bare character: an operator, or itself where it cannot be one. `before`: what came out so far. */
function operator(text: string, at: number, extended: boolean, before: string): Piece {
  const c = text[at]!
  const isPlain =
    (c === '*' && (before === '' || (!extended && before.endsWith('(')))) ||
    (extended ? c === '{' && !/^\{\d*,?\d*\}/.test(text.slice(at)) : isPlainInBasic(text, at))
  return { source: isPlain ? `\\${c}` : c, length: 1 }
}

function isPlainInBasic(text: string, at: number): boolean {
  const c = text[at]!
  if ('(){}|+?'.includes(c)) return true
  if (c === '^') return at > 0 && !/\\[(|]$/.test(text.slice(0, at))
  return c === '$' && at < text.length - 1 && !/^\$\\[)|]/.test(text.slice(at))
}
