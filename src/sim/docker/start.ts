/** `docker start`: network first, then process 1. moby daemon/start.go, container_operations(_unix).go */
import { ok, type Refusal, type Result, refuse } from '../base/result.ts'
import { lookup } from '../kernel/fs/files.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { NetNamespace } from '../kernel/net-namespace.ts'
import { hasSysctl } from '../kernel/sysctl/sysctl.ts'
import type { Process } from '../kernel/task/types.ts'
import { formatIpv4 } from '../wire/ipv4-address.ts'
import type { Container } from './container.ts'
import {
  containerArgv,
  executionOf,
  findProgram,
  findUser,
  mountContainer,
  startInit,
} from './container-process.ts'
import { findContainer } from './create-container.ts'
import { refreshResolver, stopResolver } from './dns.ts'
import { joinNetwork, leaveAll, nameInOrder } from './endpoints.ts'
import type { Engine, EngineWorld } from './engine.ts'
import { logContainer, logVolumes } from './events.ts'
import {
  daemonProcess,
  embeddedResolvConf,
  extraHosts,
  type HostsEntry,
  hostFile,
  hostNames,
  hostsText,
  putInContainer,
  resolvConf,
  withDaemonDns,
} from './files.ts'
import { beginHealth } from './health.ts'
import { checkLinked, legacyLinks, linkedEnvironment } from './links.ts'
import { findNetwork, isUserDefined, kernelOf, networkNamed } from './networks.ts'
import type { Sandbox } from './sandbox.ts'
import { createSandbox, hostSandbox, removeSandbox, sandboxOf } from './sandboxes.ts'

/** What is told when process 1 cannot be started; `status` is the exit status of `docker run`. */
const CREATE_FAILED =
  'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: '

export function startContainer(world: EngineWorld, engine: Engine, container: Container): Result<void> {
  const { state } = container
  if (state.status === 'running') return ok(undefined)
  if (state.status === 'paused')
    return refuse('CONFLICT', 'cannot start a paused container, try unpause instead')
  if (state.status === 'removing')
    return refuse('CONFLICT', 'container is marked for removal and cannot be started')
  const joined = setUpNetwork(world, engine, container)
  const started = joined.ok
    ? (missingHardware(world, engine, container) ?? startProcessOne(world, engine, container, joined.value))
    : joined
  if (started.ok) logVolumes(world, engine, container, 'mount')
  if (started.ok) logContainer(world, engine, container, 'start')
  if (started.ok) return started
  tearDownNetwork(world, engine, container)
  container.state.error = started.error.detail ?? started.error.code
  container.state.exitCode = /^12[67]$/.test(started.error.code) ? Number(started.error.code) : 128
  return started
}

/** No host has a graphics card; other devices are files below its /dev. daemon/oci_linux.go, devices_linux.go */
function missingHardware(world: EngineWorld, engine: Engine, container: Container) {
  const { deviceRequests = [], lists } = container.hostConfig
  const [request] = deviceRequests
  if (request !== undefined) {
    const wanted = `[[${request.capabilities.join(' ')}]]`
    return refuse('EINVAL', `could not select device driver "${request.driver}" with capabilities: ${wanted}`)
  }
  const daemon = daemonProcess(world, engine)
  for (const text of lists?.['device'] ?? []) {
    const [path = ''] = text.split(':')
    if (daemon === undefined || lookup(world, kernelOf(world, engine), daemon, path).ok) continue
    const what = `error gathering device information while adding custom device "${path}"`
    return refuse('ENOENT', `${what}: no such file or directory`)
  }
  return null
}

/** The namespace that the container is to live in. */
function setUpNetwork(world: EngineWorld, engine: Engine, container: Container): Result<number> {
  const mode = container.hostConfig.networkMode
  if (mode.startsWith('container:')) return sharedNetns(engine, mode.slice('container:'.length))
  const sandbox =
    mode === 'host' ? hostSandbox(world, engine, container) : createSandbox(world, engine, container)
  container.sandbox = sandbox.id
  container.lastSandbox = { id: sandbox.id, key: sandbox.key }
  for (const name of joinOrder(container)) {
    const settings = container.networks.get(name)!
    // A network of one's own is known by its id once it has been joined: another one of the same name will not do.
    const term = isUserDefined(name) ? (settings.network ?? name) : name
    const network = networkNamed(engine, term) ?? findNetwork(engine, term)
    if (network === undefined) return refuse('NOT_FOUND', `network ${term} not found`)
    const joined = joinNetwork(world, engine, container, sandbox, network, settings)
    if (!joined.ok) return joined
  }
  nameInOrder(world, engine, sandbox)
  const linked = checkLinked(engine, container)
  if (!linked.ok) return linked
  if (mode !== 'host') refreshResolver(world, engine, container, sandbox)
  if (mode !== 'host') writeNetworkFiles(world, engine, container, sandbox)
  else copyHostFiles(world, engine, container)
  return ok(sandbox.netns)
}

/** The default bridge first, the others as they came (the daemon's order is that of a map). */
export function joinOrder(container: Container): string[] {
  const rest = [...container.networks.keys()].filter((name) => name !== 'bridge')
  return container.networks.has('bridge') ? ['bridge', ...rest] : rest
}

function sharedNetns(engine: Engine, term: string): Result<number> {
  const other = findContainer(engine, term)
  if (!other.ok) return other
  const { state, hostConfig, id } = other.value
  if (state.status !== 'running' && state.status !== 'paused')
    return refuse('CONFLICT', `cannot join network of a non running container: ${id}`)
  const sandbox = sandboxOf(engine, other.value)
  if (sandbox !== undefined) return ok(sandbox.netns)
  return hostConfig.networkMode.startsWith('container:')
    ? sharedNetns(engine, hostConfig.networkMode.slice('container:'.length))
    : refuse('CONFLICT', `cannot join network of a non running container: ${id}`)
}

/** hosts, hostname and resolv.conf as they are now; called again when networks are connected. */
export function writeNetworkFiles(
  world: EngineWorld,
  engine: Engine,
  container: Container,
  sandbox: Sandbox,
): void {
  const kernel = kernelOf(world, engine)
  const put = (path: string, text: string): void => putInContainer(world, kernel, container, path, text)
  put('/etc/hostname', `${container.config.hostname}\n`)
  put(
    '/etc/hosts',
    hostsText([
      ...extraHosts(engine, container),
      ...linkedHosts(engine, container),
      ...ownAddresses(engine, container, sandbox),
    ]),
  )
  const hostText = hostFile(world, engine, '/etc/resolv.conf') ?? ''
  put(
    '/etc/resolv.conf',
    sandbox.resolver !== null
      ? embeddedResolvConf(hostText, withDaemonDns(engine, container))
      : resolvConf(hostText, withDaemonDns(engine, container)),
  )
}

function ownAddresses(engine: Engine, container: Container, sandbox: Sandbox): HostsEntry[] {
  const names = hostNames(container)
  return [...container.networks.values()].flatMap((settings) => {
    const endpoint = settings.endpoint === null ? undefined : engine.endpoints.get(settings.endpoint)
    if (endpoint?.address == null || endpoint.sandbox !== sandbox.id) return []
    const own6 = endpoint.address6 === undefined ? [] : [{ address: endpoint.address6, names }]
    return [{ address: formatIpv4(endpoint.address), names }, ...own6]
  })
}

/** `--link` on the default bridge: a line in /etc/hosts for each. */
function linkedHosts(engine: Engine, container: Container): HostsEntry[] {
  return legacyLinks(engine, container).flatMap(({ alias, child }) => {
    const sandbox = sandboxOf(engine, child)
    if (sandbox === undefined) return []
    const address = sandbox.endpoints
      .map((id) => engine.endpoints.get(id)?.address)
      .find((one) => one != null)
    const names = [...new Set([alias, child.config.hostname, child.name])].join(' ')
    return address == null ? [] : [{ address: formatIpv4(address), names }]
  })
}

/** `--add-host` and `--dns…` count with the host's network, too; null: the host's own file. */
function ownText(world: EngineWorld, engine: Engine, container: Container, path: string): string | null {
  const { extraHosts: hosts, dns, dnsSearch, dnsOptions } = container.hostConfig
  if (path === '/etc/hosts' && hosts.length > 0) return hostsText(extraHosts(engine, container))
  if (path !== '/etc/resolv.conf' || dns.length + dnsSearch.length + dnsOptions.length === 0) return null
  return resolvConf(hostFile(world, engine, path) ?? '', container)
}

function copyHostFiles(world: EngineWorld, engine: Engine, container: Container): void {
  const kernel = kernelOf(world, engine)
  for (const path of ['/etc/hosts', '/etc/resolv.conf', '/etc/hostname']) {
    const text = ownText(world, engine, container, path) ?? hostFile(world, engine, path)
    if (text !== null) putInContainer(world, kernel, container, path, text)
  }
}

function startProcessOne(
  world: EngineWorld,
  engine: Engine,
  container: Container,
  netns: number,
): Result<void> {
  const kernel = kernelOf(world, engine)
  const daemon = daemonProcess(world, engine)
  if (daemon === undefined) return refuse('EIO', 'daemon is not running')
  const pidns = pidNamespace(world, engine, container)
  if (!pidns.ok) return pidns
  const mounts = mountContainer(world, engine, container, netns, pidns.value)
  const user = findUser(world, kernel, daemon, mounts.id, container.config.user)
  if (!user.ok) return user
  const execution = executionOf(container, user.value, containerArgv(container), {
    tty: container.config.tty,
    linked: linkedEnvironment(engine, container),
  })
  const refused = modeRefusal(container) ?? deviceRefusal(world, kernel, daemon, container)
  if (refused !== null) return refuse('EINVAL', refused)
  const program = findProgram(world, kernel, daemon, mounts.id, execution)
  if (!program.ok) return failed(program.error)
  const sysctl = missingSysctl(container, kernel.namespaces.get(netns))
  if (sysctl !== null) return failed({ code: '127', detail: sysctl })
  const utsns = utsNamespace(world, engine, container)
  const process = startInit(
    world,
    engine,
    container,
    { netns, mountns: mounts.id, utsns, pidns: pidns.value },
    execution,
  )
  Object.assign(container.state, {
    status: 'running',
    pid: process.pid,
    exitCode: 0,
    error: '',
    startedUs: world.nowUs,
    finishedUs: container.state.finishedUs,
    mountns: mounts.id,
    pidns: pidns.value,
    utsns,
  })
  container.stoppedByHand = false
  beginHealth(world, engine, container)
  return ok(undefined)
}

const IPC_MODES = ['', 'none', 'private', 'shareable', 'host']

function modeRefusal({ hostConfig }: Container): string | null {
  const { ipcMode, networkMode, sysctls } = hostConfig
  if (!IPC_MODES.includes(ipcMode) && !ipcMode.startsWith('container:')) return `Invalid IPC mode: ${ipcMode}`
  const name = networkMode === 'host' ? Object.keys(sysctls).find((one) => one.startsWith('net.')) : undefined
  const runc = 'failed to create shim task: OCI runtime create failed: runc create failed:'
  return name === undefined ? null : `${runc} sysctl "${name}" not allowed in host network namespace: unknown`
}

/** `--device`: the path is looked up among the host's files. */
function deviceRefusal(
  world: EngineWorld,
  kernel: Kernel,
  daemon: Process,
  container: Container,
): string | null {
  const paths = (container.hostConfig.lists?.['device'] ?? []).map((text) => text.split(':')[0] ?? '')
  const absent = paths.find((path) => !lookup(world, kernel, daemon, path).ok)
  return absent === undefined
    ? null
    : `error gathering device information while adding custom device "${absent}": no such file or directory`
}

function missingSysctl(container: Container, netns: NetNamespace | undefined): string | null {
  const names = Object.keys(container.hostConfig.sysctls)
  const absent = netns === undefined ? undefined : names.find((name) => !hasSysctl(netns, name))
  return absent === undefined
    ? null
    : `error during container init: open /proc/sys/${absent.replaceAll('.', '/')}: no such file or directory`
}

function failed(error: Refusal): { readonly ok: false; readonly error: Refusal } {
  return refuse(error.code, `${CREATE_FAILED}${error.detail ?? ''}: unknown`)
}

function pidNamespace(world: EngineWorld, engine: Engine, container: Container): Result<number> {
  const kernel = kernelOf(world, engine)
  const mode = container.hostConfig.pidMode
  const [first = 0] = kernel.pidNamespaces.keys()
  if (mode === 'host') return ok(first)
  if (mode.startsWith('container:')) {
    const other = findContainer(engine, mode.slice('container:'.length))
    if (!other.ok) return other
    if (other.value.state.pid !== 0) return ok(other.value.state.pidns)
    return refuse('CONFLICT', `cannot join PID of a non running container: ${other.value.id}`)
  }
  const id = kernel.next.inode++
  kernel.pidNamespaces.set(id, { id, parent: first, next: 1 })
  return ok(id)
}

/** The host's with `--uts host`, else one of its own. */
function utsNamespace(world: EngineWorld, engine: Engine, container: Container): number {
  const kernel = kernelOf(world, engine)
  const [first = 0] = kernel.utsNamespaces.keys()
  if (container.hostConfig.utsMode === 'host') return first
  const id = kernel.next.inode++
  kernel.utsNamespaces.set(id, { id, hostname: container.config.hostname })
  return id
}

/** Endpoints, sandbox and namespace of a container that has ended or could not be started. */
export function tearDownNetwork(world: EngineWorld, engine: Engine, container: Container): void {
  const sandbox = sandboxOf(engine, container)
  if (sandbox === undefined) return
  stopResolver(world, engine, sandbox)
  leaveAll(world, engine, container, sandbox)
  container.sandbox = null
  removeSandbox(world, engine, sandbox)
}
