/** open(2): from a path to a descriptor. */
import { ok, type Result, refuse } from '../../base/result.ts'
import type { Kernel } from '../kernel.ts'
import type { Simulation } from '../simulation.ts'
import type { Descriptor, Process } from '../task/types.ts'
import { isComputed } from './computed.ts'
import { mayAccess, writeFile } from './files.ts'
import { type Found, resolve } from './resolve.ts'

export type OpenMode = 'read' | 'write' | 'append' | 'read-write'

/** `/dev/stdout`, `/dev/fd/3`, `/proc/self/fd/1`. */
const OWN_DESCRIPTOR = /^\/(?:dev\/(?:fd\/(\d+)|(stdin|stdout|stderr))|proc\/self\/fd\/(\d+))$/
const STANDARD: Readonly<Record<string, number>> = { stdin: 0, stdout: 1, stderr: 2 }

/** Makes the descriptor; the caller puts it into a process's table with `duplicateDescriptor`. */
export function openFile(
  sim: Simulation,
  kernel: Kernel,
  process: Process,
  path: string,
  mode: OpenMode,
): Result<Descriptor> {
  const own = OWN_DESCRIPTOR.exec(path)
  if (own !== null) return openOwn(process, Number(own[1] ?? own[3] ?? STANDARD[own[2]!]))
  const found = resolve(sim, kernel, process, path, true)
  if (!found.ok) return found
  const special = openSpecial(process, found.value)
  if (special !== null) return ok(special)
  const refused = refusal(process, found.value, mode)
  if (refused !== null) return refuse(refused)
  const node = found.value.node
  const isComputedNode = node !== undefined && isComputed(node)
  if (mode === 'write' && !isComputedNode) {
    const made = writeFile(sim, kernel, process, path, '')
    if (!made.ok) return made
  } else if (node === undefined) {
    const made = writeFile(sim, kernel, process, path, '')
    if (!made.ok) return made
  }
  return ok({
    kind: 'file',
    path: found.value.path,
    mountns: process.mountns,
    offset: 0,
    append: mode === 'append',
    writable: mode !== 'read',
  })
}

function openOwn(process: Process, fd: number): Result<Descriptor> {
  const descriptor = process.descriptors.get(fd)
  if (descriptor === undefined) return refuse('ENOENT')
  return ok(descriptor)
}

function openSpecial(process: Process, found: Found): Descriptor | null {
  if (found.node?.kind !== 'device') return null
  if (found.node.device === 'null') return { kind: 'null' }
  if (found.node.device === 'tty' && process.terminal !== null)
    return { kind: 'terminal', terminal: process.terminal }
  return null
}

function refusal(process: Process, found: Found, mode: OpenMode): string | null {
  const node = found.node
  if (node === undefined) {
    if (mode === 'read') return 'ENOENT'
    return found.mount.readOnly ? 'EROFS' : null
  }
  if (node.kind === 'socket') return 'ENXIO'
  if (mode === 'read') return mayAccess(process, node, 4) ? null : 'EACCES'
  if (node.kind === 'directory') return 'EISDIR'
  if (node.kind === 'program') return 'ETXTBSY'
  if (found.mount.readOnly && node.kind !== 'device') return 'EROFS'
  return mayAccess(process, node, 2) ? null : 'EACCES'
}
