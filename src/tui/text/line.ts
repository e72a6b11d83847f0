/** A line of the screen as pieces of text with a tone each. Tones, not colours: the theme decides how they look. */
import { charWidth } from '../screen/width.ts'

export type Tone =
  | 'plain'
  | 'dim'
  | 'strong'
  | 'heading'
  | 'accent'
  | 'code'
  | 'good'
  | 'bad'
  | 'key'
  | 'tag'
  | 'selected'

export interface Span {
  /** May hold SGR sequences (prose that is already styled). */
  readonly text: string
  readonly tone?: Tone
}

export type Line = readonly Span[]

/** The terminal's own sixteen colours, so that its theme decides. */
const SGR: Readonly<Record<Tone, string>> = {
  plain: '',
  dim: '2',
  strong: '1',
  heading: '1',
  accent: '36',
  code: '36',
  good: '32',
  bad: '31',
  key: '1',
  tag: '7',
  selected: '1;36',
}

const SEQUENCE = /\u001b\[[0-9;:]*m/g

export function lineText(line: Line): string {
  return line
    .map(({ text, tone = 'plain' }) => (SGR[tone] === '' ? text : `\u001b[${SGR[tone]}m${text}\u001b[0m`))
    .join('')
}

export function lineWidth(line: Line): number {
  let width = 0
  for (const { text } of line) {
    for (const char of text.replace(SEQUENCE, '')) width += charWidth(char.codePointAt(0)!)
  }
  return width
}

export function padLine(line: Line, width: number): Line {
  const missing = width - lineWidth(line)
  return missing > 0 ? [...line, { text: ' '.repeat(missing) }] : line
}

/** `left` at the left edge, `right` at the right one; where both do not fit, the right one goes. */
export function spread(left: Line, right: Line, width: number): Line {
  const gap = width - lineWidth(left) - lineWidth(right)
  return gap >= 1 ? [...left, { text: ' '.repeat(gap) }, ...right] : padLine(left, width)
}

/** Markdown's `code`, **strong** and *emphasis* inside one line. */
export function inline(text: string, tone: Tone = 'plain'): Line {
  const spans: Span[] = []
  const pattern = /(`+)(.+?)\1|\*\*(.+?)\*\*|(?<![\w*])\*([^*\s][^*]*)\*(?![\w*])/g
  let at = 0
  for (const match of text.matchAll(pattern)) {
    if (match.index > at) spans.push({ text: text.slice(at, match.index), tone })
    if (match[2] !== undefined) spans.push({ text: match[2], tone: 'code' })
    else spans.push({ text: (match[3] ?? match[4])!, tone: 'strong' })
    at = match.index + match[0].length
  }
  if (at < text.length) spans.push({ text: text.slice(at), tone })
  return spans
}

/** Breaks at blanks (inside a word only where it is longer than a line). Plain spans only. */
export function wrapLine(line: Line, width: number, indent: Line = []): Line[] {
  const lines: Span[][] = []
  let current: Span[] = []
  let used = 0
  const room = Math.max(1, width - lineWidth(indent))
  const newLine = (): void => {
    lines.push(current)
    current = []
    used = 0
  }
  for (const { text, tone } of line) {
    for (const word of text.split(/(\s+)/)) {
      if (word === '') continue
      const blank = word.trim() === ''
      const width = blank ? 1 : lineWidth([{ text: word }])
      if (blank) {
        if (used > 0 && used < room) {
          current.push({ text: ' ', ...(tone === undefined ? {} : { tone }) })
          used += 1
        }
        continue
      }
      if (used > 0 && used + width > room) newLine()
      for (const piece of pieces(word, room)) {
        if (used > 0 && used + lineWidth([{ text: piece }]) > room) newLine()
        current.push({ text: piece, ...(tone === undefined ? {} : { tone }) })
        used += lineWidth([{ text: piece }])
      }
    }
  }
  if (current.length > 0 || lines.length === 0) lines.push(current)
  return lines.map((spans, i) => (i === 0 || indent.length === 0 ? spans : [...indent, ...spans]))
}

function pieces(word: string, width: number): string[] {
  if (lineWidth([{ text: word }]) <= width) return [word]
  const result: string[] = []
  let piece = ''
  for (const char of word) {
    if (lineWidth([{ text: piece + char }]) > width) {
      result.push(piece)
      piece = ''
    }
    piece += char
  }
  return piece === '' ? result : [...result, piece]
}
