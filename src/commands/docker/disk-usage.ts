/** `docker system df`. docker/cli cli/command/formatter/disk_usage.go, moby daemon/disk_usage.go (20.10) */
import { formatTable, type TableKind, type TableRow } from '../../render/docker/table.ts'
import { humanDuration, humanSize } from '../../render/docker/units.ts'
import type { Container } from '../../sim/docker/container.ts'
import type { Engine, Volume } from '../../sim/docker/engine.ts'
import type { Image } from '../../sim/docker/image.ts'
import { repository } from '../../sim/docker/images.ts'
import { isRunning } from '../../sim/docker/lifecycle.ts'
import { volumeBytes, writtenBytes } from '../../sim/docker/sizes.ts'
import { volumeUsers } from '../../sim/docker/volumes.ts'
import { notModelled } from '../not-modelled.ts'
import { listRow } from './ps.ts'
import { type Call, Refused } from './spec.ts'

const dfTable: TableKind = {
  typeName: '*formatter.diskUsageContext',
  headers: { Type: 'TYPE', TotalCount: 'TOTAL', Active: 'ACTIVE', Size: 'SIZE', Reclaimable: 'RECLAIMABLE' },
  table: '{{.Type}}\t{{.TotalCount}}\t{{.Active}}\t{{.Size}}\t{{.Reclaimable}}',
  quiet: '{{.Type}}',
}

/** Four digits where lists of containers have three. */
const size = (bytes: number): string => humanSize(bytes, 4)

/** Bytes of one thing, and whether it is in use. */
interface Share {
  readonly bytes: number
  readonly active: boolean
}

export function diskUsage(call: Call): number {
  const { flags, world } = call
  if (flags.bool('verbose')) return verbose(call)
  const engine = call.engine()
  const images = [...engine.images.values()].map((one) => ({
    bytes: one.size,
    active: usersOf(engine, one).length > 0,
  }))
  const containers = [...engine.containers.values()].map((one) => ({
    bytes: writtenBytes(world, engine, one),
    active: isRunning(one) || one.state.status === 'restarting',
  }))
  const volumes = listedVolumes(engine).map((one) => ({
    bytes: volumeBytes(world, engine, one),
    active: volumeUsers(engine, one.name).length > 0,
  }))
  const rows = [
    usageRow('Images', images),
    usageRow('Containers', containers),
    usageRow('Local Volumes', volumes),
    usageRow('Build Cache', [], false),
  ]
  return show(call, dfTable, rows, flags.text('format'))
}

function usageRow(type: string, shares: readonly Share[], hasPercent = true): TableRow {
  const sum = (list: readonly Share[]): number => list.reduce((total, one) => total + one.bytes, 0)
  const total = sum(shares)
  const free = sum(shares.filter((one) => !one.active))
  const percent = total === 0 || !hasPercent ? '' : ` (${Math.floor((free * 100) / total)}%)`
  return {
    fields: {
      Type: type,
      TotalCount: String(shares.length),
      Active: String(shares.filter((one) => one.active).length),
      Size: size(total),
      Reclaimable: `${size(free)}${percent}`,
    },
  }
}

function usersOf(engine: Engine, image: Image): Container[] {
  return [...engine.containers.values()].filter((one) => one.image === image.id)
}

/** Those with options of the driver are not counted. volume/service `LocalVolumesSize` */
function listedVolumes(engine: Engine): Volume[] {
  return [...engine.volumes.values()].filter((one) => Object.keys(one.options ?? {}).length === 0)
}

const imageTable: TableKind = {
  typeName: '*formatter.imageContext',
  headers: {
    Repository: 'REPOSITORY',
    Tag: 'TAG',
    ID: 'IMAGE ID',
    CreatedSince: 'CREATED',
    VirtualSize: 'SIZE',
    SharedSize: 'SHARED SIZE',
    UniqueSize: 'UNIQUE SIZE',
    Containers: 'CONTAINERS',
  },
  table:
    '{{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.CreatedSince}}\t{{.VirtualSize}}\t{{.SharedSize}}\t{{.UniqueSize}}\t{{.Containers}}',
  quiet: '{{.ID}}',
}

const containerTable: TableKind = {
  typeName: '*formatter.ContainerContext',
  headers: {
    ID: 'CONTAINER ID',
    Image: 'IMAGE',
    Command: 'COMMAND',
    LocalVolumes: 'LOCAL VOLUMES',
    Size: 'SIZE',
    RunningFor: 'CREATED',
    Status: 'STATUS',
    Names: 'NAMES',
  },
  table:
    '{{.ID}}\t{{.Image}}\t{{.Command}}\t{{.LocalVolumes}}\t{{.Size}}\t{{.RunningFor}}\t{{.Status}}\t{{.Names}}',
  quiet: '{{.ID}}',
}

const volumeTable: TableKind = {
  typeName: '*formatter.volumeContext',
  headers: { Name: 'VOLUME NAME', Links: 'LINKS', Size: 'SIZE' },
  table: '{{.Name}}\t{{.Links}}\t{{.Size}}',
  quiet: '{{.Name}}',
}

const cacheTable: TableKind = {
  typeName: '*formatter.buildCacheContext',
  headers: {
    ID: 'CACHE ID',
    CacheType: 'CACHE TYPE',
    Size: 'SIZE',
    CreatedSince: 'CREATED',
    LastUsedSince: 'LAST USED',
    UsageCount: 'USAGE',
    Shared: 'SHARED',
  },
  table:
    '{{.ID}}\t{{.CacheType}}\t{{.Size}}\t{{.CreatedSince}}\t{{.LastUsedSince}}\t{{.UsageCount}}\t{{.Shared}}',
  quiet: '{{.ID}}',
}

/** No two images share a layer here. */
function verbose(call: Call): number {
  const { context, world } = call
  if (call.flags.changed('format')) return notModelled(context, 'docker system df --verbose --format')
  const engine = call.engine()
  const containers = [...engine.containers.values()].reverse()
  context.out('Images space usage:\n\n')
  const images = [...engine.images.values()].sort((a, b) => b.createdMs - a.createdMs)
  show(
    call,
    imageTable,
    images.map((one) => imageRow(call, engine, one)),
  )
  context.out('\nContainers space usage:\n\n')
  show(
    call,
    containerTable,
    containers.map((one) => {
      const row = listRow(world, engine, one, true)
      return { fields: { ...row.fields, Size: humanSize(writtenBytes(world, engine, one)) } }
    }),
  )
  context.out('\nLocal Volumes space usage:\n\n')
  const volumes = listedVolumes(engine).map((one) => ({
    fields: {
      Name: one.name,
      Links: String(volumeUsers(engine, one.name).length),
      Size: size(volumeBytes(world, engine, one)),
    },
  }))
  show(call, volumeTable, volumes)
  context.out(`\nBuild cache usage: ${size(0)}\n\n`)
  return show(call, cacheTable, [])
}

/** Of several names the first one alone. */
function imageRow(call: Call, engine: Engine, image: Image): TableRow {
  const nowMs = call.world.epochMs + call.world.nowUs / 1000
  const [tag] = image.tags
  return {
    fields: {
      Repository: tag === undefined ? '<none>' : repository(tag),
      Tag: tag === undefined ? '<none>' : tag.slice(tag.lastIndexOf(':') + 1),
      ID: image.id.slice('sha256:'.length).slice(0, 12),
      CreatedSince: `${humanDuration((nowMs - image.createdMs) / 1000)} ago`,
      VirtualSize: size(image.size),
      SharedSize: size(0),
      UniqueSize: size(image.size),
      Containers: String(usersOf(engine, image).length),
    },
  }
}

function show(call: Call, table: TableKind, rows: readonly TableRow[], format = ''): number {
  const result = formatTable(table, rows, format, false)
  if (!result.ok) throw new Refused(result.message)
  call.context.out(result.text)
  return 0
}
