/** From a file to what runs: programs of ours, busybox's applets, shells, scripts. execve(2) */
import { applets } from '../commands/busybox/applets.ts'
import { Interrupted } from '../commands/context.ts'
import { notModelled } from '../commands/not-modelled.ts'
import { commands } from '../commands/registry.ts'
import { Interpreter } from '../shell/interpreter.ts'
import { runScriptText, runShell } from '../shell/main.ts'
import { createShellState, type Dialect } from '../shell/state.ts'
import { textApplet, textTool } from '../shell/text-tools/text-tools.ts'
import { lookup, textOf } from '../sim/kernel/fs/files.ts'
import type { Inode } from '../sim/kernel/fs/types.ts'
import type { Process } from '../sim/kernel/task/types.ts'
import { createCommandContext } from './command-context.ts'
import type { System } from './system.ts'

const SHELLS: Readonly<Record<string, Dialect>> = {
  'bash/bash': 'bash',
  bash: 'bash',
  'dash/dash': 'dash',
  'dash/sh': 'dash',
}

export function runProgramFile(system: System, process: Process, path: string, node: Inode): Promise<number> {
  if (node.kind === 'program') return runProgram(system, process, node.program)
  if (node.kind === 'file') return runScript(system, process, path, textOf(node.content))
  return Promise.resolve(126)
}

async function runProgram(system: System, process: Process, program: string): Promise<number> {
  const dialect = SHELLS[program]
  if (dialect !== undefined) return runShell(system, process, process.argv, dialect)
  if (program === 'busybox') return runApplet(system, process)
  const load = commands.get(program)
  const context = createCommandContext(system, process, process.argv)
  const tool = load === undefined ? textTool(program) : undefined
  if (tool !== undefined) return runCommand(system, process, async () => tool(context))
  if (load === undefined) return notModelled(context, baseName(process.argv[0] ?? program))
  return runCommand(system, process, async () => (await load())(context))
}

/** A command's way out by signal: its process has ended, or ends now. */
async function runCommand(_system: System, process: Process, code: () => Promise<number>): Promise<number> {
  try {
    return await code()
  } catch (problem) {
    if (!(problem instanceof Interrupted)) throw problem
    return process.exitStatus ?? 128 + problem.signal
  }
}

/** busybox is what its name says; as `busybox NAME …` the next word is the name. */
async function runApplet(system: System, process: Process): Promise<number> {
  let argv = process.argv
  let name = baseName(argv[0] ?? '')
  if (name === 'busybox' && argv.length > 1) {
    argv = argv.slice(1)
    name = baseName(argv[0]!)
  }
  if (name === 'sh' || name === 'ash') return runShell(system, process, argv, 'ash')
  const context = createCommandContext(system, process, argv)
  const load = applets.get(name)
  if (load !== undefined) return runCommand(system, process, async () => (await load())(context))
  const tool = textApplet(name)
  if (tool !== undefined) return runCommand(system, process, async () => tool(context))
  if (process.argv[0] !== undefined && baseName(process.argv[0]) === 'busybox' && argv !== process.argv) {
    const { BUSYBOX_APPLETS } = await import('../sim/kernel/fs/busybox-tree.ts')
    if (!BUSYBOX_APPLETS.includes(name)) {
      context.err(`${name}: applet not found\n`)
      return 127
    }
  }
  return notModelled(context, name)
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/^-/, '')
}

/** `#!` names the interpreter; without it, the shell that asked reads the file itself. */
async function runScript(system: System, process: Process, path: string, text: string): Promise<number> {
  const shebang = /^#!\s*(\S+)(?:[ \t]+([^\n]*\S))?/.exec(text)
  const interpreter = shebang?.[1]
  const argv = process.argv
  if (interpreter === undefined) return runText(system, process, 'bash', path, argv.slice(1), text)
  const extra =
    shebang?.[2] === undefined ? [] : interpreter.endsWith('/env') ? shebang[2].split(/\s+/) : [shebang[2]]
  const target = interpreter.endsWith('/env') ? system.findProgram(process, extra.shift() ?? '') : interpreter
  const node = target === null ? null : lookup(system.world, system.kernelOf(process), process, target)
  if (target === null || node === null || !node.ok) {
    createCommandContext(system, process, argv).err(
      `bash: ${path}: ${interpreter}: bad interpreter: No such file or directory\n`,
    )
    return 126
  }
  process.argv = [target, ...extra, path, ...argv.slice(1)]
  return runProgramFile(system, process, target, node.value)
}

function runText(
  system: System,
  process: Process,
  dialect: Dialect,
  name: string,
  positional: readonly string[],
  text: string,
): Promise<number> {
  const state = createShellState(dialect, { name, positional, env: process.env })
  return runScriptText(new Interpreter(system, process, state), text)
}
