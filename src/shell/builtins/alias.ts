/** `alias`, `unalias`. */
import { quoteForReuse } from '../expand/parameter.ts'
import type { Interpreter } from '../interpreter.ts'

export async function alias(shell: Interpreter, words: readonly string[]): Promise<number> {
  const { aliases, dialect } = shell.state
  const prefix = dialect === 'bash' ? 'alias ' : ''
  const args = words.slice(1).filter((word) => word !== '-p')
  if (args.length === 0) {
    for (const [name, text] of [...aliases].sort())
      await shell.write(1, `${prefix}${name}=${quoteForReuse(text)}\n`)
    return 0
  }
  let status = 0
  for (const word of args) {
    const cut = word.indexOf('=')
    if (cut > 0) aliases.set(word.slice(0, cut), word.slice(cut + 1))
    else if (aliases.has(word))
      await shell.write(1, `${prefix}${word}=${quoteForReuse(aliases.get(word)!)}\n`)
    else {
      await shell.complain(`alias: ${word}: not found`)
      status = 1
    }
  }
  return status
}

export async function unalias(shell: Interpreter, words: readonly string[]): Promise<number> {
  let status = 0
  for (const word of words.slice(1)) {
    if (word === '-a') shell.state.aliases.clear()
    else if (!shell.state.aliases.delete(word)) {
      await shell.complain(`unalias: ${word}: not found`)
      status = 1
    }
  }
  return status
}
