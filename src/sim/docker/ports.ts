/** Published ports: allocation, docker-proxy, DNAT rules. libnetwork portallocator/, portmapper/, drivers/bridge/port_mapping.go */
import { ok, type Refusal, type Result, refuse } from '../base/result.ts'
import { flushConnections } from '../kernel/netfilter/conntrack.ts'
import { isLocal } from '../kernel/netlink/route.ts'
import { readSysctl } from '../kernel/sysctl/sysctl.ts'
import { exitProcess, spawnProcess, startProcess } from '../kernel/task/process.ts'
import type { Program } from '../kernel/task/types.ts'
import { formatIpv4, parseIpv4 } from '../wire/ipv4-address.ts'
import type { Container, PortBinding } from './container.ts'
import type { Endpoint, PublishedPort } from './endpoint.ts'
import type { Engine, EngineWorld, PortAllocator } from './engine.ts'
import { addRules, portRules, removeRules } from './firewall.ts'
import { hostNetns, kernelOf } from './networks.ts'
import { profileOf } from './profile.ts'

export function createPortAllocator(): PortAllocator {
  return { used: new Map(), last: new Map() }
}

/** Data of a docker-proxy; its step stands in `sim/process`. */
export interface DockerProxyProgram extends Program {
  readonly kind: 'docker-proxy'
  readonly protocol: 'tcp' | 'udp' | 'sctp'
  readonly hostIp: string
  readonly hostPort: number
  readonly containerIp: string
  readonly containerPort: number
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
  const isExplicit = (one: PortBinding): number => (one.hostPort === '' ? 0 : 1)
  return bindings.sort(
    (a, b) =>
      isExplicit(b) - isExplicit(a) ||
      b.containerPort - a.containerPort ||
      (a.protocol < b.protocol ? 1 : a.protocol > b.protocol ? -1 : 0),
  )
}

function hostAddresses(engine: Engine, endpoint: Endpoint, binding: PortBinding): string[] {
  if (binding.hostIp !== '') return [binding.hostIp]
  const bound = engine.networks.get(endpoint.network)?.bridge?.hostBinding ?? 0
  if (bound !== 0) return [formatIpv4(bound)]
  return profileOf(engine).ipv6Proxies ? ['0.0.0.0', '::'] : ['0.0.0.0']
}

function publish(world: EngineWorld, engine: Engine, endpoint: Endpoint, binding: PortBinding): Result<void> {
  const netns = hostNetns(world, engine)
  const allocated = allocate(world, engine, binding)
  if (!allocated.ok) return allocated
  const hostPort = allocated.value
  const taken = bindRefusal(world, engine, binding, hostPort)
  if (taken !== null) {
    release(engine.ports, binding.hostIp, binding.protocol, hostPort)
    return { ok: false, error: taken }
  }
  const { protocol, containerPort, hostIp } = binding
  const program: DockerProxyProgram = {
    kind: 'docker-proxy',
    protocol,
    hostIp,
    hostPort,
    containerIp: formatIpv4(endpoint.address ?? 0),
    containerPort,
  }
  const port: PublishedPort = {
    protocol,
    containerPort,
    hostIp,
    hostPort,
    proxy: startProxy(world, engine, program),
  }
  endpoint.ports.push(port)
  addRules(netns, rulesOf(engine, endpoint, port))
  return ok(undefined)
}

function rulesOf(engine: Engine, endpoint: Endpoint, port: PublishedPort) {
  const bridge = engine.networks.get(endpoint.network)?.bridge?.name
  return bridge === undefined || endpoint.address === null ? [] : portRules(bridge, endpoint.address, port)
}

function startProxy(world: EngineWorld, engine: Engine, program: DockerProxyProgram): number {
  const kernel = kernelOf(world, engine)
  const daemon = kernel.processes.get(engine.daemonPid) ?? null
  const argv = [
    '/usr/sbin/docker-proxy',
    ...['-proto', program.protocol, '-host-ip', program.hostIp, '-host-port', String(program.hostPort)],
    ...['-container-ip', program.containerIp, '-container-port', String(program.containerPort)],
  ]
  const process = spawnProcess(world, kernel, daemon, {
    argv,
    program,
    netns: kernel.initialNetns,
    terminal: null,
  })
  startProcess(world, process)
  return process.pid
}

/** Takes back what is published through the endpoint. */
export function withdrawPorts(world: EngineWorld, engine: Engine, endpoint: Endpoint): void {
  const kernel = kernelOf(world, engine)
  const netns = hostNetns(world, engine)
  for (const port of endpoint.ports) {
    const proxy = port.proxy === null ? undefined : kernel.processes.get(port.proxy)
    if (proxy !== undefined) exitProcess(world, kernel, proxy, 0)
    removeRules(netns, rulesOf(engine, endpoint, port))
    release(engine.ports, port.hostIp, port.protocol, port.hostPort)
  }
  if (endpoint.ports.length > 0 && endpoint.address !== null) flushConnections(netns, endpoint.address)
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
  return from > 0 ? firstOfRange(used, from, to) : nextEphemeral(world, engine, `${hostIp}/${protocol}`, used)
}

function firstOfRange(used: Set<number>, from: number, to: number): Result<number> {
  for (let port = from; port <= to; port++) {
    if (used.has(port)) continue
    used.add(port)
    return ok(port)
  }
  return refuse('EADDRINUSE', 'all ports are allocated')
}

function nextEphemeral(world: EngineWorld, engine: Engine, key: string, used: Set<number>): Result<number> {
  const range = readSysctl(hostNetns(world, engine), 'net.ipv4.ip_local_port_range')
    .trim()
    .split(/\s+/)
    .map(Number)
  const [low = 32768, high = 60999] = range
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

/** docker-proxy's own bind(2) fails: the address is not the host's, or a process listens there. */
function bindRefusal(
  world: EngineWorld,
  engine: Engine,
  binding: PortBinding,
  hostPort: number,
): Refusal | null {
  const netns = hostNetns(world, engine)
  const address = parseIpv4(binding.hostIp)
  const where = address === null ? `[${binding.hostIp}]` : binding.hostIp
  const family = address === null ? '6' : '4'
  const text = `Error starting userland proxy: listen ${binding.protocol}${family} ${where}:${hostPort}: bind: `
  if (address !== null && address !== 0 && !isLocal(netns, address))
    return { code: 'EADDRNOTAVAIL', detail: `${text}cannot assign requested address` }
  const clash = [...netns.sockets.values()].some(
    (socket) =>
      ((socket.kind === 'tcp' && socket.state === 'LISTEN') || socket.kind === 'udp') &&
      socket.kind === binding.protocol &&
      socket.localPort === hostPort &&
      address !== null &&
      (socket.localAddress === 0 || address === 0 || socket.localAddress === address),
  )
  return clash ? { code: 'EADDRINUSE', detail: `${text}address already in use` } : null
}
