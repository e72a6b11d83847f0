/** The programs bash, sh, ash: what their arguments ask for. bash(1) "OPTIONS" */
import { lookup, readFile } from '../sim/kernel/fs/files.ts'
import type { Process } from '../sim/kernel/task/types.ts'
import { BreakLoop, ContinueLoop, ReturnFrom } from './control.ts'
import { readPiece } from './input.ts'
import { Interpreter } from './interpreter.ts'
import { errorText } from './messages.ts'
import { interact } from './repl.ts'
import { runSource } from './run/source.ts'
import { runToStatus } from './run/subshell.ts'
import { createShellState, type Dialect, type ShellState } from './state.ts'
import type { ShellSystem } from './system.ts'
import { setVariable } from './variables.ts'

interface Invocation {
  command: string | null
  script: string | null
  interactive: boolean
  fromStdin: boolean
  options: string[]
  rest: string[]
  problem: string | null
}

function parseArguments(argv: readonly string[]): Invocation {
  const result: Invocation = {
    command: null,
    script: null,
    interactive: false,
    fromStdin: false,
    options: [],
    rest: [],
    problem: null,
  }
  const args = argv.slice(1)
  let wantsCommand = false
  while (args.length > 0 && /^[-+]./.test(args[0]!)) {
    const word = args.shift()!
    if (word === '--') break
    if (/^--(login|norc|noprofile|posix|noediting|rcfile)$/.test(word)) {
      if (word === '--rcfile') args.shift()
      continue
    }
    if (word.startsWith('--')) {
      result.problem = word
      return result
    }
    for (const letter of word.slice(1)) {
      if (letter === 'c') wantsCommand = true
      else if (letter === 'i') result.interactive = true
      else if (letter === 's') result.fromStdin = true
      else if (letter === 'o') result.options.push(args.shift() ?? '')
      else if (letter !== 'l') result.options.push(letter)
    }
  }
  if (wantsCommand) result.command = args.shift() ?? null
  else if (!result.fromStdin) result.script = args.shift() ?? null
  result.rest = args
  if (wantsCommand && result.command === null) result.problem = '-c'
  return result
}

export async function runShell(
  system: ShellSystem,
  process: Process,
  argv: readonly string[],
  dialect: Dialect,
): Promise<number> {
  const name = (argv[0] ?? dialect).replace(/^-/, '')
  const call = parseArguments(argv)
  const isTerminal = process.descriptors.get(0)?.kind === 'terminal'
  const interactive = call.interactive || (call.command === null && call.script === null && isTerminal)
  const [zero = name, ...positional] =
    call.command === null
      ? [call.script ?? name, ...call.rest]
      : [call.rest[0] ?? name, ...call.rest.slice(1)]
  const state = createShellState(dialect, {
    name: baseName(zero, call),
    interactive,
    positional,
    env: process.env,
  })
  for (const option of call.options)
    state.options.add(option === 'errexit' ? 'e' : option === 'xtrace' ? 'x' : option)
  const shell = new Interpreter(system, process, state)
  if (call.problem !== null) return wrongUsage(shell, call.problem)
  prepareVariables(shell)
  if (call.command !== null) return runCommand(shell, call.command)
  if (call.script !== null) return runScriptFile(shell, call.script)
  if (interactive) return startInteractive(shell, false)
  return runStdin(shell)
}

/** ash and dash complain as `sh` whatever path they were called by; bash by its name. */
function baseName(name: string, call: Invocation): string {
  return call.script === null ? name.slice(name.lastIndexOf('/') + 1) : name
}

function prepareVariables(shell: Interpreter): void {
  const { variables } = shell.state
  const level = Number(variables.get('SHLVL')?.value ?? 0) + 1
  setVariable(shell, 'SHLVL', String(level))
  variables.get('SHLVL')!.exported = true
  if (!variables.has('PATH'))
    setVariable(shell, 'PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin')
  if (!variables.has('PWD')) setVariable(shell, 'PWD', shell.process.cwd)
  variables.get('PWD')!.exported = true
}

async function wrongUsage(shell: Interpreter, word: string): Promise<number> {
  const { name, dialect } = shell.state
  if (word === '-c')
    await shell.write(
      2,
      `${name}: ${dialect === 'bash' ? '-c: option requires an argument' : '-c requires an argument'}\n`,
    )
  else await shell.write(2, `${name}: ${word}: invalid option\n`)
  return 2
}

async function runCommand(shell: Interpreter, text: string): Promise<number> {
  shell.process.handlers.add(2)
  shell.mayReplace = true
  return runToStatus(shell, () => runSource(shell, text))
}

async function runScriptFile(shell: Interpreter, path: string): Promise<number> {
  const { process, kernel, system } = shell
  const node = lookup(system.world, kernel, process, path)
  const text = readFile(system.world, kernel, process, path)
  if (!node.ok || !text.ok) {
    const code = node.ok ? (text.ok ? 'EIO' : text.error.code) : node.error.code
    await shell.write(2, openComplaint(shell, path, code))
    return code === 'ENOENT' ? (shell.state.dialect === 'bash' ? 127 : 2) : 126
  }
  return runScriptText(shell, text.value)
}

function openComplaint(shell: Interpreter, path: string, code: string): string {
  if (shell.state.dialect === 'bash') return `bash: ${path}: ${errorText(code)}\n`
  if (shell.state.dialect === 'ash') return `sh: can't open '${path}': ${errorText(code)}\n`
  return `sh: 0: cannot open ${path}: ${code === 'ENOENT' ? 'No such file' : errorText(code)}\n`
}

export function runScriptText(shell: Interpreter, text: string): Promise<number> {
  shell.where = 'script'
  shell.process.handlers.add(2)
  return runToStatus(shell, () => runSource(shell, text))
}

/** Commands from a pipe or a file. */
async function runStdin(shell: Interpreter): Promise<number> {
  let text = ''
  shell.process.handlers.add(2)
  return runToStatus(shell, async () => {
    for (let piece = await readPiece(shell, 0); piece !== null; piece = await readPiece(shell, 0))
      text += piece
    if (shell.state.dialect === 'bash') shell.where = 'script'
    return runSource(shell, text)
  })
}

/** Also takes up a shell that was saved at its prompt. */
export async function startInteractive(shell: Interpreter, resumed: boolean): Promise<number> {
  const { process, kernel } = shell
  process.handlers.add(2)
  process.handlers.add(28)
  for (const signal of [3, 15, 20, 21, 22]) process.ignored.add(signal)
  const terminal = process.terminal === null ? undefined : kernel.terminals.get(process.terminal)
  const outer = terminal?.foreground ?? null
  if (!resumed) {
    process.group = process.pid
    if (terminal !== undefined) terminal.foreground = process.group
  }
  try {
    return await runToStatus(shell, () => interact(shell, resumed))
  } catch (problem) {
    if (problem instanceof ReturnFrom || problem instanceof BreakLoop || problem instanceof ContinueLoop)
      return 0
    throw problem
  } finally {
    if (terminal !== undefined && !resumed) terminal.foreground = outer
  }
}

/** A shell as it was at its prompt, in a world that was copied or read from a file. */
export function resumeShell(system: ShellSystem, process: Process, state: ShellState): Promise<number> {
  return startInteractive(new Interpreter(system, process, state), true)
}
