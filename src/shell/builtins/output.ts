/** `echo` and `printf`. */

import { formatPrintf, unescapeText } from '../../commands/coreutils/printf-format.ts'
import type { Interpreter } from '../interpreter.ts'
import { setVariable } from '../variables.ts'

export async function echo(shell: Interpreter, words: readonly string[]): Promise<number> {
  let args = words.slice(1)
  let newline = true
  let escapes = shell.state.dialect === 'dash'
  const known = shell.state.dialect === 'dash' ? /^-n$/ : /^-[neE]+$/
  while (args.length > 0 && known.test(args[0]!)) {
    for (const c of args[0]!.slice(1)) {
      if (c === 'n') newline = false
      else escapes = c === 'e'
    }
    args = args.slice(1)
  }
  const text = args.join(' ')
  if (!escapes) return (await shell.write(1, newline ? `${text}\n` : text)) ? 0 : writeError(shell, 'echo')
  const { text: plain, stopped } = unescapeText(text)
  return (await shell.write(1, newline && !stopped ? `${plain}\n` : plain)) ? 0 : writeError(shell, 'echo')
}

async function writeError(shell: Interpreter, name: string): Promise<number> {
  const fd = shell.process.descriptors.get(1)
  await shell.complain(
    `${name}: write error: ${fd === undefined ? 'Bad file descriptor' : 'Invalid argument'}`,
  )
  return 1
}

export async function printf(shell: Interpreter, words: readonly string[]): Promise<number> {
  const args = words.slice(1)
  let variable: string | null = null
  if (args[0] === '-v') {
    variable = args[1] ?? ''
    args.splice(0, 2)
  }
  if (args[0] === '--') args.shift()
  const [format, ...values] = args
  if (format === undefined) {
    await shell.write(2, 'printf: usage: printf [-v var] format [arguments]\n')
    return 2
  }
  const now = shell.system.world.epochMs + shell.system.world.nowUs / 1000
  const { text, problems } = formatPrintf(format, values, now)
  for (const problem of problems) await shell.complain(`printf: ${problem}`)
  if (variable !== null) setVariable(shell, variable, text)
  else await shell.write(1, text)
  return problems.length > 0 ? 1 : 0
}
