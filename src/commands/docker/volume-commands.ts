/** `docker volume ls|create|rm` and `docker container prune`. docker/cli cli/command/{volume,container}/*.go (20.10) */
import { formatTable, labelMethod, naturalOrder, type TableKind } from '../../render/docker/table.ts'
import { removeContainer } from '../../sim/docker/lifecycle.ts'
import { createVolume, removeVolume, volumeUsers } from '../../sim/docker/volumes.ts'
import { passes, passesLabels, readFilters } from './filters.ts'
import { daemonError } from './lifecycle.ts'
import { pairs } from './parse-run.ts'
import { type Call, Refused } from './spec.ts'

const volumeTable: TableKind = {
  typeName: '*formatter.volumeContext',
  headers: {
    Name: 'VOLUME NAME',
    Driver: 'DRIVER',
    Scope: 'SCOPE',
    Mountpoint: 'MOUNTPOINT',
    Labels: 'LABELS',
    Links: 'LINKS',
    Size: 'SIZE',
  },
  table: '{{.Driver}}\t{{.Name}}',
  quiet: '{{.Name}}',
}

export function list(call: Call): number {
  const engine = call.engine()
  const filters = readFilters(call.flags.list('filter'), ['dangling', 'driver', 'label', 'name'])
  const rows = [...engine.volumes.values()]
    .sort((a, b) => naturalOrder(a.name, b.name))
    .filter(
      ({ name, labels }) =>
        passes(filters, 'name', (value) => name.includes(value)) &&
        passes(filters, 'driver', (value) => value === 'local') &&
        passes(filters, 'dangling', (value) => isTrue(value) === (volumeUsers(engine, name).length === 0)) &&
        passesLabels(filters, labels ?? {}),
    )
    .map(({ name, labels }) => ({
      methods: labelMethod(labels ?? {}),
      fields: {
        Name: name,
        Driver: 'local',
        Scope: 'local',
        Mountpoint: `/var/lib/docker/volumes/${name}/_data`,
        Labels: Object.entries(labels ?? {})
          .map(([key, value]) => `${key}=${value}`)
          .sort()
          .join(','),
        Links: 'N/A',
        Size: 'N/A',
      },
    }))
  const result = formatTable(volumeTable, rows, call.flags.text('format'), call.flags.bool('quiet'))
  if (!result.ok) throw new Refused(result.message)
  call.context.out(result.text)
  return 0
}

const isTrue = (text: string): boolean => /^(?:1|true)$/i.test(text)

export function create(call: Call): number {
  const { flags } = call
  const [name = ''] = call.operands
  const order = {
    name,
    driver: flags.text('driver', 'local'),
    labels: pairs(flags.list('label')),
    options: pairs(flags.list('opt')),
  }
  const made = createVolume(call.world, call.engine(), order)
  if (!made.ok) throw new Refused(daemonError(made.error.detail))
  call.context.out(`${made.value.name}\n`)
  return 0
}

export function remove(call: Call): number {
  const errors: string[] = []
  const engine = call.engine()
  for (const name of call.operands) {
    const volume = engine.volumes.get(name)
    if (volume === undefined) {
      if (call.flags.bool('force')) call.context.out(`${name}\n`)
      else errors.push(`Error: No such volume: ${name}`)
      continue
    }
    const removed = removeVolume(call.world, engine, volume)
    if (removed.ok) call.context.out(`${name}\n`)
    else errors.push(daemonError(removed.error.detail))
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
