/** The pane that explains the world, as lines: a heading, then the text as far as it fits. */
import { layoutOf } from '../layout.ts'
import { clip } from '../screen/width.ts'
import type { AppState } from '../state/model.ts'
import { type Line, lineWidth, type Tone, wrapLine } from './line.ts'

const TITLES = { map: 'Map', walk: 'Packet walk', glossary: 'Glossary' } as const
const KEYS = { map: 'F2', walk: '[ ] packet  F3', glossary: 'F4' } as const

/** Rows for the text below the heading. */
export function sideRows(state: AppState): number {
  return Math.max(1, (layoutOf(state).side?.rows ?? 20) - 1)
}

/** All lines of the text, as wide as the pane. */
export function sideLines(state: AppState): Line[] {
  const { side } = state
  const columns = layoutOf(state).side?.columns ?? 60
  if (side === null) return []
  const lines = side.text.trimEnd().split('\n')
  if (side.kind === 'map')
    return lines.map((text): Line => [{ text: ' ' }, { text: clip(text, columns - 2) }])
  return lines.flatMap((text) => wrapped(text, columns - 2).map((line): Line => [{ text: ' ' }, ...line]))
}

/** What is seen of it: the heading and the lines from where it was scrolled to. */
export function sidePane(state: AppState): Line[] {
  const { side } = state
  const { side: rect } = layoutOf(state)
  if (side === null || rect === null) return []
  const lines = sideLines(state)
  const rows = sideRows(state)
  const visible = lines.slice(side.scroll, side.scroll + rows)
  if (lines.length > side.scroll + rows) visible[rows - 1] = [{ text: ' ▼ more: Space', tone: 'accent' }]
  return [heading(side, rect.columns), ...visible]
}

function heading(side: NonNullable<AppState['side']>, columns: number): Line {
  const word: Line = side.kind === 'glossary' ? [{ text: `› ${side.word}█ `, tone: 'accent' }] : []
  const left: Line = [
    { text: '──', tone: 'dim' },
    { text: ` ${TITLES[side.kind]} `, tone: 'heading' },
    ...word,
  ]
  const right = ` ${KEYS[side.kind]}: close ─`
  const gap = columns - lineWidth(left) - right.length
  if (gap < 0) return left
  return [...left, { text: '─'.repeat(gap) + right, tone: 'dim' }]
}

/** What begins with blanks or a sign goes on below its own beginning. */
function wrapped(text: string, width: number): Line[] {
  const [, blanks = '', sign = ''] = /^(\s*)((?:[→?✓·≠■✗▸] +)?(?:\d+ {2})?)/.exec(text) ?? []
  const indent = blanks.length + sign.length
  const body = text.slice(indent)
  const tone = toneOf(text)
  const lines = wrapLine([{ text: body, tone }], Math.max(8, width - indent))
  return lines.map(
    (line, at): Line => [{ text: at === 0 ? blanks + sign : ' '.repeat(indent), tone }, ...line],
  )
}

function toneOf(text: string): Tone {
  const sign = text.trimStart()[0] ?? ''
  if (sign === '✗') return 'bad'
  if (sign === '·') return 'dim'
  if (sign === '≠' || sign === '▸') return 'accent'
  return /^\S/.test(text) ? 'strong' : 'plain'
}
