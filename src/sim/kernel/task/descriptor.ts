/** File descriptors of a process. read(2), write(2), dup2(2), close(2) */

import { appendFile, readFileAt, writeFile } from '../fs/files.ts'
import type { FileNode } from '../fs/types.ts'
import type { Kernel } from '../kernel.ts'
import type { Simulation } from '../simulation.ts'
import { closers } from './closers.ts'
import { readPipe, unreadPipe, wakePipe, writePipe } from './pipe.ts'
import { appendLog, readTerminal, writeTerminal } from './terminal.ts'
import type { Descriptor, Process } from './types.ts'

export interface EndOfFile {
  readonly eof: true
}
export const END_OF_FILE: EndOfFile = Object.freeze({ eof: true })

export function isEnd(value: string | null | EndOfFile): value is EndOfFile {
  return typeof value === 'object' && value !== null
}

/** `full`: try again when the reader has read; `broken`: nobody will ever read it (EPIPE, EBADF, EROFS). */
export function writeDescriptor(
  sim: Simulation,
  kernel: Kernel,
  process: Process,
  fd: number,
  text: string,
): 'ok' | 'full' | 'broken' {
  const descriptor = process.descriptors.get(fd)
  switch (descriptor?.kind) {
    case undefined:
    case 'socket':
      return 'broken'
    case 'null':
      return 'ok'
    case 'terminal':
      return writeTerminal(sim, kernel, descriptor.terminal, text)
    case 'pipe':
      return descriptor.end === 'write' ? writePipe(sim, kernel, descriptor.pipe, text) : 'broken'
    case 'log':
      appendLog(sim, kernel, descriptor.container, descriptor.stream, text)
      return 'ok'
    case 'file':
      return writeToFile(sim, kernel, process, descriptor, text)
  }
}

type FileDescriptor = Extract<Descriptor, { kind: 'file' }>

function writeToFile(
  sim: Simulation,
  kernel: Kernel,
  process: Process,
  descriptor: FileDescriptor,
  text: string,
): 'ok' | 'broken' {
  if (!descriptor.writable) return 'broken'
  const holder = asHolder(process, descriptor)
  if (descriptor.append) return appendFile(sim, kernel, holder, descriptor.path, text).ok ? 'ok' : 'broken'
  const old = readFileAt(sim, kernel, holder, descriptor.path)
  const content = old.ok ? old.value : ''
  const before = content.slice(0, descriptor.offset).padEnd(descriptor.offset, '\0')
  const whole = before + text + content.slice(descriptor.offset + text.length)
  descriptor.offset += text.length
  return writeFile(sim, kernel, holder, descriptor.path, whole).ok ? 'ok' : 'broken'
}

/** A path was resolved when the file was opened: it holds in the mount namespace of then, from its root. */
function asHolder(process: Process, descriptor: FileDescriptor): Process {
  if (process.root === '/' && process.mountns === descriptor.mountns && process.uid === 0) return process
  return { ...process, root: '/', cwd: '/', mountns: descriptor.mountns, uid: 0 }
}

const CHUNK = 65536

/** What there is to read, null while there is nothing yet, or the end of the file. */
export function readDescriptor(
  sim: Simulation,
  kernel: Kernel,
  process: Process,
  fd: number,
): string | null | EndOfFile {
  const descriptor = process.descriptors.get(fd)
  switch (descriptor?.kind) {
    case 'terminal':
      return orEnd(readTerminal(kernel, descriptor.terminal))
    case 'pipe':
      return orEnd(readPipe(sim, kernel, descriptor.pipe))
    case 'file': {
      const content = readFileAt(sim, kernel, asHolder(process, descriptor), descriptor.path)
      const text = content.ok ? content.value.slice(descriptor.offset, descriptor.offset + CHUNK) : ''
      descriptor.offset += text.length
      return text === '' ? END_OF_FILE : text
    }
    default:
      return END_OF_FILE
  }
}

function orEnd(value: string | null | 'end'): string | null | EndOfFile {
  return value === 'end' ? END_OF_FILE : value
}

/** Gives back the tail of what was read, for the next reader of the same file or pipe. */
export function unread(kernel: Kernel, process: Process, fd: number, text: string): void {
  const descriptor = process.descriptors.get(fd)
  if (descriptor?.kind === 'file') descriptor.offset -= text.length
  else if (descriptor?.kind === 'pipe') unreadPipe(kernel, descriptor.pipe, text)
  else if (descriptor?.kind === 'terminal') {
    const terminal = kernel.terminals.get(descriptor.terminal)
    if (terminal !== undefined) terminal.input = text + terminal.input
  }
}

/** A descriptor has come to be: pipes count their ends. */
export function retainDescriptor(kernel: Kernel, descriptor: Descriptor): void {
  if (descriptor.kind !== 'pipe') return
  const pipe = kernel.pipes.get(descriptor.pipe)
  if (pipe === undefined) return
  if (descriptor.end === 'read') pipe.readers++
  else pipe.writers++
}

/** dup2(2): `target` becomes another name of `source`, which may be another process's. */
export function duplicateDescriptor(
  sim: Simulation,
  kernel: Kernel,
  process: Process,
  source: Descriptor,
  target: number,
): void {
  retainDescriptor(kernel, source)
  closeDescriptor(sim, kernel, process, target)
  process.descriptors.set(target, source)
}

export function closeDescriptor(sim: Simulation, kernel: Kernel, process: Process, fd: number): void {
  const descriptor = process.descriptors.get(fd)
  if (descriptor === undefined) return
  process.descriptors.delete(fd)
  if (fd >= FIRST_OWN && fd < (process.lowestFree ?? 0)) process.lowestFree = fd
  if (descriptor.kind === 'socket')
    closers.socket?.(sim, kernel, process, descriptor.netns, descriptor.socket)
  if (descriptor.kind !== 'pipe') return
  const pipe = kernel.pipes.get(descriptor.pipe)
  if (pipe === undefined) return
  if (descriptor.end === 'read') pipe.readers--
  else pipe.writers--
  if (pipe.readers <= 0 && pipe.writers <= 0) kernel.pipes.delete(pipe.id)
  else if (descriptor.end === 'write' && pipe.writers === 0) wakePipe(sim, kernel, pipe.id, 'read')
  else if (descriptor.end === 'read' && pipe.readers === 0) wakePipe(sim, kernel, pipe.id, 'write')
}

/** The standard streams come before. */
const FIRST_OWN = 3

/** The lowest free number from `from` on. */
export function freeDescriptor(process: Process, from = 0): number {
  const known = process.lowestFree ?? FIRST_OWN
  let fd = from < FIRST_OWN ? from : Math.max(from, known)
  while (process.descriptors.has(fd)) fd++
  if (from >= FIRST_OWN && from <= known) process.lowestFree = fd
  return fd
}

/** How many characters a file holds (bytes are read as text elsewhere). */
export function textLength(node: FileNode): number {
  return node.content.length
}
