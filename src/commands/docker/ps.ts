/** `docker ps`. docker/cli cli/command/container/list.go, moby daemon/list.go (20.10) */
import {
  commandText,
  containerTable,
  type ListedPort,
  portsText,
  statusText,
} from '../../render/docker/container-list.ts'
import { formatTable, labelMethod, type TableRow } from '../../render/docker/table.ts'
import { compileTemplate, executeTemplate } from '../../render/docker/template/execute.ts'
import { TemplateError } from '../../render/docker/template/lexer.ts'
import { humanDuration, humanSize } from '../../render/docker/units.ts'
import { apiTime } from '../../sim/base/api-value.ts'
import type { Container } from '../../sim/docker/container.ts'
import { containerArgv } from '../../sim/docker/container-process.ts'
import { findContainer } from '../../sim/docker/create-container.ts'
import type { Engine } from '../../sim/docker/engine.ts'
import { findImage } from '../../sim/docker/images.ts'
import { endpointsOf } from '../../sim/docker/inspect-container.ts'
import { isRunning } from '../../sim/docker/lifecycle.ts'
import { writtenBytes } from '../../sim/docker/sizes.ts'
import type { World } from '../../sim/world/world.ts'
import { type Filters, matches, passes, passesLabels, readFilters } from './filters.ts'
import { daemonError } from './lifecycle.ts'
import { type Call, Refused } from './spec.ts'

const FILTERS = [
  ...[
    'ancestor',
    'before',
    'exited',
    'expose',
    'health',
    'id',
    'is-task',
    'isolation',
    'label',
    'name',
    'network',
  ],
  ...['publish', 'since', 'status', 'volume'],
]
/** Which fields a format asks for is found out before the list is. ps.go `buildContainerListOptions` */
function checkFormat(format: string): void {
  if (format === '' || format === 'table' || format === 'raw') return
  const { typeName, headers } = containerTable(true)
  const label = (): string => ''
  const step = (what: string, run: () => void): void => {
    try {
      run()
    } catch (error) {
      if (error instanceof TemplateError) throw new Refused(`failed to ${what} template: ${error.message}`)
      throw error
    }
  }
  step('parse', () => compileTemplate(format))
  step('execute', () =>
    executeTemplate(
      compileTemplate(format),
      { ...headers, Size: '' },
      { typeName, methods: { Label: label } },
    ),
  )
}

const STATES = ['created', 'restarting', 'running', 'removing', 'paused', 'exited', 'dead']

export function ps(call: Call): number {
  const { flags, world } = call
  const engine = call.engine()
  const filters = readFilters(flags.list('filter'), FILTERS)
  const last = flags.bool('latest') ? 1 : flags.number('last', -1)
  const all = flags.bool('all') || last > 0 || filters.has('status') || filters.has('exited')
  checkStates(filters)
  const found = [...engine.containers.values()]
    .reverse()
    .filter((one) => all || isRunning(one) || one.state.status === 'restarting')
    .filter((one) => isWanted(engine, one, filters))
  const shown = last > 0 ? found.slice(0, last) : found
  const truncate = !flags.bool('no-trunc')
  const withSize = flags.bool('size') || /\.Size\b/.test(flags.text('format'))
  const rows = shown.map((one) => listRow(world, engine, one, truncate, withSize))
  checkFormat(flags.text('format'))
  const result = formatTable(
    containerTable(flags.bool('size')),
    rows,
    flags.text('format'),
    flags.bool('quiet'),
  )
  if (!result.ok) throw new Refused(result.message)
  call.context.out(result.text)
  return 0
}

function checkStates(filters: Filters): void {
  for (const state of filters.get('status') ?? [])
    if (!STATES.includes(state)) throw new Refused(daemonError(`Invalid filter 'status=${state}'`))
}

function isWanted(engine: Engine, container: Container, filters: Filters): boolean {
  const { state } = container
  return (
    passes(filters, 'id', (value) => container.id.startsWith(value) || matches(value, container.id)) &&
    passes(
      filters,
      'name',
      (value) => matches(value, container.name) || matches(value, `/${container.name}`),
    ) &&
    passes(filters, 'status', (value) => state.status === value) &&
    passes(filters, 'exited', (value) => state.status === 'exited' && state.exitCode === Number(value)) &&
    passes(filters, 'ancestor', (value) => findImage(engine, value)?.id === container.image) &&
    passes(filters, 'network', (value) => isOn(engine, container, value)) &&
    passes(filters, 'expose', (value) => container.config.exposedPorts.includes(withProtocol(value))) &&
    passes(filters, 'publish', (value) => publishes(container, withProtocol(value))) &&
    passes(filters, 'volume', (value) =>
      container.hostConfig.binds.some(
        (one) => one.destination === value || one.source === value || one.volume === value,
      ),
    ) &&
    passes(filters, 'health', (value) => value === (state.health?.status ?? 'none')) &&
    passes(filters, 'before', (value) => position(engine, container.id) < position(engine, value)) &&
    passes(filters, 'since', (value) => position(engine, container.id) > position(engine, value)) &&
    passesLabels(filters, container.config.labels)
  )
}

function position(engine: Engine, term: string): number {
  const found = findContainer(engine, term)
  if (!found.ok) throw new Refused(daemonError(found.error.detail))
  return [...engine.containers.keys()].indexOf(found.value.id)
}

function isOn(engine: Engine, container: Container, term: string): boolean {
  if (container.networks.has(term)) return true
  return [...container.networks.keys()].some((name) => {
    for (const network of engine.networks.values())
      if (network.name === name) return network.id.startsWith(term)
    return false
  })
}

function withProtocol(port: string): string {
  return port.includes('/') ? port : `${port}/tcp`
}

function publishes(container: Container, port: string): boolean {
  return container.hostConfig.portBindings.some(
    (one) => `${one.containerPort}/${one.protocol}` === port || `${one.hostPort}/${one.protocol}` === port,
  )
}

function secondsSince(world: World, us: number | null): number | null {
  return us === null ? null : (world.nowUs - us) / 1_000_000
}

export function listRow(
  world: World,
  engine: Engine,
  container: Container,
  truncate: boolean,
  withSize = false,
): TableRow {
  const { state, config, hostConfig } = container
  const image = engine.images.get(container.image)
  const labels = Object.entries(config.labels).map(([key, value]) => `${key}=${value}`)
  const short = (text: string): string => (truncate ? text.slice(0, 12) : text)
  const volumes = hostConfig.binds.filter((one) => one.volume !== null)
  const written = withSize ? writtenBytes(world, engine, container) : 0
  return {
    fields: {
      ID: short(container.id),
      Names: container.name,
      Image:
        image === undefined || !isTagged(engine, config.image, container.image)
          ? shownImage(container, truncate)
          : config.image,
      Command: commandText(containerArgv(container), truncate),
      CreatedAt: `${apiTime(world.epochMs, container.createdUs).slice(0, 19).replace('T', ' ')} +0000 UTC`,
      RunningFor: `${humanDuration(secondsSince(world, container.createdUs) ?? 0)} ago`,
      Ports: portsText(listedPorts(engine, container)),
      State: state.status,
      Status: statusText({
        status: state.status,
        exitCode: state.exitCode,
        upSeconds: secondsSince(world, state.startedUs),
        downSeconds: secondsSince(world, state.finishedUs),
        health: state.health?.status ?? null,
      }),
      Size: `${humanSize(written)} (virtual ${humanSize((image?.size ?? 0) + written)})`,
      Labels: labels.join(','),
      Mounts: hostConfig.binds.map((one) => mountName(one.volume ?? one.source, truncate)).join(','),
      LocalVolumes: String(volumes.length),
      Networks: [...container.networks.keys()].sort().join(','),
    },
    methods: labelMethod(config.labels),
  }
}

/** The name under which it was started may mean another image by now. */
function isTagged(engine: Engine, name: string, id: string): boolean {
  return findImage(engine, name)?.id === id
}

function shownImage(container: Container, truncate: boolean): string {
  const hex = container.image.replace(/^sha256:/, '')
  return truncate ? hex.slice(0, 12) : container.image
}

function mountName(name: string, truncate: boolean): string {
  return truncate && name.length > 15 ? `${name.slice(0, 14)}…` : name
}

/** Exposed ports that are not published have no address. */
export function listedPorts(engine: Engine, container: Container): ListedPort[] {
  const endpoints = endpointsOf(engine, container)
  const published = endpoints.flatMap((endpoint) =>
    endpoint.ports.map((port) => ({
      ip: port.hostIp,
      publicPort: port.hostPort,
      privatePort: port.containerPort,
      type: port.protocol,
    })),
  )
  const exposed = endpoints.some((endpoint) => endpoint.device !== null) ? container.config.exposedPorts : []
  const others = exposed
    .map((text) => text.split('/'))
    .filter(([port, type]) => !published.some((one) => one.privatePort === Number(port) && one.type === type))
    .map(([port, type = 'tcp']) => ({ ip: '', publicPort: 0, privatePort: Number(port), type }))
  return [...published, ...others]
}
