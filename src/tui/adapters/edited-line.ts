/** The line at a session's prompt: the shell's own editor, drawn into the pane below its prompt. */

import type { Session } from '../../session/session.ts'
import { applyCompletion } from '../../shell/editor/complete.ts'
import { type EditorAction, editLine } from '../../shell/editor/edit.ts'
import { createEditor, type EditorState, lineText, nextLine } from '../../shell/editor/state.ts'
import type { Size } from '../ports.ts'
import type { InputEvent } from '../screen/decoder.ts'
import { candidateLines } from './candidates.ts'
import { createLineDrawing } from './line-drawing.ts'
import type { LineInput, LineResult } from './line-input.ts'

/** What is pasted beyond this is left out: no command line is that long. */
const LONGEST_PASTE = 32_768

const MORE: LineResult = { kind: 'more' }

/** Kill rings, so that what was killed in one line can be yanked in the next. */
const kept = new WeakMap<Session, EditorState>()

export function editedLine(session: Session, write: (text: string) => void, first: Size): LineInput {
  const history = session.current?.state.history ?? []
  const before = kept.get(session)
  let state = before === undefined ? createEditor([...history]) : nextLine(before, [...history])
  let size = first
  const drawing = createLineDrawing(session.prompt(), write)
  drawing.adopt(state, size)

  const complete = (again: boolean): void => {
    const text = lineText(state)
    const completion = session.complete(text, state.characters.slice(0, state.cursor).join('').length)
    const completed = applyCompletion(state, completion)
    const isStuck = lineText(completed) === text
    state = { ...completed, lastAction: 'complete' }
    if (isStuck && again && completion.candidates.length > 1) {
      drawing.leave(state, size)
      write(candidateLines(completion.candidates, size.columns))
      drawing.fresh()
    }
  }

  const act = (action: EditorAction): LineResult => {
    switch (action.kind) {
      case 'submit':
        drawing.leave(state, size)
        return { kind: 'line', text: action.text }
      case 'interrupt':
      case 'end':
        drawing.toEnd(state, size)
        return { kind: action.kind }
      case 'clear':
        write('\u001b[H\u001b[2J')
        drawing.fresh()
        break
      case 'complete':
        complete(action.again)
        break
      default:
        break
    }
    drawing.draw(state, size)
    return MORE
  }

  return {
    key(event) {
      const { state: next, action } = editLine(state, shortened(event))
      state = next
      kept.set(session, state)
      return act(action)
    },
    resize(next) {
      size = next
      drawing.draw(state, size)
    },
  }
}

function shortened(event: InputEvent): InputEvent {
  if (event.kind === 'key' || event.text.length <= LONGEST_PASTE) return event
  return { kind: 'paste', text: event.text.slice(0, LONGEST_PASTE) }
}
