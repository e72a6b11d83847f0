// Regular expressions that read letters, digits, blanks and word boundaries as Unicode does.
// A pattern is written with the plain \d, \w, \S and \b; a text with characters beyond ASCII
// (names of containers, docker compose's marks) is matched with the wide form of the same pattern.

const PLAIN = /^[\t\n -~]*$/
const WORD = '\\p{L}\\p{N}_'
const BLANK = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'

const INSIDE_CLASS: Record<string, string> = { '\\d': '\\p{Nd}', '\\w': WORD, '\\s': BLANK }
const OUTSIDE_CLASS: Record<string, string> = {
  '\\d': '\\p{Nd}',
  '\\w': `[${WORD}]`,
  '\\s': `[${BLANK}]`,
  '\\S': `[^${BLANK}]`,
  '\\b': `(?:(?<=[${WORD}])(?![${WORD}])|(?<![${WORD}])(?=[${WORD}]))`,
  '.': '[^\\n]',
}

function widen(pattern: RegExp): RegExp {
  let inClass = false
  const source = pattern.source.replace(/\\.|[[\].]/g, (token) => {
    if (token === '[' || token === ']') {
      inClass = token === '['
      return token
    }
    return (inClass ? INSIDE_CLASS : OUTSIDE_CLASS)[token] ?? token
  })
  return new RegExp(source, `${pattern.flags}u`)
}

const widened = new Map<RegExp, RegExp>()

/** The form of this pattern that is right for this text. */
export function suited(pattern: RegExp, text: string): RegExp {
  if (PLAIN.test(text)) return pattern
  let wide = widened.get(pattern)
  if (wide === undefined) {
    wide = widen(pattern)
    widened.set(pattern, wide)
  }
  return wide
}

export function found(pattern: RegExp, text: string): boolean {
  return suited(pattern, text).test(text)
}

export type Replacement = string | ((whole: string, ...groups: string[]) => string)

export function replaced(text: string, pattern: RegExp, to: Replacement): string {
  const form = suited(pattern, text)
  return typeof to === 'string' ? text.replace(form, to) : text.replace(form, to)
}

const BLANKS = new RegExp(`[${BLANK}]+`, 'u')
const BLANKS_AT_END = new RegExp(`[${BLANK}]+$`, 'u')

export function words(text: string): string[] {
  return text.split(BLANKS).filter((word) => word !== '')
}

export function trimmedEnd(text: string): string {
  return text.replace(BLANKS_AT_END, '')
}

/** The complete lines of a text: what follows the last line end is no line. */
export function completeLines(text: string): string[] {
  return text.split('\n').slice(0, -1)
}

/** The same text with the line ends of Unix. */
export function withUnixLineEnds(text: string): string {
  return text.replace(/\r\n?/g, '\n')
}
