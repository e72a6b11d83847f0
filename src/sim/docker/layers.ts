/**
 * Layers of files: a container's own over its image's, what differs (`docker diff`), a new image of it (`docker commit`).
 * moby layer/, daemon/{commit,changes}.go, pkg/archive/changes.go. Not modelled: one file system a layer.
 */
import { clone } from '../base/clone.ts'
import { nextHex } from '../base/random.ts'
import { createFilesystem, nodeIn } from '../kernel/fs/filesystem.ts'
import type { Filesystem, Inode } from '../kernel/fs/types.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Container } from './container.ts'
import type { Engine, EngineWorld } from './engine.ts'
import type { Image, ImageConfig } from './image.ts'
import { kernelOf } from './networks.ts'

/** The writable layer of a new container. */
export function containerLayer(kernel: Kernel, image: Image): Filesystem {
  const layer = createFilesystem(kernel, { type: 'overlay', lower: image.tree })
  const base = image.committed === undefined ? undefined : kernel.filesystems.get(image.committed.filesystem)
  if (base !== undefined) {
    layer.upper = clone(base.upper)
    layer.deleted = new Set(base.deleted)
  }
  return layer
}

export interface Change {
  readonly kind: 'A' | 'C' | 'D'
  readonly path: string
}

/** Mounted over by the engine: no changes of the container's own. */
const MOUNTED = new Set(['/etc/hosts', '/etc/hostname', '/etc/resolv.conf'])
const NOBODY = { pid: 0, netns: 0 }

/** What the container's layer adds, changes and deletes, by path. */
export function changesOf(world: EngineWorld, engine: Engine, container: Container): Change[] {
  const kernel = kernelOf(world, engine)
  const layer = kernel.filesystems.get(container.filesystem)
  const image = engine.images.get(container.image)
  if (layer === undefined) return []
  const base =
    kernel.filesystems.get(image?.committed?.filesystem ?? -1) ??
    ({ ...layer, upper: { ...layer.upper, entries: new Map() }, deleted: new Set<string>() } as Filesystem)
  const before = (path: string): Inode | undefined => nodeIn(world, kernel, base, path, NOBODY)
  const changes: Change[] = []
  for (const path of layer.deleted) {
    const isGone = nodeIn(world, kernel, layer, path, NOBODY) === undefined
    if (isGone && before(path) !== undefined) changes.push({ kind: 'D', path })
  }
  collect(layer.upper.entries, '', before, changes)
  for (const { path } of [...changes]) noteParents(path, before, changes)
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1))
}

function collect(
  entries: ReadonlyMap<string, Inode>,
  above: string,
  before: (path: string) => Inode | undefined,
  changes: Change[],
): void {
  for (const [name, node] of entries) {
    const path = `${above}/${name}`
    const old = before(path)
    if (MOUNTED.has(path) || old === node) continue
    if (old === undefined) changes.push({ kind: 'A', path })
    else if (node.kind !== 'directory' && !sameFile(old, node)) changes.push({ kind: 'C', path })
    if (node.kind === 'directory') collect(node.entries, path, before, changes)
  }
}

function sameFile(a: Inode, b: Inode): boolean {
  return a.kind === 'file' && b.kind === 'file' && a.content === b.content && a.modifiedMs === b.modifiedMs
}

/** A directory in which something changed has changed. */
function noteParents(path: string, before: (path: string) => Inode | undefined, changes: Change[]): void {
  for (let at = path.slice(0, path.lastIndexOf('/')); at !== ''; at = at.slice(0, at.lastIndexOf('/')))
    if (before(at) !== undefined && !changes.some((one) => one.path === at))
      changes.push({ kind: 'C', path: at })
}

export interface CommitRequest {
  readonly tag: string | null
  readonly author: string
  readonly comment: string
  readonly config: Partial<ImageConfig>
}

/** A new image of the container's files and settings; a tag moves to it from whatever had it. */
export function commitContainer(
  world: EngineWorld,
  engine: Engine,
  container: Container,
  request: CommitRequest,
): Image {
  const kernel = kernelOf(world, engine)
  const parent = engine.images.get(container.image)
  const layer = kernel.filesystems.get(container.filesystem)
  const tree = parent?.tree ?? ''
  const copy = createFilesystem(kernel, { type: 'overlay', lower: tree })
  if (layer !== undefined) {
    copy.upper = clone(layer.upper)
    copy.deleted = new Set(layer.deleted)
  }
  const { config } = container
  const image: Image = {
    id: `sha256:${nextHex(world.random, 64)}`,
    tags: request.tag === null ? [] : [request.tag],
    digest: null,
    createdMs: world.epochMs + Math.floor(world.nowUs / 1000),
    size: parent?.size ?? 0,
    config: {
      command: config.command ?? [],
      entrypoint: config.entrypoint,
      env: config.env,
      exposedPorts: config.exposedPorts,
      workingDir: config.workingDir,
      user: config.user,
      labels: config.labels,
      stopSignal: config.stopSignal,
      volumes: config.volumes,
      ...request.config,
    },
    author: request.author,
    comment: request.comment,
    dockerVersion: parent?.dockerVersion ?? '',
    tree,
    layers: [...(parent?.layers ?? []), `sha256:${nextHex(world.random, 64)}`],
    committed: { filesystem: copy.id, parent: container.image, container: container.id },
  }
  if (request.tag !== null)
    for (const other of engine.images.values()) other.tags = other.tags.filter((one) => one !== request.tag)
  engine.images.set(image.id, image)
  return image
}
