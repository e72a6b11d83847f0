/** A step as the learner reads it: its prose, what commands print, where its tasks stand, then hints and solutions. */
import type { BlockView, StepView } from '../ports.ts'
import { textWidth } from '../screen/width.ts'
import type { Note } from '../state/model.ts'
import { proseLines } from './prose.ts'
import { withoutTabs } from './tabs.ts'

export function documentOf(view: StepView, notes: readonly Note[], width: number): string[] {
  const intro = view.intro === null ? [] : [...proseLines(view.intro, width), '', '']
  const blocks = view.blocks.flatMap((block) => blockLines(view, block, width))
  const lines = [
    ...intro,
    `\u001b[1;4m${view.title}\u001b[0m`,
    '',
    ...blocks,
    ...notes.flatMap((note) => noteLines(note, width)),
  ]
  while (lines.at(-1) === '') lines.pop()
  return lines
}

function blockLines(view: StepView, block: BlockView, width: number): string[] {
  switch (block.kind) {
    case 'prose':
      return [...proseLines(block.markdown, width), '']
    case 'output':
      return [...preformatted(block.text, width), '']
    case 'picture': {
      const fits = (drawing: string): boolean => {
        const isCut = drawing.includes('…')
        return !isCut && Math.max(...drawing.split('\n').map(textWidth)) <= width - 2
      }
      // A picture that does not fit is told in words.
      const drawing = [block.drawing, block.narrow ?? ''].find((one) => one !== '' && fits(one))
      return drawing === undefined
        ? block.words.split('\n').flatMap((line) => [...proseLines(line, width), ''])
        : [...preformatted(drawing, width), '']
    }
    case 'task': {
      const number = view.tasks.findIndex((task) => task.id === block.task) + 1
      const kind = view.tasks[number - 1]?.kind === 'question' ? 'question' : 'goal'
      return [`\u001b[36m▸ Task ${number}: ${kind}, see below\u001b[0m`, '']
    }
  }
}

function noteLines(note: Note, width: number): string[] {
  const heading = (text: string): string[] => [`\u001b[1m${text}\u001b[0m`, '']
  switch (note.kind) {
    case 'hint':
      return [...heading(`Hint ${note.number}`), ...proseLines(note.text, width), '']
    case 'solution':
      return [...heading('A solution'), ...preformatted(note.lines.join('\n'), width), '']
    case 'reason':
      return [...heading('Answered'), ...proseLines(note.ask, width), '', ...proseLines(note.text, width), '']
  }
}

/** As a terminal of this width would show it. */
function preformatted(text: string, width: number): string[] {
  const room = width - 2
  return text.split('\n').flatMap((line) => {
    const rows = hardWrapped(withoutTabs(line), room)
    return rows.map((row) => (row === '' ? '' : `  \u001b[36m${row}\u001b[0m`))
  })
}

function hardWrapped(line: string, width: number): string[] {
  const rows: string[] = []
  let row = ''
  for (const char of line) {
    if (textWidth(row + char) > width) {
      rows.push(row)
      row = ''
    }
    row += char
  }
  return [...rows, row]
}
