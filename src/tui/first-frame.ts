/** The screen as text without Ink, for the first frame: the same lines that the views draw. */
import { layoutOf } from './layout.ts'
import type { AppState } from './state/model.ts'
import { bottomRule, statusLine, titleLine, topRule } from './text/chrome-lines.ts'
import { homeBody } from './text/home-lines.ts'
import { type Line, lineText } from './text/line.ts'

export function firstFrame(state: AppState): string {
  const { body } = layoutOf(state)
  const lines: Line[] = state.screen === 'home' ? homeBody(state).slice(0, body.rows) : []
  while (lines.length < body.rows) lines.push([])
  return [titleLine(state), topRule(state), ...lines, bottomRule(state), statusLine(state)]
    .map(lineText)
    .join('\n')
}
