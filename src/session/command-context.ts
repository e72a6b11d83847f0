/** What a command is handed, on top of its process. */
import { type CommandContext, type ExecOverrides, Interrupted } from '../commands/context.ts'
import { descriptorReady, descriptorWritable } from '../shell/ready.ts'
import { isEnd, readDescriptor, unread, writeDescriptor } from '../sim/kernel/task/descriptor.ts'
import { startProcess } from '../sim/kernel/task/process.ts'
import type { Process, Program } from '../sim/kernel/task/types.ts'
import { attachTo } from './attach.ts'
import { execChild, replaceProgram, spawnChild } from './exec.ts'
import type { System } from './system.ts'
import { tutorOf } from './tutor.ts'

const SIGPIPE = 13

export function createCommandContext(
  system: System,
  process: Process,
  argv: readonly string[],
): CommandContext {
  const { world } = system
  const kernel = system.kernelOf(process)
  const terminalOf = (fd: number) => {
    const descriptor = process.descriptors.get(fd)
    return descriptor?.kind === 'terminal' ? kernel.terminals.get(descriptor.terminal) : undefined
  }
  const context: CommandContext = {
    world,
    kernel,
    process,
    get netns() {
      return kernel.namespaces.get(process.netns)!
    },
    argv,
    out: (text) => write(system, process, 1, text),
    err: (text) => write(system, process, 2, text),
    flush: () => flush(system, process),
    get columns() {
      return terminalOf(1)?.columns ?? terminalOf(0)?.columns ?? terminalOf(2)?.columns ?? 80
    },
    get rows() {
      return terminalOf(1)?.rows ?? terminalOf(0)?.rows ?? 24
    },
    outIsTerminal: terminalOf(1) !== undefined,
    inIsTerminal: terminalOf(0) !== undefined,
    readChunk: (fd) => readChunk(system, process, fd),
    readLine: () => readLine(system, process),
    readAll: () => readAll(system, process),
    become: (program) => become(system, process, program),
    until: (condition) => system.until(process, condition),
    untilTime: (condition, atUs) => system.until(process, () => condition() || world.nowUs >= atUs, atUs),
    sleep: (us) => sleep(system, process, us),
    exec: (args, overrides) => execChild(system, process, args, overrides),
    replace: (args, overrides) => replaceProgram(system, process, args, overrides),
    spawn: (args, overrides) => spawnChild(system, process, args, overrides),
    findProgram: (name, overrides) => system.findProgram(overridden(process, overrides), name),
    attach: (pid, host, keys) => attachTo(system, process, pid, host ?? process.host, keys),
    tutor: tutorOf(world),
  }
  return context
}

/** Somebody to look with, as the child would. */
export function overridden(process: Process, overrides: ExecOverrides = {}): Process {
  return {
    ...process,
    netns: overrides.netns ?? process.netns,
    mountns: overrides.mountns ?? process.mountns,
    root: overrides.root ?? process.root,
    cwd: overrides.cwd ?? process.cwd,
    env: overrides.env ?? process.env,
  }
}

/** A pipe takes more than its measure here; `flush` is where a long output waits for its reader. */
function write(system: System, process: Process, fd: number, text: string): void {
  if (text === '') return
  const kernel = system.kernelOf(process)
  const result = writeDescriptor(system.world, kernel, process, fd, text)
  if (result === 'ok') return
  const descriptor = process.descriptors.get(fd)
  if (result === 'broken') {
    if (descriptor?.kind === 'pipe') throw new Interrupted(SIGPIPE)
    return
  }
  if (descriptor?.kind !== 'pipe') return
  const pipe = kernel.pipes.get(descriptor.pipe)
  pipe?.chunks.push(text)
  if (pipe !== undefined) pipe.length += text.length
}

async function flush(system: System, process: Process): Promise<void> {
  const kernel = system.kernelOf(process)
  if (!descriptorWritable(kernel, process, 1))
    await system.until(process, () => descriptorWritable(kernel, process, 1))
  const descriptor = process.descriptors.get(1)
  if (descriptor?.kind === 'pipe' && (kernel.pipes.get(descriptor.pipe)?.readers ?? 0) === 0)
    throw new Interrupted(SIGPIPE)
}

async function readChunk(system: System, process: Process, fd = 0): Promise<string | null> {
  const kernel = system.kernelOf(process)
  for (;;) {
    const piece = readDescriptor(system.world, kernel, process, fd)
    if (isEnd(piece)) return null
    if (piece !== null) return piece
    await system.until(process, () => descriptorReady(kernel, process, fd))
  }
}

async function readLine(system: System, process: Process): Promise<string | null> {
  let text = ''
  for (;;) {
    const piece = await readChunk(system, process)
    if (piece === null) return text === '' ? null : text
    const end = piece.indexOf('\n')
    if (end === -1) {
      text += piece
      continue
    }
    unread(system.kernelOf(process), process, 0, piece.slice(end + 1))
    return text + piece.slice(0, end)
  }
}

async function readAll(system: System, process: Process): Promise<string> {
  const pieces: string[] = []
  for (
    let piece = await readChunk(system, process);
    piece !== null;
    piece = await readChunk(system, process)
  ) {
    pieces.push(piece)
  }
  return pieces.join('')
}

async function become(system: System, process: Process, program: Program): Promise<number> {
  process.program = program
  startProcess(system.world, process)
  await system.scheduler.until(() => process.exitStatus !== null)
  return process.exitStatus!
}

function sleep(system: System, process: Process, us: number): Promise<void> {
  const end = system.world.nowUs + us
  return system.until(process, () => system.world.nowUs >= end, end)
}
