/** Splits Markdown into prose and named fences, keeping line numbers. Fences with other names are left in the prose. */

export const FENCES = [
  'setup',
  'goal',
  'question',
  'hint',
  'solution',
  'alt',
  'mustfail',
  'show',
  'diagram',
] as const
export type FenceName = (typeof FENCES)[number]

export type Piece =
  | { readonly kind: 'prose'; readonly line: number; readonly text: string }
  | { readonly kind: 'heading'; readonly line: number; readonly text: string }
  | { readonly kind: 'fence'; readonly line: number; readonly name: FenceName; readonly body: string }

/** Behind the name of a picture made of characters may stand what it shows, in words. */
const OPENING = /^(`{3,})\s*([\w-]*)(?:\s[^`]*)?$/

/** `firstLine` is the number of the first line of `text` in its file. */
export function splitPieces(text: string, firstLine: number): { pieces: Piece[]; unclosed: number | null } {
  const lines = text.split('\n')
  const pieces: Piece[] = []
  let prose: { line: number; lines: string[] } = { line: firstLine, lines: [] }
  const flush = (next: number): void => {
    const body = prose.lines.join('\n').trim()
    const blank = prose.lines.findIndex((line) => line.trim() !== '')
    if (body !== '') pieces.push({ kind: 'prose', line: prose.line + blank, text: body })
    prose = { line: next, lines: [] }
  }
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!
    const number = firstLine + i
    const opening = OPENING.exec(line)
    if (opening !== null) {
      const end = closingLine(lines, i, opening[1]!)
      if (end === null) return { pieces, unclosed: number }
      if (isFenceName(opening[2]!)) {
        flush(firstLine + end + 1)
        pieces.push({
          kind: 'fence',
          line: number,
          name: opening[2],
          body: lines.slice(i + 1, end).join('\n'),
        })
      } else prose.lines.push(...lines.slice(i, end + 1))
      i = end
    } else if (line.startsWith('## ')) {
      flush(number + 1)
      pieces.push({ kind: 'heading', line: number, text: line.slice(3).trim() })
    } else prose.lines.push(line)
  }
  flush(firstLine + lines.length)
  return { pieces, unclosed: null }
}

function closingLine(lines: readonly string[], from: number, ticks: string): number | null {
  for (let i = from + 1; i < lines.length; i++) if (lines[i]!.trimEnd() === ticks) return i
  return null
}

function isFenceName(name: string): name is FenceName {
  return (FENCES as readonly string[]).includes(name)
}
