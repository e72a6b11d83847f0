/**
 * Volumes of the local driver: made by hand or when a container first names them, filled from the image, removed.
 * moby volume/local/local.go, volume/service, daemon/volumes.go, container/container_unix.go `CopyImagePathContent` (20.10).
 * Not modelled: what a volume's `type`, `o` and `device` would mount, other drivers.
 */
import { clone } from '../base/clone.ts'
import { nextHex } from '../base/random.ts'
import { ok, type Result, refuse } from '../base/result.ts'
import { createFilesystem, nodeIn, placeNode } from '../kernel/fs/filesystem.ts'
import type { Filesystem, Inode } from '../kernel/fs/types.ts'
import type { Bind, Container, HostConfig } from './container.ts'
import type { Engine, EngineWorld, Volume } from './engine.ts'
import { logEvent } from './events.ts'
import { kernelOf } from './networks.ts'

type Pairs = Readonly<Record<string, string>>

export interface VolumeOrder {
  /** Empty: one is drawn. */
  readonly name: string
  readonly driver?: string
  readonly labels?: Pairs | null
  readonly options?: Pairs | null
  /** Nobody named it: it goes with `docker rm -v` and `--rm`. */
  readonly anonymous?: boolean
}

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/
const KNOWN_OPTIONS = ['type', 'o', 'device']

/** The volume of that name; it is made unless it is there. */
export function createVolume(world: EngineWorld, engine: Engine, order: VolumeOrder): Result<Volume> {
  const name = order.name === '' ? nextHex(world.random, 64) : order.name
  const driver = order.driver ?? 'local'
  const wrong = (why: string): Result<Volume> => refuse('EINVAL', `create ${name}: ${why}`)
  if (driver !== 'local' && driver !== '')
    return refuse(
      'NO_PLUGIN',
      `create ${name}: error looking up volume plugin ${driver}: plugin "${driver}" not found`,
    )
  const known = engine.volumes.get(name)
  if (known !== undefined) return ok(known)
  const why = nameRefusal(name) ?? optionRefusal(order.options ?? {})
  if (why !== null) return wrong(why)
  const volume: Volume = {
    name,
    createdUs: world.nowUs,
    filesystem: createFilesystem(kernelOf(world, engine), { type: 'overlay' }).id,
    anonymous: order.anonymous === true,
    labels: order.labels ?? null,
    options: order.options ?? null,
  }
  engine.volumes.set(name, volume)
  logEvent(world, engine, { type: 'volume', action: 'create', id: name, attributes: { driver: 'local' } })
  return ok(volume)
}

function nameRefusal(name: string): string | null {
  if (name.length < 2) return 'volume name is too short, names should be at least two alphanumeric characters'
  if (NAME.test(name)) return null
  return (
    `${JSON.stringify(name)} includes invalid characters for a local volume name, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. ` +
    'If you intended to pass a host directory, use absolute path'
  )
}

function optionRefusal(options: Pairs): string | null {
  const names = Object.keys(options)
  const unknown = names.find((name) => !KNOWN_OPTIONS.includes(name))
  if (unknown !== undefined) return `invalid option: "${unknown}"`
  const missing = names.length === 0 ? undefined : ['device', 'type'].find((name) => !names.includes(name))
  return missing === undefined ? null : `missing required option: "${missing}"`
}

export function volumeUsers(engine: Engine, name: string): Container[] {
  return [...engine.containers.values()].filter((one) =>
    one.hostConfig.binds.some((bind) => bind.volume === name),
  )
}

export function removeVolume(world: EngineWorld, engine: Engine, volume: Volume): Result<void> {
  const inUse = volumeUsers(engine, volume.name).map((one) => one.id)
  if (inUse.length > 0)
    return refuse('CONFLICT', `remove ${volume.name}: volume is in use - [${inUse.join(', ')}]`)
  engine.volumes.delete(volume.name)
  kernelOf(world, engine).filesystems.delete(volume.filesystem)
  const attributes = { driver: 'local' }
  logEvent(world, engine, { type: 'volume', action: 'destroy', id: volume.name, attributes })
  return ok(undefined)
}

/** With the container go the volumes that nobody named, unless another container has them too. */
export function removeAnonymousVolumes(world: EngineWorld, engine: Engine, hostConfig: HostConfig): void {
  for (const bind of hostConfig.binds) {
    const volume = bind.volume === null ? undefined : engine.volumes.get(bind.volume)
    if (volume?.anonymous === true && bind.inherited !== true) removeVolume(world, engine, volume)
  }
}

/** What was asked for and what the image declares, with volumes made for all that name none that is there. */
export function resolveBinds(
  world: EngineWorld,
  engine: Engine,
  hostConfig: HostConfig,
  declared: readonly string[],
): Result<Bind[]> {
  const binds: Bind[] = []
  for (const bind of [...hostConfig.binds, ...anonymousBinds(hostConfig, declared)]) {
    if (bind.volume === null || bind.inherited === true) {
      binds.push(bind)
      continue
    }
    const { name, ...rest } = { name: bind.source, ...bind.order }
    const made = createVolume(world, engine, { ...rest, name, anonymous: name === '' })
    if (!made.ok) return made
    binds.push({ ...bind, volume: made.value.name })
  }
  return ok(binds)
}

function anonymousBinds(hostConfig: HostConfig, declared: readonly string[]): Bind[] {
  const isCovered = (path: string): boolean =>
    hostConfig.binds.some((bind) => bind.destination === path) || path in hostConfig.tmpfs
  return declared
    .filter((path) => !isCovered(path))
    .map((destination) => ({ source: '', destination, mode: '', volume: '' }))
}

/** An empty volume gets what the image has at that place. */
export function populateVolume(
  world: EngineWorld,
  engine: Engine,
  container: Container,
  bind: Bind,
  path: string,
): void {
  const kernel = kernelOf(world, engine)
  const volume = engine.volumes.get(bind.volume ?? '')
  const target = kernel.filesystems.get(volume?.filesystem ?? -1)
  const layer = kernel.filesystems.get(container.filesystem)
  if (target === undefined || layer === undefined || bind.mode.split(',').includes('nocopy')) return
  if (target.upper.entries.size > 0) return
  copyBelow(world, engine, [layer, path], [target, ''])
}

function copyBelow(
  world: EngineWorld,
  engine: Engine,
  [source, from]: readonly [Filesystem, string],
  [target, to]: readonly [Filesystem, string],
): void {
  const look = (path: string): Inode | undefined =>
    nodeIn(world, kernelOf(world, engine), source, path, { pid: 0, netns: 0 })
  const directory = look(from)
  if (directory?.kind !== 'directory') return
  for (const name of directory.entries.keys()) {
    const node = look(`${from}/${name}`)
    if (node === undefined) continue
    if (node.kind === 'directory') placeNode(target, `${to}/${name}`, { ...node, entries: new Map() })
    else placeNode(target, `${to}/${name}`, clone(node))
    copyBelow(world, engine, [source, `${from}/${name}`], [target, `${to}/${name}`])
  }
}
