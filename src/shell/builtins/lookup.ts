/** `type`, `command`, `hash`. */
import type { Interpreter } from '../interpreter.ts'
import { runProgram, searchProgram } from '../run/program.ts'
import { builtins } from './table.ts'

const KEYWORDS = new Set([
  'if',
  'then',
  'elif',
  'else',
  'fi',
  'for',
  'while',
  'until',
  'do',
  'done',
  'case',
  'esac',
  'function',
  'select',
  'time',
  '{',
  '}',
  '!',
  '[[',
  ']]',
  'in',
])

type Meaning =
  | { readonly kind: 'alias' | 'file'; readonly text: string }
  | { readonly kind: 'keyword' | 'function' | 'builtin' }

function meaningOf(shell: Interpreter, name: string): Meaning | null {
  const alias = shell.state.aliases.get(name)
  if (alias !== undefined) return { kind: 'alias', text: alias }
  if (KEYWORDS.has(name)) return { kind: 'keyword' }
  if (shell.state.functions.has(name)) return { kind: 'function' }
  if (builtins.has(name)) return { kind: 'builtin' }
  const found = searchProgram(shell, name)
  return found.kind === 'found' ? { kind: 'file', text: found.path } : null
}

export async function type(shell: Interpreter, words: readonly string[]): Promise<number> {
  const flag = /^-[tpaP]$/.test(words[1] ?? '') ? words[1]! : ''
  let status = 0
  for (const name of words.slice(flag === '' ? 1 : 2)) {
    const meaning = meaningOf(shell, name)
    if (meaning === null) {
      status = 1
      if (flag === '') await missing(shell, name)
    } else await shell.write(1, describe(shell, name, meaning, flag))
  }
  return status
}

async function missing(shell: Interpreter, name: string): Promise<void> {
  if (shell.state.dialect === 'bash') return shell.complain(`type: ${name}: not found`)
  await shell.write(1, `${name}: not found\n`)
}

function describe(shell: Interpreter, name: string, meaning: Meaning, flag: string): string {
  if (flag === '-t') return `${meaning.kind}\n`
  if (flag === '-p' || flag === '-P') return meaning.kind === 'file' ? `${meaning.text}\n` : ''
  switch (meaning.kind) {
    case 'alias':
      return shell.state.dialect === 'bash'
        ? `${name} is aliased to \`${meaning.text}'\n`
        : `${name} is an alias for ${meaning.text}\n`
    case 'file':
      return `${name} is ${meaning.text}\n`
    case 'function':
      return `${name} is a ${shell.state.dialect === 'dash' ? 'shell ' : ''}function\n${shell.state.dialect === 'bash' ? `${name} () \n${shell.state.functions.get(name)}\n` : ''}`
    case 'keyword':
      return `${name} is a shell keyword\n`
    case 'builtin':
      return `${name} is a shell builtin\n`
  }
}

export async function command(shell: Interpreter, words: readonly string[]): Promise<number> {
  const flag = /^-[vVp]$/.test(words[1] ?? '') ? words[1]! : ''
  const args = words.slice(flag === '' ? 1 : 2)
  const name = args[0]
  if (name === undefined) return 0
  if (flag === '-v' || flag === '-V') return show(shell, name, flag)
  const builtin = builtins.get(name)
  if (builtin !== undefined) return builtin(shell, args)
  if (words[0] === 'builtin') {
    await shell.complain(`builtin: ${name}: not a shell builtin`)
    return 1
  }
  return runProgram(shell, args, [], new Map())
}

async function show(shell: Interpreter, name: string, flag: string): Promise<number> {
  const meaning = meaningOf(shell, name)
  if (meaning === null) {
    if (flag === '-V') await missing(shell, name)
    return shell.state.dialect === 'bash' ? 1 : 127
  }
  if (flag === '-V') await shell.write(1, describe(shell, name, meaning, ''))
  else
    await shell.write(
      1,
      meaning.kind === 'file'
        ? `${meaning.text}\n`
        : meaning.kind === 'alias'
          ? `alias ${name}='${meaning.text}'\n`
          : `${name}\n`,
    )
  return 0
}

export function hash(): number {
  return 0
}
