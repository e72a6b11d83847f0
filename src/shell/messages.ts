/** How a shell of each kind begins its complaints: `bash: line 1: …`, `sh: …`, `./x.sh: line 3: …`. */
import type { Interpreter } from './interpreter.ts'

export function complain(shell: Interpreter, message: string): string {
  return `${prefix(shell)}${message}\n`
}

function prefix(shell: Interpreter): string {
  const { dialect, name } = shell.state
  if (dialect === 'ash') return shell.where === 'script' ? `${name}: line ${shell.line}: ` : `${name}: `
  if (dialect === 'dash')
    return shell.where === 'interactive' ? `${name}: ${shell.line}: ` : `${name}: ${shell.line}: `
  if (shell.where === 'interactive') return `${name}: `
  return `${name}: line ${shell.line}: `
}

export function notFound(shell: Interpreter, name: string): string {
  return shell.state.dialect === 'bash' ? `${name}: command not found` : `${name}: not found`
}

export { errorText } from '../render/coreutils/strerror.ts'
