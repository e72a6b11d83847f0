/** Bytes that containers and volumes take. moby layer `Size`, volume/local, pkg/directory */
import { encodeUtf8 } from '../base/utf8.ts'
import { nodeIn } from '../kernel/fs/filesystem.ts'
import type { Inode } from '../kernel/fs/types.ts'
import type { Container } from './container.ts'
import type { Engine, EngineWorld, Volume } from './engine.ts'
import { changesOf } from './layers.ts'
import { kernelOf } from './networks.ts'

function bytesOf(node: Inode | undefined): number {
  if (node?.kind === 'program') return node.size
  if (node?.kind !== 'file') return 0
  return typeof node.content === 'string' ? encodeUtf8(node.content).length : node.content.length
}

/** What was written into the container's own layer. */
export function writtenBytes(world: EngineWorld, engine: Engine, container: Container): number {
  const kernel = kernelOf(world, engine)
  const layer = kernel.filesystems.get(container.filesystem)
  if (layer === undefined) return 0
  return changesOf(world, engine, container)
    .filter((change) => change.kind !== 'D')
    .reduce((sum, { path }) => sum + bytesOf(nodeIn(world, kernel, layer, path, { pid: 0, netns: 0 })), 0)
}

export function volumeBytes(world: EngineWorld, engine: Engine, volume: Volume): number {
  const filesystem = kernelOf(world, engine).filesystems.get(volume.filesystem)
  return filesystem === undefined ? 0 : below(filesystem.upper)
}

function below(node: Inode): number {
  if (node.kind !== 'directory') return bytesOf(node)
  return [...node.entries.values()].reduce((sum, one) => sum + below(one), 0)
}
