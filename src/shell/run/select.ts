/** `select NAME in WORDS; do …; done`: a menu on stderr, the answer from stdin. bash(1) */
import type { Select } from 'unbash'
import { BreakLoop, ContinueLoop } from '../control.ts'
import { expandWords } from '../expand/word.ts'
import { readLine } from '../input.ts'
import type { Interpreter } from '../interpreter.ts'
import { getParameter, setVariable } from '../variables.ts'
import { runList } from './node.ts'

export async function runSelect(shell: Interpreter, node: Select): Promise<number> {
  const values =
    node.wordlist === undefined ? [...shell.state.positional] : await expandWords(shell, node.wordlist)
  await shell.write(2, values.map((value, index) => `${index + 1}) ${value}\n`).join(''))
  shell.loops++
  try {
    return await menu(shell, node, values)
  } finally {
    shell.loops--
  }
}

async function menu(shell: Interpreter, node: Select, values: readonly string[]): Promise<number> {
  for (;;) {
    await shell.write(2, getParameter(shell, 'PS3') ?? '#? ')
    const line = await readLine(shell, 0)
    if (line === null) return 1
    const answer = line.replace(/\n$/, '')
    setVariable(shell, 'REPLY', answer)
    setVariable(shell, node.name.value, values[Number(answer) - 1] ?? '')
    try {
      await runList(shell, node.body)
    } catch (problem) {
      if (problem instanceof BreakLoop) return 0
      if (!(problem instanceof ContinueLoop)) throw problem
    }
  }
}
