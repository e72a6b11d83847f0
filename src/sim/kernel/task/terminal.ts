/**
 * Pseudo-terminals: echo, line editing and Ctrl-C of the line discipline. termios(3), drivers/tty/n_tty.c
 * Not modelled: most of stty; output is passed on with bare newlines.
 */
import { enqueue } from '../../base/event-queue.ts'
import type { Kernel } from '../kernel.ts'
import type { Simulation } from '../simulation.ts'
import { signalGroup } from './signal.ts'
import type { Terminal } from './types.ts'

export function createTerminal(
  kernel: Kernel,
  columns: number,
  rows: number,
  container: string | null = null,
): Terminal {
  const id = kernel.next.terminal++
  const terminal: Terminal = {
    id,
    output: '',
    input: '',
    columns,
    rows,
    foreground: null,
    raw: false,
    container,
  }
  kernel.terminals.set(id, terminal)
  return terminal
}

/** Bytes kept for a terminal that nobody looks at. */
const UNSEEN = 1 << 20

export function writeTerminal(sim: Simulation, kernel: Kernel, id: number, text: string): 'ok' | 'broken' {
  const terminal = kernel.terminals.get(id)
  if (terminal === undefined) return 'broken'
  if (text === '') return 'ok'
  terminal.output += text
  if (terminal.output.length > UNSEEN) terminal.output = terminal.output.slice(-UNSEEN / 2)
  if (terminal.container !== null) appendLog(sim, kernel, terminal.container, 'stdout', text)
  if (terminal.watcher !== undefined) wake(sim, kernel, terminal.watcher)
  return 'ok'
}

export function appendLog(
  sim: Simulation,
  kernel: Kernel,
  container: string,
  stream: 'stdout' | 'stderr',
  text: string,
): void {
  const log = kernel.containerLogs.get(container)
  const entry = Object.freeze({ atUs: sim.nowUs, stream, text })
  if (log === undefined) kernel.containerLogs.set(container, [entry])
  else log.push(entry)
}

const CONTROL_SIGNALS: Readonly<Record<string, number>> = { '\x03': 2, '\x1c': 3, '\x1a': 20 }

/** Somebody types. */
export function typeTerminal(sim: Simulation, kernel: Kernel, id: number, text: string, echo = true): void {
  const terminal = kernel.terminals.get(id)
  if (terminal === undefined || text === '') return
  if (terminal.raw) terminal.input += text
  else if (terminal.unechoed !== undefined && terminal.unechoed > 0) {
    terminal.unechoed -= text.length
    for (const piece of pieces(text)) typePiece(sim, kernel, terminal, piece, false)
  } else for (const piece of pieces(text)) typePiece(sim, kernel, terminal, piece, echo)
  wakeReaders(sim, kernel, terminal)
}

/** Runs of ordinary text, and control characters one by one. */
function pieces(text: string): string[] {
  return (
    text.replaceAll('\r', '\n').match(/[\x03\x04\x1c\x1a\x7f\b\x15]|[^\x03\x04\x1c\x1a\x7f\b\x15]+/g) ?? []
  )
}

function typePiece(sim: Simulation, kernel: Kernel, terminal: Terminal, piece: string, echo: boolean): void {
  const signal = CONTROL_SIGNALS[piece]
  if (signal !== undefined) return typeSignal(sim, kernel, terminal, piece, signal, echo)
  if (piece === '\x7f' || piece === '\b' || piece === '\x15') return erase(terminal, piece === '\x15', echo)
  terminal.input += piece
  if (echo && piece !== '\x04') writeTerminal(sim, kernel, terminal.id, visible(piece))
}

function typeSignal(
  sim: Simulation,
  kernel: Kernel,
  terminal: Terminal,
  key: string,
  signal: number,
  echo: boolean,
): void {
  terminal.input = terminal.input.slice(0, terminal.input.lastIndexOf('\n') + 1)
  if (echo) writeTerminal(sim, kernel, terminal.id, visible(key))
  if (terminal.foreground !== null) signalGroup(sim, kernel, terminal.foreground, signal)
}

function erase(terminal: Terminal, line: boolean, echo: boolean): void {
  const start = terminal.input.lastIndexOf('\n') + 1
  const typed = [...terminal.input.slice(start)]
  const count = line ? typed.length : Math.min(1, typed.length)
  terminal.input = terminal.input.slice(0, start) + typed.slice(0, typed.length - count).join('')
  if (echo) terminal.output += '\b \b'.repeat(count)
}

/** ECHOCTL: `^C`. */
function visible(text: string): string {
  return text.replace(/[\x00-\x08\x0b-\x1f]/g, (c) => `^${String.fromCharCode(c.charCodeAt(0) + 64)}`)
}

function wakeReaders(sim: Simulation, kernel: Kernel, terminal: Terminal): void {
  for (const process of kernel.processes.values()) {
    if (process.program === null || process.program.kind === 'command') continue
    const stdin = process.descriptors.get(0)
    if (stdin?.kind !== 'terminal' || stdin.terminal !== terminal.id) continue
    wake(sim, kernel, process.pid)
  }
}

function wake(sim: Simulation, kernel: Kernel, pid: number): void {
  const cause = { kind: 'descriptor', fd: 0 } as const
  enqueue(sim.queue, sim.nowUs, { kind: 'wake', host: kernel.host, pid, cause })
}

/** One line (all of it in raw mode), null while there is none, 'end' after Ctrl-D. */
export function readTerminal(kernel: Kernel, id: number): string | null | 'end' {
  const terminal = kernel.terminals.get(id)
  if (terminal === undefined) return 'end'
  if (terminal.raw) {
    const all = terminal.input
    terminal.input = ''
    return all === '' ? null : all
  }
  const end = terminal.input.search(/[\n\x04]/)
  if (end === -1) return null
  const isLine = terminal.input[end] === '\n'
  const text = terminal.input.slice(0, isLine ? end + 1 : end)
  terminal.input = terminal.input.slice(end + 1)
  return text === '' ? 'end' : text
}
