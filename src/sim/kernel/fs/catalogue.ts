/** Trees of images and host installations by name: shared by all worlds, never changed, not part of a snapshot. */
import { directory } from './tree.ts'
import type { DirectoryNode, Inode } from './types.ts'

const trees = new Map<string, () => DirectoryNode>()
const built = new Map<string, DirectoryNode>()
const none = freeze(directory())

/** The tree is made when it is first looked at. */
export function registerTree(name: string, make: () => DirectoryNode): void {
  trees.set(name, make)
  built.delete(name)
}

export function hasTree(name: string): boolean {
  return trees.has(name)
}

export function treeByName(name: string): DirectoryNode {
  const known = built.get(name)
  if (known !== undefined) return known
  const make = trees.get(name)
  if (make === undefined) return none
  const tree = freeze(make())
  built.set(name, tree)
  return tree
}

function freeze<T extends Inode>(node: T): T {
  if (node.kind === 'directory') for (const child of node.entries.values()) freeze(child)
  return Object.freeze(node)
}
