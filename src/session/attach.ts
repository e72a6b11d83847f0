/** Joining a client's descriptors to another process: docker run -it, attach, run without a terminal. docker-attach(1) */
import { Interrupted } from '../commands/context.ts'
import { descriptorReady } from '../shell/ready.ts'
import type { Kernel } from '../sim/kernel/kernel.ts'
import type { HostName } from '../sim/kernel/simulation.ts'
import { isEnd, readDescriptor, writeDescriptor } from '../sim/kernel/task/descriptor.ts'
import { readPipe, writePipe } from '../sim/kernel/task/pipe.ts'
import { typeTerminal } from '../sim/kernel/task/terminal.ts'
import type { Descriptor, Process, Terminal } from '../sim/kernel/task/types.ts'
import { noteChain } from './chains.ts'
import { announceSize } from './exec.ts'
import type { System } from './system.ts'

/** Ctrl-P Ctrl-Q. */
const DETACH = '\x10\x11'

/** Exit status of the process; 0 when the user has detached. */
export async function attachTo(
  system: System,
  client: Process,
  pid: number,
  host: HostName,
  keys = DETACH,
): Promise<number> {
  const kernel = system.world.kernels.get(host)
  const target = kernel?.processes.get(pid)
  if (kernel === undefined || target === undefined) return 0
  const forget = noteChain(system.world, client, target)
  if (target.terminal !== null) announceSize(system, target)
  const streams = joinStreams(system, client, target, new Map(target.descriptors), keys)
  try {
    const detached = await streams(() => target.exitStatus !== null)
    if (!detached) await untilReaped(system, target)
    return detached ? 0 : (target.exitStatus ?? 0)
  } finally {
    forget()
  }
}

/** The engine hears of the end a moment later. */
async function untilReaped(system: System, target: Process): Promise<void> {
  const { processes } = system.kernelOf(target)
  const end = system.world.nowUs + 1000
  await system.scheduler.until(() => processes.get(target.pid) !== target || system.world.nowUs >= end, end)
}

/** What runs until `isOver` and all has been passed on; resolves with true when the user detached. */
export function joinStreams(
  system: System,
  client: Process,
  target: Process,
  descriptors: ReadonlyMap<number, Descriptor>,
  keys = DETACH,
): (isOver: () => boolean) => Promise<boolean> {
  const kernel = system.kernelOf(target)
  const terminal = target.terminal === null ? undefined : kernel.terminals.get(target.terminal)
  if (terminal !== undefined)
    return (isOver) => joinTerminal(system, client, kernel, terminal, target, isOver, keys)
  return (isOver) => joinPlain(system, client, kernel, target, descriptors, isOver)
}

function ownTerminal(system: System, client: Process): Terminal | undefined {
  const stdin = client.descriptors.get(0)
  return stdin?.kind === 'terminal' ? system.kernelOf(client).terminals.get(stdin.terminal) : undefined
}

/** What was on the screen before somebody looked is in the log, not here; but a fresh start is shown from its beginning. */
const FRESH_US = 1_000_000

async function joinTerminal(
  system: System,
  client: Process,
  kernel: Kernel,
  terminal: Terminal,
  target: Process,
  isOver: () => boolean,
  keys: string,
): Promise<boolean> {
  const own = ownTerminal(system, client)
  const isFresh = system.world.nowUs - target.startedUs <= FRESH_US
  if (!isFresh) terminal.output = ''
  if (own !== undefined) {
    own.raw = true
    Object.assign(terminal, { columns: own.columns, rows: own.rows })
    typeTerminal(system.world, kernel, terminal.id, takeInput(own))
  }
  let detached = false
  let held = ''
  try {
    for (;;) {
      const ended = isOver()
      const text = terminal.output
      terminal.output = ''
      if (text !== '') writeDescriptor(system.world, system.kernelOf(client), client, 1, text)
      if (ended) break
      const typed = own === undefined ? '' : takeInput(own)
      const all = held + typed
      const cut = all.indexOf(keys)
      held = typed === '' ? held : begunKeys(all, keys)
      const passed = typed === '' ? '' : all.slice(0, cut === -1 ? all.length - held.length : cut)
      if (passed !== '') typeTerminal(system.world, kernel, terminal.id, passed)
      if (cut !== -1) {
        detached = true
        writeDescriptor(system.world, system.kernelOf(client), client, 2, 'read escape sequence\n')
        break
      }
      if (own !== undefined) Object.assign(terminal, { columns: own.columns, rows: own.rows })
      if (terminal.output !== '') continue
      await system.until(
        client,
        () => isOver() || terminal.output !== '' || (own !== undefined && own.input !== ''),
      )
    }
  } finally {
    if (own !== undefined) own.raw = false
  }
  return detached
}

/** The end of the text with which the sequence may have begun: it is kept until the next key tells. moby pkg/term/proxy.go */
function begunKeys(text: string, keys: string): string {
  for (let length = Math.min(keys.length - 1, text.length); length > 0; length--)
    if (keys.startsWith(text.slice(-length))) return text.slice(-length)
  return ''
}

function takeInput(terminal: Terminal): string {
  const text = terminal.input
  terminal.input = ''
  return text
}

/** Logs and pipes → our stdout and stderr; our stdin → its stdin, when that is a pipe. Ctrl-C is passed on. */
async function joinPlain(
  system: System,
  client: Process,
  kernel: Kernel,
  target: Process,
  descriptors: ReadonlyMap<number, Descriptor>,
  isOver: () => boolean,
): Promise<boolean> {
  const sources = [1, 2].map((fd) => sourceOf(system, kernel, target, descriptors.get(fd), fd))
  const stdin = descriptors.get(0)
  const input = stdin?.kind === 'pipe' ? inputTo(system, client, kernel, stdin.pipe) : null
  client.handlers.add(2)
  try {
    for (;;) {
      const ended = isOver()
      let moved = false
      for (const source of sources) {
        for (const piece of source.take()) {
          writeDescriptor(system.world, system.kernelOf(client), client, piece.fd, piece.text)
          moved = true
        }
      }
      if (ended) return false
      if (moved) continue
      input?.pass()
      await untilOrForward(
        system,
        client,
        kernel,
        target,
        () => isOver() || sources.some((one) => one.has()) || input?.has() === true,
      )
    }
  } finally {
    input?.close()
    client.handlers.delete(2)
  }
}

/** SIGINT goes to the process we are joined to (`--sig-proxy`). */
async function untilOrForward(
  system: System,
  client: Process,
  kernel: Kernel,
  target: Process,
  condition: () => boolean,
): Promise<void> {
  try {
    await system.until(client, condition)
  } catch (problem) {
    if (!(problem instanceof Interrupted) || client.exitStatus !== null) throw problem
    const { signalProcess } = await import('../sim/kernel/task/signal.ts')
    signalProcess(system.world, kernel, target.pid, problem.signal)
  }
}

interface Source {
  take(): { readonly fd: number; readonly text: string }[]
  has(): boolean
}

function sourceOf(
  system: System,
  kernel: Kernel,
  target: Process,
  descriptor: Descriptor | undefined,
  fd: number,
): Source {
  if (descriptor?.kind === 'log') {
    if (fd === 2) return { take: () => [], has: () => false }
    return logSource(kernel, descriptor.container, target, system)
  }
  if (descriptor?.kind === 'pipe') {
    const pipe = kernel.pipes.get(descriptor.pipe)
    if (pipe !== undefined) pipe.readers++
    const take = (): { fd: number; text: string }[] => {
      const pieces: { fd: number; text: string }[] = []
      for (;;) {
        const text = readPipe(system.world, kernel, descriptor.pipe)
        if (text === null || text === 'end') return pieces
        pieces.push({ fd, text })
      }
    }
    return { take, has: () => (kernel.pipes.get(descriptor.pipe)?.chunks.length ?? 0) > 0 }
  }
  return { take: () => [], has: () => false }
}

/** Both streams in the order in which they were written. */
function logSource(kernel: Kernel, container: string, target: Process, system: System): Source {
  const log = () => kernel.containerLogs.get(container) ?? []
  const isFresh = system.world.nowUs - target.startedUs <= FRESH_US
  let at = log().length
  if (isFresh) while (at > 0 && log()[at - 1]!.atUs >= target.startedUs) at--
  return {
    take() {
      const fresh = log().slice(at)
      at += fresh.length
      return fresh.map((entry) => ({ fd: entry.stream === 'stdout' ? 1 : 2, text: entry.text }))
    },
    has: () => log().length > at,
  }
}

interface Input {
  pass(): void
  has(): boolean
  close(): void
}

function inputTo(system: System, client: Process, kernel: Kernel, pipeId: number): Input {
  const pipe = kernel.pipes.get(pipeId)
  if (pipe !== undefined) pipe.writers++
  let isOpen = true
  const own = system.kernelOf(client)
  const close = (): void => {
    if (isOpen && pipe !== undefined) pipe.writers = Math.max(0, pipe.writers - 2)
    isOpen = false
  }
  return {
    pass() {
      while (isOpen && descriptorReady(own, client, 0)) {
        const piece = readDescriptor(system.world, own, client, 0)
        if (isEnd(piece)) close()
        else if (piece === null) return
        else writePipe(system.world, kernel, pipeId, piece)
      }
    },
    has: () => isOpen && descriptorReady(own, client, 0),
    close,
  }
}
