/** What has to be written so that a terminal that shows one grid shows another: runs of changed cells. */
import type { Grid } from './grid.ts'
import { PLAIN, sgrOf } from './style.ts'

/** So few unchanged cells between two runs are cheaper to write again than to jump over. */
const GAP = 4

/** Makes `shown` equal to `wanted`. `color` turns SGR parameters into those that may be used. */
export function difference(shown: Grid, wanted: Grid, color: (sgr: string) => string): string {
  let out = ''
  for (let y = 0; y < wanted.rows; y++) out += rowDifference(shown, wanted, y, color)
  return out === '' ? '' : `${out}\u001b[0m`
}

function rowDifference(shown: Grid, wanted: Grid, y: number, color: (sgr: string) => string): string {
  const start = y * wanted.columns
  const end = start + wanted.columns
  let out = ''
  let i = start
  while (i < end) {
    if (same(shown, wanted, i)) {
      i++
      continue
    }
    let first = i
    while (first > start && (wanted.text[first] === '' || shown.text[first] === '')) first--
    let last = i
    for (let next = i + 1; next < end && next - last <= GAP; next++)
      if (!same(shown, wanted, next)) last = next
    while (last + 1 < end && (wanted.text[last + 1] === '' || shown.text[last + 1] === '')) last++
    out += run(shown, wanted, y, first, last, color)
    i = last + 1
  }
  return out
}

function same(a: Grid, b: Grid, i: number): boolean {
  return a.text[i] === b.text[i] && a.style[i] === b.style[i]
}

function run(
  shown: Grid,
  wanted: Grid,
  y: number,
  first: number,
  last: number,
  color: (sgr: string) => string,
): string {
  const column = (at: number): number => at - y * wanted.columns + 1
  let out = `\u001b[${y + 1};${column(first)}H`
  let style = -1
  for (let i = first; i <= last; i++) {
    const text = wanted.text[i]!
    const wantedStyle = wanted.style[i]!
    if (wantedStyle !== style) {
      style = wantedStyle
      const sgr = style === PLAIN ? '' : color(sgrOf(style))
      out += sgr === '' ? '\u001b[0m' : `\u001b[0;${sgr}m`
    }
    out += text
    // Terminals disagree about some widths: after anything unusual say where to go on.
    if (i < last && text.length > 0 && text.codePointAt(0)! >= 0x1100 && wanted.text[i + 1] !== undefined) {
      const isPicture = text.codePointAt(0)! >= 0x2e80 || text.length > 1
      if (isPicture) out += `\u001b[${y + 1};${column(wanted.text[i + 1] === '' ? i + 2 : i + 1)}H`
    }
    shown.text[i] = text
    shown.style[i] = wantedStyle
  }
  return out
}
