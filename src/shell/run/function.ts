/** Calling a function: its own positional parameters and locals. bash(1) "FUNCTIONS" */
import { ExpansionError, ReturnFrom } from '../control.ts'
import type { Interpreter } from '../interpreter.ts'
import { restoreVariables } from './simple.ts'
import { parseCached } from './source.ts'

/** Real shells end with a crash at some depth; a limit with a message is kinder. */
const DEEPEST = 1000

export async function callFunction(shell: Interpreter, words: readonly string[]): Promise<number> {
  const name = words[0]!
  const text = shell.state.functions.get(name)!
  if (shell.frames.length >= DEEPEST) {
    throw new ExpansionError(`${name}: maximum function nesting level exceeded (${DEEPEST})`)
  }
  const frame = { saved: new Map(), positional: shell.state.positional, name }
  shell.frames.push(frame)
  shell.state.positional = words.slice(1)
  const { loops, mayReplace, source } = shell
  shell.loops = 0
  shell.mayReplace = false
  await null
  try {
    const { script } = parseCached(text)
    return await shell.runScript(script, text)
  } catch (problem) {
    if (problem instanceof ReturnFrom) return problem.status
    throw problem
  } finally {
    shell.frames.pop()
    restoreVariables(shell, frame.saved)
    shell.state.positional = frame.positional
    Object.assign(shell, { loops, mayReplace, source })
  }
}
