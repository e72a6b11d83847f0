/** What a builtin is given: the shell and its words (the first is its own name). */
import type { Interpreter } from '../interpreter.ts'

export type Builtin = (shell: Interpreter, words: readonly string[]) => number | Promise<number>
