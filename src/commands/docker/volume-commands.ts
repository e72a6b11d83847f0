/** `docker volume ls|create|rm` and `docker container prune`. docker/cli cli/command/{volume,container}/*.go (20.10) */
import { formatTable, type TableKind } from '../../render/docker/table.ts'
import { removeContainer } from '../../sim/docker/lifecycle.ts'
import { passes, passesLabels, readFilters } from './filters.ts'
import { daemonError } from './lifecycle.ts'
import { type Call, Refused } from './spec.ts'
import { resolveVolume } from './volumes.ts'

const volumeTable: TableKind = {
  typeName: '*formatter.volumeContext',
  headers: {
    Name: 'VOLUME NAME',
    Driver: 'DRIVER',
    Scope: 'SCOPE',
    Mountpoint: 'MOUNTPOINT',
    Labels: 'LABELS',
  },
  table: '{{.Driver}}\t{{.Name}}',
  quiet: '{{.Name}}',
}

function users(call: Call, volume: string): string[] {
  return [...call.engine().containers.values()]
    .filter((one) => one.hostConfig.binds.some((bind) => bind.volume === volume))
    .map((one) => one.id)
}

export function list(call: Call): number {
  const filters = readFilters(call.flags.list('filter'), ['dangling', 'driver', 'label', 'name'])
  const rows = [...call.engine().volumes.keys()]
    .sort()
    .filter(
      (name) =>
        passes(filters, 'name', (value) => name.includes(value)) &&
        passes(filters, 'driver', (value) => value === 'local') &&
        passes(filters, 'dangling', (value) => (value === 'true') === (users(call, name).length === 0)) &&
        passesLabels(filters, {}),
    )
    .map((name) => ({
      fields: {
        Name: name,
        Driver: 'local',
        Scope: 'local',
        Mountpoint: `/var/lib/docker/volumes/${name}/_data`,
        Labels: '',
      },
    }))
  const result = formatTable(volumeTable, rows, call.flags.text('format'), call.flags.bool('quiet'))
  if (!result.ok) throw new Refused(result.message)
  call.context.out(result.text)
  return 0
}

export function create(call: Call): number {
  const [source = ''] = call.operands
  const bind = resolveVolume(call.world, call.engine(), { source, destination: '', mode: '', isBind: false })
  call.context.out(`${bind.volume}\n`)
  return 0
}

export function remove(call: Call): number {
  const errors: string[] = []
  const engine = call.engine()
  for (const name of call.operands) {
    const volume = engine.volumes.get(name)
    const inUse = users(call, name)
    if (volume === undefined) {
      if (!call.flags.bool('force')) errors.push(`Error: No such volume: ${name}`)
    } else if (inUse.length > 0) {
      errors.push(daemonError(`remove ${name}: volume is in use - [${inUse.join(', ')}]`))
    } else {
      engine.volumes.delete(name)
      call.world.kernels.get(engine.host)?.filesystems.delete(volume.filesystem)
      call.context.out(`${name}\n`)
    }
  }
  if (errors.length > 0) throw new Refused(errors.join('\n'))
  return 0
}

const WARNING = `WARNING! This will remove all stopped containers.
Are you sure you want to continue? [y/N] `

export async function pruneContainers(call: Call): Promise<number> {
  const engine = call.engine()
  if (!call.flags.bool('force')) {
    call.context.out(WARNING)
    const answer = await call.context.readLine()
    if (answer?.trim().toLowerCase() !== 'y') return 0
  }
  const filters = readFilters(call.flags.list('filter'), ['until', 'label', 'label!'])
  const stopped = [...engine.containers.values()].filter(
    (one) =>
      one.state.pid === 0 && one.state.status !== 'restarting' && passesLabels(filters, one.config.labels),
  )
  const removed = stopped.filter((one) => removeContainer(call.world, engine, one).ok)
  if (removed.length > 0)
    call.context.out(`Deleted Containers:\n${removed.map((one) => `${one.id}\n`).join('')}\n`)
  call.context.out('Total reclaimed space: 0B\n')
  return 0
}
