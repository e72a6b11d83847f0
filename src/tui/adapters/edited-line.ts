/** The line at a session's prompt: the shell's own editor, drawn into the pane relative to where the prompt begins. */
import type { Session } from '../../session/session.ts'
import { applyCompletion, type Completion } from '../../shell/editor/complete.ts'
import { type EditorEvent, editLine } from '../../shell/editor/edit.ts'
import { renderLine } from '../../shell/editor/render.ts'
import { createEditor, type EditorState, lineText } from '../../shell/editor/state.ts'
import { textWidth } from '../../shell/editor/width.ts'
import type { Size } from '../ports.ts'
import type { LineInput, LineResult } from './line-input.ts'

/** Texts killed at earlier prompts of a session. */
const kills = new WeakMap<Session, readonly string[]>()

/** More candidates than this are counted, not shown. */
const MOST_CANDIDATES = 200

export function editedLine(session: Session, write: (text: string) => void, size: Size): LineInput {
  const prompt = session.prompt().slice(session.prompt().lastIndexOf('\n') + 1)
  let { columns } = size
  let state: EditorState = {
    ...createEditor(session.current?.state.history ?? []),
    kills: kills.get(session) ?? [],
  }
  let row = renderLine(state, prompt, columns).cursor.row

  const draw = (): void => {
    const { rows, cursor } = renderLine(state, prompt, columns)
    const down = rows.length - 1 - cursor.row
    write(
      `${row > 0 ? `\x1b[${row}A` : ''}\r\x1b[J${rows.join('\r\n')}${down > 0 ? `\x1b[${down}A` : ''}\r` +
        (cursor.column > 0 ? `\x1b[${cursor.column}C` : ''),
    )
    row = cursor.row
  }

  /** Below the line, so that what is printed next begins on a row of its own. */
  const leave = (): void => {
    state = { ...state, cursor: state.characters.length, search: null }
    draw()
    kills.set(session, state.kills)
  }

  const complete = (again: boolean): void => {
    const text = lineText(state)
    const cursor = state.characters.slice(0, state.cursor).join('').length
    const completion = session.complete(text, cursor)
    const next = applyCompletion(state, completion)
    if (lineText(next) === text && again && completion.candidates.length > 1) showCandidates(completion)
    else if (lineText(next) === text) write('\x07')
    state = next
    draw()
  }

  const showCandidates = ({ candidates }: Completion): void => {
    leave()
    write(`\r\n${listed(candidates, columns)}`)
    row = 0
  }

  const key = (event: EditorEvent): LineResult => {
    const { state: next, action } = editLine(state, event)
    const appends = isAppended(state, next, event) && row === renderLine(next, prompt, columns).cursor.row
    state = next
    if (action.kind === 'complete') complete(action.again)
    else if (action.kind === 'clear') {
      write('\x1b[H\x1b[2J')
      row = 0
      draw()
    } else if (action.kind === 'submit') {
      leave()
      write('\r\n')
      return { kind: 'line', text: action.text }
    } else if (action.kind === 'interrupt' || action.kind === 'end') {
      leave()
      return { kind: action.kind }
    } else if (action.kind === 'bell') write('\x07')
    else if (appends) write(event.text)
    else draw()
    return { kind: 'more' }
  }

  return {
    key,
    resize(next) {
      columns = next
      draw()
    },
  }
}

/** An ordinary letter at the end of the line: it alone is written. */
function isAppended(before: EditorState, after: EditorState, event: EditorEvent): boolean {
  return (
    event.kind === 'key' &&
    /^[\x20-\x7e]$/.test(event.text) &&
    before.search === null &&
    after.cursor === after.characters.length &&
    after.characters.length === before.characters.length + 1
  )
}

function listed(candidates: readonly string[], columns: number): string {
  if (candidates.length > MOST_CANDIDATES) return `${candidates.length} possibilities\r\n`
  const shown = candidates.map((one) => one.replace(/(.)\/$/, '$1/').replace(/^.*\/(?=.)/, ''))
  const width = Math.max(...shown.map(textWidth)) + 2
  const across = Math.max(1, Math.floor(columns / width))
  const down = Math.ceil(shown.length / across)
  let text = ''
  for (let line = 0; line < down; line++) {
    for (let i = line; i < shown.length; i += down)
      text += shown[i]! + ' '.repeat(width - textWidth(shown[i]!))
    text = `${text.trimEnd()}\r\n`
  }
  return text
}
