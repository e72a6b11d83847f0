/** `tutor undo`, `redo`, `reset`, `help`, and what the course added. */
import type { CommandContext } from '../commands/context.ts'
import type { Session } from './session.ts'

export async function runTutor(
  session: Session,
  words: readonly string[],
  context: CommandContext,
): Promise<number | null> {
  const [word = 'help'] = words
  if (word === 'undo') return travel(session, context, 'Undone', 'nothing to undo', () => session.undo())
  if (word === 'redo') return travel(session, context, 'Done again', 'nothing to redo', () => session.redo())
  if (word === 'reset') {
    const reset = (): string | null => (session.reset() ? '' : null)
    return travel(session, context, 'Back at the beginning', 'nothing to reset', reset)
  }
  const handler = session.tutorWords.get(word)
  if (handler !== undefined) return handler(words, context)
  if (word !== 'help') return null
  context.out(helpText(session.tutorHelp, context.columns))
  return 0
}

/** The task that asks does not come back: its world is gone. */
async function travel(
  session: Session,
  context: CommandContext,
  done: string,
  problem: string,
  go: () => string | null,
): Promise<number> {
  const line = go()
  if (line === null) {
    session.stay()
    context.err(`tutor: ${problem}\n`)
    return 1
  }
  session.announce(`${done}${line === '' ? '' : `: ${line}`}\n`)
  return new Promise(() => {})
}

export function helpText(more: readonly string[], columns: number): string {
  const lines = [
    'undo    back to before the last command',
    'redo    forward again',
    'reset   back to the beginning',
    'help    these words',
    ...more,
  ]
  return lines.map((line) => `${broken(`  tutor ${line}`, columns, '    ')}\n`).join('')
}

/** A paragraph, broken between words where the terminal ends. */
export function broken(text: string, columns: number, indent = ''): string {
  const lines: string[] = []
  let line = ''
  for (const piece of text.match(/\s*\S+/g) ?? []) {
    if (line !== '' && [...line, ...piece].length > columns) {
      lines.push(line)
      line = indent + piece.trimStart()
    } else line += piece
  }
  return [...lines, line].join('\n')
}
