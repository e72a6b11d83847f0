/** A network namespace lives as long as a process is in it or a file stands for it. namespaces(7) */
import type { DirectoryNode } from '../fs/types.ts'
import type { Kernel } from '../kernel.ts'
import type { Simulation } from '../simulation.ts'
import { deleteNamespace } from './namespace.ts'

export function isNamespaceHeld(kernel: Kernel, id: number): boolean {
  if (id === kernel.initialNetns) return true
  for (const process of kernel.processes.values()) {
    if (process.netns === id && process.state !== 'zombie') return true
  }
  for (const filesystem of kernel.filesystems.values()) {
    if (filesystem.upper !== undefined && standsIn(filesystem.upper, id)) return true
  }
  return false
}

function standsIn(directory: DirectoryNode, id: number): boolean {
  for (const node of directory.entries.values()) {
    if (node.kind === 'namespace' && node.type === 'net' && node.id === id) return true
    if (node.kind === 'directory' && standsIn(node, id)) return true
  }
  return false
}

/** Ends the namespace if nothing holds it any more. */
export function releaseNamespace(sim: Simulation, kernel: Kernel, id: number): void {
  if (!isNamespaceHeld(kernel, id)) deleteNamespace(sim, kernel, id)
}
