/** Breaks styled text (SGR sequences in it) into lines; each line stands alone, with its style opened and closed. */
import { applySgr, attributesId, plainAttributes, sgrOf } from '../screen/style.ts'
import { charWidth } from '../screen/width.ts'

interface Styled {
  readonly char: string
  readonly style: number
  readonly width: number
}

const SEQUENCE = /\u001b\[([0-9;:]*)m/y
// What a line hangs from: blanks, a bullet, a number, the bar of a quotation.
const HANG = /^(\s*(?:[*•-] +|\d+\. +|│ )?)/

export function wrapStyled(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => wrapOne(line, width))
}

function wrapOne(line: string, width: number): string[] {
  const cells = styledCells(line)
  const plain = cells.map(({ char }) => char).join('')
  const lead = HANG.exec(plain)?.[0] ?? ''
  const hang = Math.min(lead.length, Math.floor(width / 2))
  const isQuote = lead.trimStart().startsWith('│')
  const indent: Styled[] = isQuote
    ? cells.slice(0, hang)
    : Array.from({ length: hang }, () => ({ char: ' ', style: 0, width: 1 }))
  const lines: string[] = []
  let rest = cells
  for (;;) {
    const cut = breakAt(rest, width, lines.length === 0 ? 0 : hang)
    lines.push(emit(rest.slice(0, cut)))
    let next = cut
    while (next < rest.length && rest[next]!.char === ' ') next++
    if (next >= rest.length) return lines
    rest = [...indent, ...rest.slice(next)]
  }
}

function styledCells(line: string): Styled[] {
  const attributes = plainAttributes()
  const cells: Styled[] = []
  let style = 0
  for (let i = 0; i < line.length; ) {
    SEQUENCE.lastIndex = i
    const match = line.charCodeAt(i) === 0x1b ? SEQUENCE.exec(line) : null
    if (match !== null) {
      applySgr(attributes, match[1]!)
      style = attributesId(attributes)
      i += match[0].length
      continue
    }
    const char = String.fromCodePoint(line.codePointAt(i)!)
    i += char.length
    if (char >= ' ') cells.push({ char, style, width: charWidth(char.codePointAt(0)!) })
  }
  return cells
}

/** How many cells stay on this line: up to the last blank that fits, else as many as fit. */
function breakAt(cells: readonly Styled[], width: number, lead: number): number {
  let used = 0
  let blank = -1
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i]!
    if (used + cell.width > width) {
      if (cell.char === ' ') return i
      return blank > lead ? blank : Math.max(lead + 1, i)
    }
    used += cell.width
    if (cell.char === ' ' && i >= lead) blank = i
  }
  return cells.length
}

function emit(cells: readonly Styled[]): string {
  let out = ''
  let style = 0
  for (const cell of cells) {
    if (cell.style !== style) {
      style = cell.style
      const sgr = sgrOf(style)
      out += sgr === '' ? '\u001b[0m' : `\u001b[0;${sgr}m`
    }
    out += cell.char
  }
  return style === 0 ? out : `${out}\u001b[0m`
}
