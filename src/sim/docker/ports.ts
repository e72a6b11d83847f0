/** Published ports: allocation, docker-proxy, DNAT rules. libnetwork portallocator/, portmapper/, drivers/bridge/port_mapping.go */
import { ok, type Result, refuse } from '../base/result.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { flushConnections } from '../kernel/netfilter/conntrack.ts'
import { isLocalAddress } from '../kernel/sockets/ports.ts'
import { readSysctl } from '../kernel/sysctl/sysctl.ts'
import { exitProcess, reapProcess, spawnProcess, startProcess } from '../kernel/task/process.ts'
import type { Process } from '../kernel/task/types.ts'
import { createContext } from '../process/context.ts'
import { dockerProxyProgram, openDockerProxy } from '../process/docker-proxy.ts'
import type { IpAddress } from '../wire/frame.ts'
import { formatIp, isAnyAddress, parseIp } from '../wire/ip-address.ts'
import { formatIpv4, parseIpv4 } from '../wire/ipv4-address.ts'
import type { Container, PortBinding } from './container.ts'
import { exposeOnDesktop, hideOnDesktop } from './desktop-ports.ts'
import type { Endpoint, PublishedPort } from './endpoint.ts'
import type { Engine, EngineWorld, PortAllocator } from './engine.ts'
import { ensureRules, portRules, removeRules } from './firewall.ts'
import { hostNetns, kernelOf } from './networks.ts'
import { profileOf } from './profile.ts'

export function createPortAllocator(): PortAllocator {
  return { used: new Map(), last: new Map() }
}

/** All bindings of a container, or none: what was done is undone when one fails. */
export function publishPorts(
  world: EngineWorld,
  engine: Engine,
  container: Container,
  endpoint: Endpoint,
): Result<void> {
  for (const binding of bindingsOf(container)) {
    for (const hostIp of hostAddresses(engine, endpoint, binding)) {
      const done = publish(world, engine, endpoint, { ...binding, hostIp })
      if (done.ok) continue
      withdrawPorts(world, engine, endpoint)
      const text = `driver failed programming external connectivity on endpoint ${endpoint.name} (${endpoint.id})`
      return refuse(done.error.code, `${text}: ${done.error.detail ?? ''}`)
    }
  }
  return ok(undefined)
}

/** What `-p` names, then with `-P` each exposed port that has no binding yet; sorted as the daemon does. */
export function bindingsOf(container: Container): PortBinding[] {
  const { portBindings, publishAll } = container.hostConfig
  const bindings = [...portBindings]
  if (publishAll) {
    for (const text of container.config.exposedPorts) {
      const [port = '', protocol = 'tcp'] = text.split('/')
      const known = portBindings.some((one) => `${one.containerPort}/${one.protocol}` === text)
      if (known) continue
      bindings.push({
        containerPort: Number(port),
        protocol: protocol as 'tcp' | 'udp' | 'sctp',
        hostIp: '',
        hostPort: '',
      })
    }
  }
  return inOrder(bindings)
}

/**
 * nat/sort.go: ports with the highest host port first, or with the highest port; bindings of one port stay together.
 * Where both say different things, it counts what stood before: ports come in the order of their texts.
 */
function inOrder(bindings: readonly PortBinding[]): PortBinding[] {
  const groups = new Map<string, PortBinding[]>()
  for (const one of insertionSort(bindings))
    groups.set(portText(one), [...(groups.get(portText(one)) ?? []), one])
  return [...groups.values()].flat()
}

function portText(binding: PortBinding): string {
  return `${binding.containerPort}/${binding.protocol}`
}

function insertionSort(bindings: readonly PortBinding[]): PortBinding[] {
  const sorted = [...bindings].sort((a, b) =>
    portText(a) === portText(b) ? 0 : portText(a) < portText(b) ? -1 : 1,
  )
  for (let i = 1; i < sorted.length; i++)
    for (let j = i; j > 0 && isBefore(sorted[j]!, sorted[j - 1]!); j--)
      [sorted[j - 1], sorted[j]] = [sorted[j]!, sorted[j - 1]!]
  return sorted
}

function isBefore(a: PortBinding, b: PortBinding): boolean {
  const hostPort = (one: PortBinding): number => (/^\d+$/.test(one.hostPort) ? Number(one.hostPort) : 0)
  return (
    hostPort(a) > hostPort(b) ||
    a.containerPort > b.containerPort ||
    (a.containerPort === b.containerPort && a.protocol === 'tcp')
  )
}

function hostAddresses(engine: Engine, endpoint: Endpoint, binding: PortBinding): string[] {
  const { hostIp } = binding
  if (hostIp !== '') return hostIp.includes(':') && !targetOf6(engine, endpoint) ? [] : [hostIp]
  const bound = engine.networks.get(endpoint.network)?.bridge?.hostBinding ?? 0
  if (bound !== 0) return [formatIpv4(bound)]
  const both = profileOf(engine).ipv6Proxies && targetOf6(engine, endpoint)
  return both ? ['0.0.0.0', '::'] : ['0.0.0.0']
}

/** To a container without an IPv6 address docker-proxy alone can lead what comes in by IPv6. */
function targetOf6(engine: Engine, endpoint: Endpoint): boolean {
  return engine.config.userlandProxy || endpoint.address6 !== undefined
}

function publish(world: EngineWorld, engine: Engine, endpoint: Endpoint, binding: PortBinding): Result<void> {
  const netns = hostNetns(world, engine)
  const opened = openPort(world, engine, endpoint, binding)
  if (!opened.ok) return opened
  const { hostPort, proxy } = opened.value
  const { protocol, containerPort, hostIp } = binding
  const port: PublishedPort = { protocol, containerPort, hostIp, hostPort, proxy }
  const exposed = exposeOnDesktop(world, engine, endpoint, port)
  if (!exposed.ok) {
    giveUp(world, engine, port)
    return exposed
  }
  endpoint.ports.push(port)
  ensureRules(netns, rulesOf(engine, endpoint, port))
  return ok(undefined)
}

function giveUp(world: EngineWorld, engine: Engine, port: PublishedPort): void {
  const kernel = kernelOf(world, engine)
  const proxy = port.proxy === null ? undefined : kernel.processes.get(port.proxy)
  if (proxy !== undefined) endProxy(world, kernel, proxy, 0)
  release(engine.ports, port.hostIp, port.protocol, port.hostPort)
}

function rulesOf(engine: Engine, endpoint: Endpoint, port: PublishedPort) {
  const bridge = engine.networks.get(endpoint.network)?.bridge?.name
  const { iptables, ip6tables, userlandProxy } = engine.config
  const isV6 = port.hostIp.includes(':')
  const address = isV6 ? (endpoint.address6 ?? null) : endpoint.address
  if (bridge === undefined || address === null || !iptables || (isV6 && !ip6tables)) return []
  return portRules(bridge, address, port, !userlandProxy)
}

/** What comes in by IPv6 is for the container's IPv6 address, if it has one. drivers/bridge/port_mapping.go `allocatePortsInternal` */
function targetOf(endpoint: Endpoint, hostIp: string): IpAddress {
  return (hostIp.includes(':') ? endpoint.address6 : undefined) ?? endpoint.address ?? 0
}

/** A port that the engine chose itself and that turns out to be in use is given up for the next one. */
const CHOICES = 10

function openPort(
  world: EngineWorld,
  engine: Engine,
  endpoint: Endpoint,
  binding: PortBinding,
): Result<{ readonly hostPort: number; readonly proxy: number | null }> {
  const { protocol, hostIp } = binding
  const isFixed = /^0*[1-9]\d*$/.test(binding.hostPort)
  for (let choice = 1; ; choice++) {
    const allocated = allocate(world, engine, binding)
    if (!allocated.ok) return allocated
    const hostPort = allocated.value
    const proxy = startProxy(world, engine, endpoint, { ...binding, hostPort: String(hostPort) })
    if (proxy.ok) return ok({ hostPort, proxy: proxy.value })
    release(engine.ports, hostIp, protocol, hostPort)
    if (isFixed || choice === CHOICES) return proxy
  }
}

/** docker-proxy binds at once: where it cannot, nothing is published. */
function startProxy(
  world: EngineWorld,
  engine: Engine,
  endpoint: Endpoint,
  binding: PortBinding,
): Result<number | null> {
  const { protocol, hostIp, containerPort } = binding
  if (protocol === 'sctp' && kernelOf(world, engine).features.sctp === false)
    return refuse('EPROTONOSUPPORT', 'Error starting userland proxy: protocol not supported')
  if (protocol === 'sctp') return ok(null)
  if (!engine.config.userlandProxy) return holdPort(world, engine, binding)
  const kernel = kernelOf(world, engine)
  const netns = hostNetns(world, engine)
  const isV6 = hostIp.includes(':')
  const parsed = parseIp(hostIp) ?? 0
  const hostAddress = isAnyAddress(parsed) ? 0 : parsed
  const containerAddress = targetOf(endpoint, hostIp)
  const program = dockerProxyProgram({
    protocol,
    family: isV6 ? 6 : 4,
    hostAddress,
    hostPort: Number(binding.hostPort),
    containerAddress,
    containerPort,
  })
  const argv = [
    '/usr/sbin/docker-proxy',
    ...['-proto', protocol, '-host-ip', hostIp, '-host-port', binding.hostPort],
    ...['-container-ip', formatIp(containerAddress), '-container-port', String(containerPort)],
  ]
  const daemon = kernel.processes.get(engine.daemonPid) ?? null
  const own = { argv, program, netns: kernel.initialNetns, terminal: null, descriptors: new Map() }
  const process = spawnProcess(world, kernel, daemon, own)
  const refused =
    hostAddress !== 0 && !isLocalAddress(netns, hostAddress)
      ? 'EADDRNOTAVAIL'
      : openDockerProxy(createContext(world, kernel, process, netns), program)
  if (refused === null) {
    startProcess(world, process)
    return ok(process.pid)
  }
  endProxy(world, kernel, process, 1)
  // An address of the PC is none of the VM's: there the port is the PC's alone.
  if (refused === 'EADDRNOTAVAIL' && engine.desktop !== undefined) return ok(null)
  const where = `${isV6 ? `[${hostIp}]` : hostIp}:${binding.hostPort}`
  const why = refused === 'EADDRNOTAVAIL' ? 'cannot assign requested address' : 'address already in use'
  const listen = `listen ${protocol}${isV6 ? '6' : '4'} ${where}: bind: ${why}`
  return refuse(refused, `Error starting userland proxy: ${listen}`)
}

/** Without docker-proxy the daemon itself looks whether the port is free. portmapper/proxy_linux.go `dummyProxy` */
function holdPort(world: EngineWorld, engine: Engine, binding: PortBinding): Result<null> {
  const netns = hostNetns(world, engine)
  const { protocol, hostIp, hostPort } = binding
  for (const socket of netns.sockets.values()) {
    if (socket.kind !== protocol || socket.localPort !== Number(hostPort)) continue
    if (socket.kind === 'tcp' && socket.state !== 'LISTEN') continue
    const own = parseIpv4(hostIp) ?? 0
    if (own !== 0 && socket.localAddress !== 0 && own !== socket.localAddress) continue
    return refuse('EADDRINUSE', `listen ${protocol}4 ${hostIp}:${hostPort}: bind: address already in use`)
  }
  return ok(null)
}

/** The daemon waits for its children. */
function endProxy(world: EngineWorld, kernel: Kernel, proxy: Process, status: number): void {
  exitProcess(world, kernel, proxy, status)
  reapProcess(kernel, proxy.pid)
}

/** Takes back what is published through the endpoint. */
export function withdrawPorts(
  world: EngineWorld,
  engine: Engine,
  endpoint: Endpoint,
  keepRules = false,
): void {
  const netns = hostNetns(world, engine)
  for (const port of endpoint.ports) {
    hideOnDesktop(world, engine, port)
    giveUp(world, engine, port)
    if (!keepRules) removeRules(netns, rulesOf(engine, endpoint, port))
  }
  if (!keepRules && endpoint.ports.length > 0 && endpoint.address !== null)
    flushConnections(netns, endpoint.address)
  endpoint.ports = []
}

/** The port asked for, the first free one of a range, or the next of the ephemeral range. */
function allocate(world: EngineWorld, engine: Engine, binding: PortBinding): Result<number> {
  const { hostIp, protocol, hostPort } = binding
  const used = usedPorts(engine.ports, hostIp, protocol)
  const [from = 0, to = from] = hostPort === '' ? [] : hostPort.split('-').map(Number)
  if (from > 0 && from === to) {
    if (used.has(from))
      return refuse('EADDRINUSE', `Bind for ${hostIp}:${from} failed: port is already allocated`)
    used.add(from)
    return ok(from)
  }
  const key = `${hostIp}/${protocol}`
  if (from > 0) return nextOfRange(engine, `${key}/${from}-${to}`, used, from, to)
  const range = readSysctl(hostNetns(world, engine), 'net.ipv4.ip_local_port_range')
    .trim()
    .split(/\s+/)
    .map(Number)
  const [low = 32768, high = 60999] = range
  return nextOfRange(engine, key, used, low, high)
}

/** Each range remembers what it gave out last. portallocator.go `findPort` */
function nextOfRange(
  engine: Engine,
  key: string,
  used: Set<number>,
  low: number,
  high: number,
): Result<number> {
  let port = engine.ports.last.get(key) ?? high
  for (let i = low; i <= high; i++) {
    port = port >= high || port < low ? low : port + 1
    if (used.has(port)) continue
    used.add(port)
    engine.ports.last.set(key, port)
    return ok(port)
  }
  return refuse('EADDRINUSE', 'all ports are allocated')
}

function usedPorts(ports: PortAllocator, ip: string, protocol: string): Set<number> {
  const key = `${ip}/${protocol}`
  const used = ports.used.get(key) ?? new Set<number>()
  ports.used.set(key, used)
  return used
}

function release(ports: PortAllocator, ip: string, protocol: string, port: number): void {
  ports.used.get(`${ip}/${protocol}`)?.delete(port)
}
