/** `docker create`: the request is checked, a container is put on record. moby daemon/create.go, container.go, verify. */
import { ok, type Result, refuse } from '../base/result.ts'
import { parseIpv4 } from '../wire/ipv4-address.ts'
import { parseIpv6 } from '../wire/ipv6-address.ts'
import { parseMac } from '../wire/mac-address.ts'
import type { Container, ContainerConfig, EndpointSettings, HostConfig } from './container.ts'
import type { Engine, EngineWorld } from './engine.ts'
import { logContainer } from './events.ts'
import { drawId, drawName, shortId } from './identifiers.ts'
import type { Image } from './image.ts'
import { findImage, withTag } from './images.ts'
import { containerLayer } from './layers.ts'
import { isUserDefined, kernelOf } from './networks.ts'
import { verifySettings } from './verify.ts'
import { resolveBinds } from './volumes.ts'

export type ConfigRequest = Omit<ContainerConfig, 'hostname'> & { readonly hostname: string | null }

export interface ContainerRequest {
  readonly name: string | null
  readonly config: ConfigRequest
  readonly hostConfig: HostConfig
  /** For the network of `--network`: aliases, `--ip`, links. */
  readonly endpoint: Omit<EndpointSettings, 'endpoint'>
}

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/

export function createContainer(
  world: EngineWorld,
  engine: Engine,
  request: ContainerRequest,
): Result<Container> {
  const image = findImage(engine, request.config.image)
  if (image === undefined) return refuse('NO_IMAGE', `No such image: ${withTag(request.config.image)}`)
  const checked = checkRequest(engine, request)
  if (!checked.ok) return checked
  const id = drawId(world.random)
  const name = nameFor(world, engine, request.name)
  if (!name.ok) return name
  const config = mergeImage(request.config, image, hostnameFor(world, engine, request, id))
  if ((config.entrypoint ?? []).length + (config.command ?? []).length === 0)
    return refuse('EINVAL', 'No command specified')
  const binds = resolveBinds(world, engine, request.hostConfig, config.volumes)
  if (!binds.ok) return binds
  const hostConfig = { ...resolveMode(engine, request.hostConfig), binds: binds.value }
  const shared = hostConfig.networkMode.startsWith('container:')
  const kernel = kernelOf(world, engine)
  const container: Container = {
    id,
    name: name.value,
    isNamed: request.name !== null && request.name !== '',
    createdUs: world.nowUs,
    image: image.id,
    config,
    hostConfig,
    state: initialState(),
    filesystem: containerLayer(kernel, image).id,
    networks: shared
      ? new Map()
      : new Map([[networkName(hostConfig), { ...request.endpoint, endpoint: null }]]),
    sandbox: null,
    lastSandbox: null,
    execs: [],
    restartCount: 0,
    stoppedByHand: false,
    restartDelayMs: 0,
  }
  kernel.containerLogs.set(id, [])
  engine.containers.set(id, container)
  logContainer(world, engine, container, 'create')
  return ok(container)
}

function initialState(): Container['state'] {
  return {
    status: 'created',
    pid: 0,
    shim: 0,
    exitCode: 0,
    error: '',
    startedUs: null,
    finishedUs: null,
    oomKilled: false,
    mountns: 0,
    pidns: 0,
    utsns: 0,
  }
}

export function networkName(hostConfig: HostConfig): string {
  const mode = hostConfig.networkMode
  return mode === 'default' || mode === '' ? 'bridge' : mode
}

function nameFor(world: EngineWorld, engine: Engine, wanted: string | null): Result<string> {
  const inUse = (name: string): boolean => containerNamed(engine, name) !== undefined
  if (wanted === null || wanted === '') return ok(drawName(world.random, inUse))
  const checked = checkName(engine, wanted)
  return checked.ok ? ok(wanted.replace(/^\//, '')) : checked
}

export function checkName(engine: Engine, wanted: string): Result<void> {
  const name = wanted.replace(/^\//, '')
  if (!NAME.test(name))
    return refuse('EINVAL', `Invalid container name (${wanted}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`)
  const other = containerNamed(engine, name)
  if (other === undefined) return ok(undefined)
  return refuse(
    'CONFLICT',
    `Conflict. The container name "/${name}" is already in use by container "${other.id}". ` +
      'You have to remove (or rename) that container to be able to reuse that name.',
  )
}

export function containerNamed(engine: Engine, name: string): Container | undefined {
  for (const one of engine.containers.values()) if (one.name === name) return one
  return undefined
}

/** By full id, by name, by the beginning of the id. */
export function findContainer(engine: Engine, term: string): Result<Container> {
  const exact = engine.containers.get(term) ?? containerNamed(engine, term.replace(/^\//, ''))
  if (exact !== undefined) return ok(exact)
  const begun = /^[0-9a-f]+$/.test(term)
    ? [...engine.containers.values()].filter((one) => one.id.startsWith(term))
    : []
  if (begun.length === 1) return ok(begun[0]!)
  if (begun.length > 1) return refuse('AMBIGUOUS', `Multiple IDs found with provided prefix: ${term}`)
  return refuse('NOT_FOUND', `No such container: ${term}`)
}

/** Asked for, the host's own with `--network host`, that of the other with `--network container:X`, or the short id. */
function hostnameFor(world: EngineWorld, engine: Engine, request: ContainerRequest, id: string): string {
  if (request.config.hostname !== null) return request.config.hostname
  const { networkMode, utsMode } = request.hostConfig
  if (networkMode === 'host' || utsMode === 'host') {
    for (const uts of kernelOf(world, engine).utsNamespaces.values()) return uts.hostname
  }
  const other = networkMode.startsWith('container:') ? findContainer(engine, networkMode.slice(10)) : null
  return other?.ok === true ? other.value.config.hostname : shortId(id)
}

/** What the image says counts where the request is silent. */
function mergeImage(request: ConfigRequest, image: Image, hostname: string): ContainerConfig {
  const own = image.config
  const names = new Set(request.env.map((pair) => pair.split('=')[0]))
  const given = request.entrypoint !== null
  return {
    ...request,
    hostname,
    user: request.user || own.user,
    workingDir: request.workingDir || own.workingDir,
    env: [...request.env, ...own.env.filter((pair) => !names.has(pair.split('=')[0]))],
    entrypoint: given ? request.entrypoint : own.entrypoint,
    command: request.command ?? (given ? null : own.command.length > 0 ? own.command : null),
    exposedPorts: [...new Set([...request.exposedPorts, ...own.exposedPorts])].sort(),
    labels: { ...own.labels, ...request.labels },
    stopSignal: request.stopSignal ?? own.stopSignal,
    volumes: [...new Set([...request.volumes, ...own.volumes])],
  }
}

/** `container:NAME` is kept as the id of that container; a name that is not there is refused at the start. */
function resolveMode(engine: Engine, hostConfig: HostConfig): HostConfig {
  const resolve = (mode: string): string => {
    if (!mode.startsWith('container:')) return mode
    const found = findContainer(engine, mode.slice('container:'.length))
    return found.ok ? `container:${found.value.id}` : mode
  }
  return {
    ...hostConfig,
    networkMode: resolve(hostConfig.networkMode),
    pidMode: resolve(hostConfig.pidMode),
    ipcMode: resolve(hostConfig.ipcMode),
  }
}

/** runconfig/hostconfig_unix.go, daemon `verifyContainerSettings`. */
function checkRequest(engine: Engine, request: ContainerRequest): Result<void> {
  const { config, hostConfig, endpoint } = request
  const mode = hostConfig.networkMode
  const conflict = (text: string): Result<void> => refuse('EINVAL', `conflicting options: ${text}`)
  if (mode === 'container:')
    return refuse('EINVAL', 'Invalid network mode: invalid container format container:<name|id>')
  if (mode.startsWith('container:')) {
    if (config.hostname !== null) return conflict('hostname and the network mode')
    if (hostConfig.links.length > 0)
      return conflict(
        "container type network can't be used with links. This would result in undefined behavior",
      )
    if (hostConfig.dns.length > 0) return conflict('dns and the network mode')
    if (hostConfig.extraHosts.length > 0) return conflict('custom host-to-IP mapping and the network mode')
    if (endpoint.mac !== null) return conflict('mac-address and the network mode')
    if (hostConfig.portBindings.length > 0 || hostConfig.publishAll)
      return conflict('port publishing and the container type network mode')
    if (config.exposedPorts.length > 0) return conflict('port exposing and the container type network mode')
  }
  if (mode === 'host' && endpoint.mac !== null) return conflict('mac-address and the network mode')
  if (hostConfig.utsMode === 'host' && config.hostname !== null) return conflict('hostname and the UTS mode')
  if (mode === 'host' && hostConfig.links.length > 0)
    return conflict("host type networking can't be used with links. This would result in undefined behavior")
  if (hostConfig.autoRemove && hostConfig.restart.name !== '' && hostConfig.restart.name !== 'no')
    return refuse('EINVAL', "can't create 'AutoRemove' container with restart policy")
  if (endpoint.mac !== null && parseMac(endpoint.mac) === null)
    return refuse('EINVAL', `invalid MAC address: ${endpoint.mac}`)
  if (endpoint.ipv4 !== null && parseIpv4(endpoint.ipv4) === null)
    return refuse('EINVAL', `invalid IPv4 address: ${endpoint.ipv4}`)
  if (endpoint.ipv6 != null && parseIpv6(endpoint.ipv6) === null)
    return refuse('EINVAL', `invalid IPv6 address: ${endpoint.ipv6}`)
  const verified = verifySettings(config, hostConfig)
  return verified.ok ? checkLinks(engine, hostConfig) : verified
}

function checkLinks(engine: Engine, hostConfig: HostConfig): Result<void> {
  if (isUserDefined(hostConfig.networkMode)) return ok(undefined)
  for (const link of hostConfig.links) {
    const [term = ''] = link.split(':')
    const target = findContainer(engine, term)
    if (!target.ok) return refuse('NOT_FOUND', `could not get container for ${term}: ${target.error.detail}`)
    if (target.value.hostConfig.networkMode === 'host')
      return refuse(
        'EINVAL',
        "conflicting options: host type networking can't be used with links. This would result in undefined behavior",
      )
  }
  return ok(undefined)
}
