/** `getopts`. getopts(1p) */
import type { Interpreter } from '../interpreter.ts'
import { getParameter, setVariable, unsetVariable } from '../variables.ts'

export async function getopts(shell: Interpreter, words: readonly string[]): Promise<number> {
  const [, spec = '', name = 'opt', ...given] = words
  const args = given.length > 0 ? given : shell.state.positional
  const index = Number(getParameter(shell, 'OPTIND') ?? 1)
  if (index === 1 && shell.optionIndex.word !== 1) shell.optionIndex = { word: 1, letter: 1 }
  const at = shell.optionIndex
  const word = args[at.word - 1]
  if (word === undefined || !/^-./.test(word) || word === '--') {
    if (word === '--') at.word++
    setVariable(shell, name, '?')
    setVariable(shell, 'OPTIND', String(at.word))
    shell.optionIndex = { word: at.word, letter: 1 }
    return 1
  }
  const letter = word[at.letter]!
  const isLast = at.letter + 1 >= word.length
  const known = letter !== ':' && spec.includes(letter)
  const takes = known && spec[spec.indexOf(letter) + 1] === ':'
  unsetVariable(shell, 'OPTARG')
  if (takes) {
    const value = isLast ? args[at.word] : word.slice(at.letter + 1)
    shell.optionIndex = { word: at.word + (isLast ? 2 : 1), letter: 1 }
    if (value === undefined) return problem(shell, name, spec, letter, 'option requires an argument', ':')
    setVariable(shell, 'OPTARG', value)
  } else
    shell.optionIndex = isLast ? { word: at.word + 1, letter: 1 } : { word: at.word, letter: at.letter + 1 }
  setVariable(shell, 'OPTIND', String(shell.optionIndex.word))
  if (!known) return problem(shell, name, spec, letter, 'illegal option', '?')
  setVariable(shell, name, letter)
  return 0
}

async function problem(
  shell: Interpreter,
  name: string,
  spec: string,
  letter: string,
  message: string,
  silent: string,
): Promise<number> {
  setVariable(shell, 'OPTIND', String(shell.optionIndex.word))
  if (spec.startsWith(':')) {
    setVariable(shell, name, silent)
    setVariable(shell, 'OPTARG', letter)
    return 0
  }
  setVariable(shell, name, '?')
  await shell.write(2, `${shell.state.name}: ${message} -- ${letter}\n`)
  return 0
}
