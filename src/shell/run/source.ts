/** Running a text as a script inside a shell: `eval`, `source`, traps, `-c`. */
import type { Interpreter } from '../interpreter.ts'
import { type Parsed, parseShell } from '../parse.ts'

const parsed = new Map<string, Parsed>()

/** Parsed once; the same texts come again and again (functions, loops over `eval`). */
export function parseCached(text: string): Parsed {
  let result = parsed.get(text)
  if (result === undefined) {
    result = parseShell(text)
    if (parsed.size > 200) parsed.clear()
    parsed.set(text, result)
  }
  return result
}

export async function runSource(shell: Interpreter, text: string): Promise<number> {
  const { script, error } = parseCached(text)
  if (error !== null) {
    await reportSyntax(shell, text, error.message, error.line)
    shell.state.status = 2
    return 2
  }
  if (script.commands.length === 0) {
    shell.state.status = 0
    return 0
  }
  return shell.runScript(script, text)
}

export async function reportSyntax(
  shell: Interpreter,
  text: string,
  message: string,
  line: number,
): Promise<void> {
  const { dialect } = shell.state
  shell.line = line
  if (dialect === 'ash') {
    const token = /token `(.*)'$/s.exec(message)?.[1]
    const words =
      token === undefined ? 'syntax error: unterminated quoted string' : `syntax error: unexpected "${token}"`
    return shell.complain(message.includes('end of file') ? 'syntax error: unexpected end of file' : words)
  }
  if (dialect === 'dash') {
    const token = /token `(.*)'$/s.exec(message)?.[1]
    return shell.complain(
      `Syntax error: ${token === undefined ? 'end of file unexpected' : `"${token}" unexpected`}`,
    )
  }
  const how = shell.where === 'command' ? '-c: ' : ''
  const shown = shell.where === 'command' ? `${how}line ${line}: ${message}` : message
  const before = shell.where === 'command' ? `${shell.state.name}: ` : null
  if (before === null) await shell.complain(shown)
  else await shell.write(2, `${before}${shown}\n`)
  if (shell.where !== 'command' || /end of file|EOF/.test(message)) return
  await shell.write(2, `${before}${how}line ${line}: \`${text.split('\n')[line - 1] ?? ''}'\n`)
}
