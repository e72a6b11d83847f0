/** What Tab offers, in columns, as readline lists it. */
import { clip, pad, textWidth } from '../screen/width.ts'

/** More are only counted. */
const MOST = 200

export function candidateLines(candidates: readonly string[], columns: number): string {
  // Of paths, the last part is enough.
  const names = candidates.map((name) => name.replace(/^.*\/(?=.)/, '')).slice(0, MOST)
  const width = Math.min(columns, Math.max(...names.map(textWidth)) + 2)
  const perRow = Math.max(1, Math.floor(columns / width))
  const rows = Math.ceil(names.length / perRow)
  let text = ''
  for (let y = 0; y < rows; y++) {
    const row = Array.from({ length: perRow }, (_, x) => names[x * rows + y])
    text += `${row
      .map((name) => (name === undefined ? '' : pad(clip(name, width), width)))
      .join('')
      .trimEnd()}\r\n`
  }
  const more = candidates.length - names.length
  return more > 0 ? `${text}… and ${more} more\r\n` : text
}
