/** `docker system prune`, `image prune` and `history`, `volume prune`. docker/cli cli/command/system (20.10) */
import { formatTable, type TableKind, type TableRow } from '../../render/docker/table.ts'
import { humanDuration, humanSize } from '../../render/docker/units.ts'
import { apiTime } from '../../sim/base/api-value.ts'
import type { Image } from '../../sim/docker/image.ts'
import { findImage, removeImage } from '../../sim/docker/images.ts'
import { isRunning, removeContainer } from '../../sim/docker/lifecycle.ts'
import { isPredefined, removeNetwork } from '../../sim/docker/networks.ts'
import { removeVolume } from '../../sim/docker/volumes.ts'
import { type Filters, passesLabels, readFilters } from './filters.ts'
import { daemonError } from './lifecycle.ts'
import { type Call, Refused } from './spec.ts'

function show(call: Call, table: TableKind, rows: readonly TableRow[]): number {
  const result = formatTable(table, rows, call.flags.text('format'), call.flags.bool('quiet'))
  if (!result.ok) throw new Refused(result.message)
  call.context.out(result.text)
  return 0
}

async function mayGoOn(call: Call, warning: string): Promise<boolean> {
  if (call.flags.bool('force')) return true
  call.context.out(`${warning}\nAre you sure you want to continue? [y/N] `)
  return (await call.context.readLine())?.trim().toLowerCase() === 'y'
}

const filtersOf = (call: Call): Filters =>
  readFilters(call.flags.list('filter'), ['until', 'label', 'label!', 'dangling'])

function deleted(call: Call, what: string, names: readonly string[]): void {
  if (names.length > 0) call.context.out(`Deleted ${what}:\n${names.map((name) => `${name}\n`).join('')}\n`)
}

export async function pruneSystem(call: Call): Promise<number> {
  const { flags } = call
  const lines = [
    'all stopped containers',
    'all networks not used by at least one container',
    ...(flags.bool('volumes') ? ['all volumes not used by at least one container'] : []),
    flags.bool('all')
      ? 'all images without at least one container associated to them'
      : 'all dangling images',
    flags.bool('all') ? 'all build cache' : 'all dangling build cache',
  ]
  const list = lines.map((line) => `  - ${line}\n`).join('')
  if (!(await mayGoOn(call, `WARNING! This will remove:\n${list}`))) return 0
  const filters = filtersOf(call)
  deleted(call, 'Containers', stoppedContainers(call, filters))
  deleted(call, 'Networks', unusedNetworks(call, filters))
  if (flags.bool('volumes')) deleted(call, 'Volumes', unusedVolumes(call, filters))
  const images = unusedImages(call, filters, flags.bool('all'))
  deleted(call, 'Images', images.lines)
  call.context.out(`Total reclaimed space: ${humanSize(images.bytes)}\n`)
  return 0
}

function stoppedContainers(call: Call, filters: Filters): string[] {
  const engine = call.engine()
  return [...engine.containers.values()]
    .filter((one) => !isRunning(one) && one.state.status !== 'restarting')
    .filter((one) => passesLabels(filters, one.config.labels))
    .filter((one) => removeContainer(call.world, engine, one).ok)
    .map((one) => one.id)
}

function unusedNetworks(call: Call, filters: Filters): string[] {
  const engine = call.engine()
  const inUse = new Set([...engine.endpoints.values()].map((one) => one.network))
  return [...engine.networks.values()]
    .filter((one) => !isPredefined(one.name) && !inUse.has(one.id) && passesLabels(filters, one.labels))
    .filter((one) => removeNetwork(call.world, engine, one.id).ok)
    .map((one) => one.name)
}

function unusedVolumes(call: Call, filters: Filters): string[] {
  const engine = call.engine()
  // Those with options of the driver stay: volume/service/service.go `LocalVolumesPrune`.
  return [...engine.volumes.values()]
    .filter((one) => Object.keys(one.options ?? {}).length === 0 && passesLabels(filters, one.labels ?? {}))
    .filter((one) => removeVolume(call.world, engine, one).ok)
    .map((one) => one.name)
}

/** Without `all` those alone that have no name. */
function unusedImages(call: Call, filters: Filters, all: boolean): { lines: string[]; bytes: number } {
  const engine = call.engine()
  const lines: string[] = []
  let bytes = 0
  for (const image of [...engine.images.values()]) {
    const inUse = [...engine.containers.values()].some((one) => one.image === image.id)
    if (inUse || (!all && image.tags.length > 0) || !passesLabels(filters, image.config.labels)) continue
    for (const name of image.tags.length === 0 ? [image.id] : [...image.tags]) {
      const removed = removeImage(engine, name, true)
      if (!removed.ok) continue
      lines.push(...removed.value.untagged.map((one) => `untagged: ${one}`))
      lines.push(...removed.value.deleted.map((one) => `deleted: ${one}`))
    }
    bytes += image.size
  }
  return { lines, bytes }
}

export async function pruneImages(call: Call): Promise<number> {
  const all = call.flags.bool('all')
  const what = all ? 'all images without at least one container associated to them' : 'all dangling images'
  if (!(await mayGoOn(call, `WARNING! This will remove ${what}.`))) return 0
  const images = unusedImages(call, filtersOf(call), all)
  deleted(call, 'Images', images.lines)
  call.context.out(`Total reclaimed space: ${humanSize(images.bytes)}\n`)
  return 0
}

export async function pruneVolumes(call: Call): Promise<number> {
  const what = 'all local volumes not used by at least one container'
  if (!(await mayGoOn(call, `WARNING! This will remove ${what}.`))) return 0
  deleted(call, 'Volumes', unusedVolumes(call, filtersOf(call)))
  call.context.out('Total reclaimed space: 0B\n')
  return 0
}

const historyTable: TableKind = {
  typeName: '*image.historyContext',
  headers: {
    ID: 'IMAGE',
    CreatedSince: 'CREATED',
    CreatedAt: 'CREATED AT',
    CreatedBy: 'CREATED BY',
    Size: 'SIZE',
    Comment: 'COMMENT',
  },
  table: '{{.ID}}\t{{.CreatedSince}}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}',
  quiet: '{{.ID}}',
}

/** What is told of an image's settings is what its build would have written; committed layers stand above. */
export function history(call: Call): number {
  const [term = ''] = call.operands
  const engine = call.engine()
  const image = findImage(engine, term)
  if (image === undefined)
    throw new Refused(daemonError(`No such image: ${term.includes(':') ? term : `${term}:latest`}`))
  const rows: TableRow[] = []
  for (let at: Image | undefined = image; at !== undefined; ) {
    const below: Image | undefined =
      at.committed === undefined ? undefined : engine.images.get(at.committed.parent)
    rows.push(...historyRows(call, at, below !== undefined))
    at = below
  }
  return show(call, historyTable, rows)
}

function historyRows(call: Call, image: Image, isCommitted: boolean): TableRow[] {
  const { config } = image
  const list = (words: readonly string[]): string =>
    `[${words.map((word) => JSON.stringify(word)).join(' ')}]`
  const steps: { by: string; size: number }[] = []
  if (isCommitted) steps.push({ by: config.command.join(' '), size: 0 })
  else if (image.comment === 'Imported from -') steps.push({ by: '', size: image.size })
  else {
    const nop = (text: string) => ({ by: `/bin/sh -c #(nop)  ${text}`, size: 0 })
    if (config.command.length > 0) steps.push(nop(`CMD ${list(config.command)}`))
    if (config.stopSignal !== null) steps.push(nop(`STOPSIGNAL ${config.stopSignal}`))
    for (const port of [...config.exposedPorts].reverse())
      steps.push(nop(`EXPOSE ${port.replace('/tcp', '')}`))
    if (config.entrypoint !== null) steps.push(nop(`ENTRYPOINT ${list(config.entrypoint)}`))
    const source = image.layers[0]?.slice('sha256:'.length) ?? ''
    steps.push({ by: `/bin/sh -c #(nop) ADD file:${source} in / `, size: image.size })
  }
  return steps.map((step, index) => historyRow(call, image, step, index === 0))
}

function historyRow(call: Call, image: Image, step: { by: string; size: number }, isTop: boolean): TableRow {
  const whole = call.flags.bool('no-trunc')
  const nowMs = call.world.epochMs + call.world.nowUs / 1000
  const id = whole ? image.id : image.id.slice('sha256:'.length, 'sha256:'.length + 12)
  const human = !call.flags.changed('human') || call.flags.bool('human')
  const created = `${apiTime(image.createdMs, 0).slice(0, 19)}Z`
  return {
    fields: {
      ID: isTop ? id : '<missing>',
      CreatedSince: human ? `${humanDuration((nowMs - image.createdMs) / 1000)} ago` : created,
      CreatedAt: created,
      CreatedBy: whole || step.by.length <= 45 ? step.by : `${step.by.slice(0, 44)}…`,
      Size: human ? humanSize(step.size) : String(step.size),
      Comment: isTop ? image.comment : '',
    },
  }
}
