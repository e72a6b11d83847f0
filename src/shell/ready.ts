/** poll(2): whether a read or a write would not have to wait. */
import type { Kernel } from '../sim/kernel/kernel.ts'
import type { Process } from '../sim/kernel/task/types.ts'

export function descriptorReady(kernel: Kernel, process: Process, fd: number): boolean {
  const descriptor = process.descriptors.get(fd)
  if (descriptor?.kind === 'pipe') {
    const pipe = kernel.pipes.get(descriptor.pipe)
    return pipe === undefined || pipe.chunks.length > 0 || pipe.writers === 0
  }
  if (descriptor?.kind === 'terminal') {
    const terminal = kernel.terminals.get(descriptor.terminal)
    if (terminal === undefined) return true
    if (terminal.raw) return terminal.input !== ''
    if (terminal.foreground !== null && terminal.foreground !== process.group) return false
    return /[\n\x04]/.test(terminal.input)
  }
  return true
}

export function descriptorWritable(kernel: Kernel, process: Process, fd: number): boolean {
  const descriptor = process.descriptors.get(fd)
  if (descriptor?.kind !== 'pipe') return true
  const pipe = kernel.pipes.get(descriptor.pipe)
  return pipe === undefined || pipe.readers === 0 || pipe.length < pipe.capacity
}
