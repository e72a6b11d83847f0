/** `set -x`. */
import type { Interpreter } from '../interpreter.ts'
import { getParameter } from '../variables.ts'

export async function traceCommand(shell: Interpreter, words: readonly string[]): Promise<void> {
  if (!shell.state.options.has('x')) return
  const prefix = getParameter(shell, 'PS4') ?? '+ '
  await shell.write(2, `${prefix}${words.map(shown).join(' ')}\n`)
}

function shown(word: string): string {
  if (/^\w+=/.test(word)) {
    const cut = word.indexOf('=') + 1
    const value = word.slice(cut)
    return value === '' ? word : word.slice(0, cut) + shown(value)
  }
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
