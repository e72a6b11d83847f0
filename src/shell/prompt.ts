/** PS1 and PS2 as text. bash(1) "PROMPTING" */

import { formatTime } from '../render/coreutils/strftime.ts'
import type { Interpreter } from './interpreter.ts'
import { getParameter } from './variables.ts'

const USUAL: Readonly<Record<string, string>> = { bash: '\\u@\\h:\\w\\$ ', ash: '\\w \\$ ', dash: '\\$ ' }

export function promptText(shell: Interpreter): string {
  return expandPrompt(shell, getParameter(shell, 'PS1') ?? USUAL[shell.state.dialect]!)
}

export function continuationPrompt(shell: Interpreter): string {
  return expandPrompt(shell, getParameter(shell, 'PS2') ?? '> ')
}

function expandPrompt(shell: Interpreter, text: string): string {
  return text
    .replace(/\\(\[|\]|.)/g, (_, letter: string) => expandEscape(shell, letter))
    .replace(
      /\$\{(\w+):?\+?[^}]*\}|\$(\w+)/g,
      (whole, braced: string | undefined, bare: string | undefined) => {
        if (braced !== undefined && whole.includes('+')) return ''
        return getParameter(shell, (braced ?? bare)!) ?? ''
      },
    )
}

function expandEscape(shell: Interpreter, letter: string): string {
  const { process, kernel, system } = shell
  const now = (): number => system.world.epochMs + Math.floor(system.world.nowUs / 1000)
  const host = kernel.utsNamespaces.get(process.utsns)?.hostname ?? kernel.host
  switch (letter) {
    case 'u':
      return process.uid === 0 ? 'root' : (getParameter(shell, 'USER') ?? 'nobody')
    case 'h':
      return host.split('.')[0]!
    case 'H':
      return host
    case 'w':
      return shortDirectory(shell)
    case 'W': {
      const path = shortDirectory(shell)
      return path === '/' ? path : path.slice(path.lastIndexOf('/') + 1)
    }
    case '$':
      return process.uid === 0 ? '#' : '$'
    case 's':
      return shell.state.name
    case 't':
      return formatTime('%H:%M:%S', now())
    case 'A':
      return formatTime('%H:%M', now())
    case 'd':
      return formatTime('%a %b %d', now())
    case 'n':
      return '\n'
    case 'e':
      return '\x1b'
    case '\\':
      return '\\'
    case 'j':
      return String(shell.state.jobs.length)
    case '!':
    case '#':
      return String(shell.state.history.length + 1)
    case '[':
    case ']':
      return ''
    default:
      return `\\${letter}`
  }
}

function shortDirectory(shell: Interpreter): string {
  const home = getParameter(shell, 'HOME')
  const { cwd } = shell.process
  if (home === undefined || home === '/') return cwd
  return cwd === home || cwd.startsWith(`${home}/`) ? `~${cwd.slice(home.length)}` : cwd
}

/** A login shell is called by a name that begins with a dash. */
export function farewell(shell: Interpreter): string {
  return shell.process.argv[0]?.startsWith('-') ? 'logout' : 'exit'
}
