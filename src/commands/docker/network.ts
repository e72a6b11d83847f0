/** `docker network …`. docker/cli cli/command/network/*.go (20.10) */
import {
  formatTable,
  labelMethod,
  naturalOrder,
  type TableKind,
  type TableRow,
} from '../../render/docker/table.ts'
import { apiTime } from '../../sim/base/api-value.ts'
import { connectNetwork, disconnectNetwork } from '../../sim/docker/connect.ts'
import { findContainer } from '../../sim/docker/create-container.ts'
import type { Network } from '../../sim/docker/network.ts'
import { createNetwork, findNetwork, isPredefined, removeNetwork } from '../../sim/docker/networks.ts'
import { matches, passes, passesLabels, readFilters } from './filters.ts'
import { consolidated } from './ipam-options.ts'
import { daemonError } from './lifecycle.ts'
import { NOT_A_MANAGER } from './no-swarm.ts'
import { pairs } from './parse-run.ts'
import { type Call, Refused } from './spec.ts'

const networkTable: TableKind = {
  typeName: '*network.networkContext',
  headers: {
    ID: 'NETWORK ID',
    Name: 'NAME',
    Driver: 'DRIVER',
    Scope: 'SCOPE',
    IPv6: 'IPV6',
    Internal: 'INTERNAL',
    Labels: 'LABELS',
    CreatedAt: 'CREATED AT',
  },
  table: '{{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}',
  quiet: '{{.ID}}',
}

const FILTERS = ['dangling', 'driver', 'id', 'label', 'name', 'scope', 'type']

export function list(call: Call): number {
  const { flags, world } = call
  const engine = call.engine()
  const filters = readFilters(flags.list('filter'), FILTERS)
  const odd = filters.get('type')?.find((value) => value !== 'custom' && value !== 'builtin')
  if (odd !== undefined) throw new Refused(daemonError(`invalid filter: 'type'='${odd}'`))
  const networks = [...engine.networks.values()]
    .filter(
      (one) =>
        passes(filters, 'driver', (value) => one.driver === value) &&
        passes(filters, 'name', (value) => matches(value, one.name)) &&
        passes(filters, 'id', (value) => one.id.startsWith(value)) &&
        passes(filters, 'scope', (value) => one.scope === value) &&
        passes(filters, 'type', (value) => (value === 'builtin') === isPredefined(one.name)) &&
        passes(
          filters,
          // The list comes without its containers: every network of one's own looks unused.
          'dangling',
          (value) => (value === 'true' || value === '1') === !isPredefined(one.name),
        ) &&
        passesLabels(filters, one.labels),
    )
    .sort((a, b) => naturalOrder(a.name, b.name))
  const rows = networks.map((one) => row(world.epochMs, one, !flags.bool('no-trunc')))
  const result = formatTable(networkTable, rows, flags.text('format'), flags.bool('quiet'))
  if (!result.ok) throw new Refused(result.message)
  call.context.out(result.text)
  return 0
}

function row(epochMs: number, network: Network, truncate: boolean): TableRow {
  return {
    fields: {
      ID: truncate ? network.id.slice(0, 12) : network.id,
      Name: network.name,
      Driver: network.driver,
      Scope: network.scope,
      IPv6: String(network.enableIpv6),
      Internal: String(network.internal),
      Labels: Object.entries(network.labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(','),
      CreatedAt: `${apiTime(epochMs, network.createdUs).replace('T', ' ').replace('Z', '')} +0000 UTC`,
    },
    methods: labelMethod(network.labels),
  }
}

export function create(call: Call): number {
  const { flags } = call
  const driver = flags.text('driver', 'bridge')
  if (driver === 'overlay') throw new Refused(daemonError(NOT_A_MANAGER))
  const scope = flags.text('scope')
  if (scope === 'swarm')
    throw new Refused(daemonError('cannot create a swarm scoped network when swarm is not active'))
  if (scope !== '' && scope !== 'local') throw new Refused(daemonError(NOT_A_MANAGER))
  if (flags.bool('ingress'))
    throw new Refused(daemonError('Ingress network can only be global scope network'))
  const configFrom = flags.text('config-from')
  const made = createNetwork(call.world, call.engine(), {
    name: call.operands[0] ?? '',
    driver,
    internal: flags.bool('internal'),
    attachable: flags.bool('attachable'),
    enableIpv6: flags.bool('ipv6'),
    options: pairs(flags.list('opt')),
    labels: pairs(flags.list('label')),
    ipamDriver: flags.text('ipam-driver', 'default'),
    ipamOptions: pairs(flags.list('ipam-opt')),
    ipam: consolidated(flags),
    configOnly: flags.bool('config-only'),
    ...(configFrom === '' ? {} : { configFrom }),
  })
  if (!made.ok) throw new Refused(daemonError(made.error.detail))
  call.context.out(`${made.value.id}\n`)
  return 0
}

export function remove(call: Call): number {
  let status = 0
  for (const term of call.operands) {
    const removed = removeNetwork(call.world, call.engine(), term)
    if (removed.ok) {
      call.context.out(`${term}\n`)
      continue
    }
    const isUnknown = removed.error.code === 'NOT_FOUND'
    call.context.err(`${isUnknown ? `Error: No such network: ${term}` : daemonError(removed.error.detail)}\n`)
    status = 1
  }
  return status
}

export function connect(call: Call): number {
  const { flags } = call
  const [networkTerm = '', containerTerm = ''] = call.operands
  const { container, network } = bothOf(call, networkTerm, containerTerm)
  const done = connectNetwork(call.world, call.engine(), container, network, {
    aliases: flags.changed('alias') ? flags.list('alias') : null,
    links: flags.changed('link') ? flags.list('link') : null,
    ipv4: flags.changed('ip') ? flags.text('ip') : null,
    mac: null,
    driverOptions: pairs(flags.list('driver-opt')),
    ipv6: flags.changed('ip6') ? flags.text('ip6') : null,
    linkLocal: flags.list('link-local-ip'),
    hasIpamConfig: true,
  })
  if (!done.ok) throw new Refused(daemonError(done.error.detail))
  return 0
}

export function disconnect(call: Call): number {
  const [networkTerm = '', containerTerm = ''] = call.operands
  if (call.flags.bool('force') && !findContainer(call.engine(), containerTerm).ok)
    return disconnectEndpoint(call, networkTerm, containerTerm)
  const { container, network } = bothOf(call, networkTerm, containerTerm)
  const done = disconnectNetwork(call.world, call.engine(), container, network)
  if (!done.ok) throw new Refused(daemonError(done.error.detail))
  return 0
}

/** What is left of a container that is not there any more. daemon `ForceEndpointDelete` */
function disconnectEndpoint(call: Call, networkTerm: string, name: string): number {
  const network = findNetwork(call.engine(), networkTerm)
  throw new Refused(
    daemonError(network === undefined ? `network ${networkTerm} not found` : `endpoint ${name} not found`),
  )
}

function bothOf(call: Call, networkTerm: string, containerTerm: string) {
  const engine = call.engine()
  const network = findNetwork(engine, networkTerm)
  const container = findContainer(engine, containerTerm)
  if (network === undefined) throw new Refused(daemonError(`network ${networkTerm} not found`))
  if (!container.ok) throw new Refused(daemonError(container.error.detail))
  return { container: container.value, network }
}

const WARNING = `WARNING! This will remove all custom networks not used by at least one container.
Are you sure you want to continue? [y/N] `

export async function prune(call: Call): Promise<number> {
  const engine = call.engine()
  if (!call.flags.bool('force')) {
    call.context.out(WARNING)
    const answer = await call.context.readLine()
    if (answer?.trim().toLowerCase() !== 'y') return 0
  }
  const filters = readFilters(call.flags.list('filter'), ['until', 'label', 'label!'])
  const unused = [...engine.networks.values()].filter(
    (one) =>
      !isPredefined(one.name) &&
      ![...engine.endpoints.values()].some((endpoint) => endpoint.network === one.id) &&
      passesLabels(filters, one.labels),
  )
  const removed = unused.filter((one) => removeNetwork(call.world, engine, one.id).ok)
  if (removed.length > 0)
    call.context.out(`Deleted Networks:\n${removed.map((one) => `${one.name}\n`).join('')}\n`)
  return 0
}
