/** The line at a session's prompt: the shell's own editor, drawn into the pane. */
import type { Session } from '../../session/session.ts'
import type { Size } from '../ports.ts'
import { type LineInput, plainLine } from './line-input.ts'

export function editedLine(_session: Session, write: (text: string) => void, _size: Size): LineInput {
  return plainLine(write)
}
