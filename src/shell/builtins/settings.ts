/** `set`, `shopt`, `trap`, `umask`, `ulimit`. */
import { signalName, signalNumber } from '../../sim/kernel/task/signal.ts'
import { quoteForReuse } from '../expand/parameter.ts'
import type { Interpreter } from '../interpreter.ts'
import { scalar } from '../variables.ts'

const NAMED: Readonly<Record<string, string>> = {
  errexit: 'e',
  nounset: 'u',
  xtrace: 'x',
  noglob: 'f',
  allexport: 'a',
  noclobber: 'C',
  verbose: 'v',
  noexec: 'n',
  monitor: 'm',
  hashall: 'h',
}
const UNLETTERED = new Set(['pipefail', 'emacs', 'vi', 'history', 'posix', 'ignoreeof'])

export async function setOptions(shell: Interpreter, words: readonly string[]): Promise<number> {
  const args = words.slice(1)
  if (args.length === 0) return listVariables(shell)
  while (args.length > 0) {
    const word = args[0]!
    if (word === '--' || word === '-') {
      shell.state.positional = args.slice(1)
      return 0
    }
    if (!/^[-+]/.test(word)) {
      shell.state.positional = [...args]
      return 0
    }
    args.shift()
    const status = await setWord(shell, word, args)
    if (status !== 0) return status
  }
  return 0
}

async function setWord(shell: Interpreter, word: string, args: string[]): Promise<number> {
  const isOn = word.startsWith('-')
  for (const letter of word.slice(1)) {
    if (letter === 'o') {
      const name = args.shift()
      if (name === undefined) return listOptions(shell)
      const option = NAMED[name] ?? (UNLETTERED.has(name) ? name : null)
      if (option === null) {
        await shell.complain(`set: ${name}: invalid option name`)
        return 2
      }
      change(shell, option, isOn)
    } else if ('euxfaCvnmhbBEHT'.includes(letter)) change(shell, letter, isOn)
    else {
      await shell.complain(
        shell.state.dialect === 'bash' ? `set: -${letter}: invalid option` : `set: illegal option -${letter}`,
      )
      return 2
    }
  }
  return 0
}

function change(shell: Interpreter, option: string, isOn: boolean): void {
  if (isOn) shell.state.options.add(option)
  else shell.state.options.delete(option)
}

async function listOptions(shell: Interpreter): Promise<number> {
  for (const [name, letter] of Object.entries(NAMED).sort()) {
    await shell.write(1, `${name.padEnd(15)}\t${shell.state.options.has(letter) ? 'on' : 'off'}\n`)
  }
  return 0
}

async function listVariables(shell: Interpreter): Promise<number> {
  for (const [name, variable] of [...shell.state.variables].sort(([x], [y]) => (x < y ? -1 : 1))) {
    const value = scalar(variable) ?? ''
    const shown = /^[\w@%+=:,./-]*$/.test(value) ? value : quoteForReuse(value)
    await shell.write(1, `${name}=${shown}\n`)
  }
  return 0
}

export async function shellOptions(shell: Interpreter, words: readonly string[]): Promise<number> {
  const flag = words[1]
  const names = words.slice(flag?.startsWith('-') ? 2 : 1)
  if (flag === '-s' || flag === '-u') for (const name of names) change(shell, name, flag === '-s')
  else if (flag === '-q') return names.every((name) => shell.state.options.has(name)) ? 0 : 1
  else
    for (const name of names)
      await shell.write(1, `${name.padEnd(15)}\t${shell.state.options.has(name) ? 'on' : 'off'}\n`)
  return 0
}

/** `EXIT`, `ERR`, `DEBUG` or the name of a signal. */
function trapName(text: string): string | null {
  if (text === '0' || text.toUpperCase() === 'EXIT') return 'EXIT'
  if (text === 'ERR' || text === 'DEBUG' || text === 'RETURN') return text
  const number = signalNumber(text)
  return number === null ? null : signalName(number)
}

export async function trap(shell: Interpreter, words: readonly string[]): Promise<number> {
  const args = words.slice(words[1] === '--' || words[1] === '-p' ? 2 : 1)
  if (args.length === 0) return listTraps(shell)
  const [code, ...names] = args.length === 1 ? ['-', args[0]!] : (args as [string, ...string[]])
  let status = 0
  for (const text of names) {
    const name = trapName(text)
    if (name === null) {
      await shell.complain(`trap: ${text}: invalid signal specification`)
      status = 1
    } else setTrap(shell, name, code!)
  }
  return status
}

function setTrap(shell: Interpreter, name: string, code: string): void {
  const { process, state } = shell
  const signal = signalNumber(name)
  if (code === '-') state.traps.delete(name)
  else state.traps.set(name, code)
  if (signal === null) return
  process.handlers.delete(signal)
  process.ignored.delete(signal)
  if (code === '') process.ignored.add(signal)
  else if (code !== '-' || signal === 2) process.handlers.add(signal)
}

async function listTraps(shell: Interpreter): Promise<number> {
  for (const [name, code] of shell.state.traps) {
    const shown =
      name === 'EXIT' || name === 'ERR' || name === 'DEBUG'
        ? name
        : shell.state.dialect === 'bash'
          ? `SIG${name}`
          : name
    await shell.write(1, `trap -- ${quoteForReuse(code)} ${shown}\n`)
  }
  return 0
}

export async function umask(shell: Interpreter, words: readonly string[]): Promise<number> {
  const mask = words[1]
  if (mask !== undefined && /^[0-7]{1,4}$/.test(mask)) shell.state.umask = Number.parseInt(mask, 8)
  else await shell.write(1, `${shell.state.umask.toString(8).padStart(4, '0')}\n`)
  return 0
}

export async function ulimit(shell: Interpreter, words: readonly string[]): Promise<number> {
  const flag = words[1] ?? '-f'
  await shell.write(1, flag === '-n' ? '1024\n' : flag === '-u' ? '256\n' : 'unlimited\n')
  return 0
}
