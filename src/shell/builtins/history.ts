/** `history`. */
import type { Interpreter } from '../interpreter.ts'

export async function history(shell: Interpreter, words: readonly string[]): Promise<number> {
  const { history: lines } = shell.state
  if (words[1] === '-c') {
    shell.state.history = []
    return 0
  }
  const count = words[1] === undefined ? lines.length : Number(words[1])
  if (Number.isNaN(count)) {
    await shell.complain(`history: ${words[1]}: numeric argument required`)
    return 1
  }
  const first = Math.max(0, lines.length - count)
  await shell.write(
    1,
    lines
      .slice(first)
      .map((line, i) => `${String(first + i + 1).padStart(5)}  ${line}\n`)
      .join(''),
  )
  return 0
}
