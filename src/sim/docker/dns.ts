/** Names on user-defined networks: what the embedded DNS servers know, and where they listen. libnetwork network.go, resolver_unix.go */

import type { NetNamespace } from '../kernel/net-namespace.ts'
import { jump, natTo, portMatch, rule } from '../kernel/netfilter/rules.ts'
import { appendRule, flushChain, newChain } from '../kernel/netfilter/tables.ts'
import { openSocket } from '../kernel/sockets/open.ts'
import { closeDescriptor } from '../kernel/task/descriptor.ts'
import type { Process } from '../kernel/task/types.ts'
import { bindUdp } from '../kernel/udp/udp.ts'
import { createContext } from '../process/context.ts'
import type { DockerdProgram, NameTable } from '../process/dockerd.ts'
import { listen } from '../process/tcp-stream.ts'
import { parseIpv4 } from '../wire/ipv4-address.ts'
import type { Container } from './container.ts'
import type { Endpoint } from './endpoint.ts'
import type { Engine, EngineWorld } from './engine.ts'
import { hostFile, nameServers, withDaemonDns } from './files.ts'
import { shortId } from './identifiers.ts'
import { isUserDefined, kernelOf } from './networks.ts'
import type { Sandbox } from './sandbox.ts'

const RESOLVER = '127.0.0.11'

interface Daemon {
  readonly process: Process
  readonly program: DockerdProgram
}

function daemonOf(world: EngineWorld, engine: Engine): Daemon | undefined {
  const process = kernelOf(world, engine).processes.get(engine.daemonPid)
  return process?.program?.kind === 'dockerd'
    ? { process, program: process.program as DockerdProgram }
    : undefined
}

/** A container without `--name` is known by its aliases, its host name and its short id alone. */
function namesOf(container: Container, endpoint: Endpoint, network: string): string[] {
  const aliases = container.networks.get(network)?.aliases ?? []
  return [
    ...new Set([
      ...(container.isNamed ? [endpoint.name] : []),
      ...aliases,
      container.config.hostname,
      shortId(container.id),
    ]),
  ].map((name) => name.toLowerCase())
}

function tableOf(daemon: Daemon, engine: Engine, network: string): NameTable | undefined {
  const known = daemon.program.networks.get(network)
  const found = engine.networks.get(network)
  if (known !== undefined || found === undefined) return known
  const table: NameTable = { network: found.name, names: new Map(), reverse: new Map() }
  if (found.enableIpv6) table.names6 = new Map()
  daemon.program.networks.set(network, table)
  return table
}

/** The endpoint's names become known on its network. */
export function addNames(world: EngineWorld, engine: Engine, container: Container, endpoint: Endpoint): void {
  const daemon = daemonOf(world, engine)
  const network = engine.networks.get(endpoint.network)
  if (
    daemon === undefined ||
    network === undefined ||
    endpoint.address === null ||
    !isUserDefined(network.name)
  )
    return
  const table = tableOf(daemon, engine, network.id)
  const names = namesOf(container, endpoint, network.name)
  for (const name of names) {
    const owners = table?.names.get(name) ?? new Map<string, number>()
    owners.set(endpoint.id, endpoint.address)
    table?.names.set(name, owners)
    if (endpoint.address6 === undefined) continue
    const owners6 = table?.names6?.get(name) ?? new Map<string, string>()
    owners6.set(endpoint.id, endpoint.address6)
    table?.names6?.set(name, owners6)
  }
  const own = container.isNamed ? endpoint.name : shortId(container.id)
  table?.reverse.set(endpoint.address, own)
  if (endpoint.address6 !== undefined) table?.reverse.set(endpoint.address6, own)
}

export function removeNames(world: EngineWorld, engine: Engine, endpoint: Endpoint): void {
  const table = daemonOf(world, engine)?.program.networks.get(endpoint.network)
  if (table === undefined) return
  for (const names of [table.names, table.names6 ?? new Map<string, Map<string, string>>()])
    for (const [name, owners] of names) {
      owners.delete(endpoint.id)
      if (owners.size === 0) names.delete(name)
    }
  if (endpoint.address !== null) table.reverse.delete(endpoint.address)
  if (endpoint.address6 !== undefined) table.reverse.delete(endpoint.address6)
}

/** Starts the server of a sandbox that has come to its first user-defined network; keeps its list of networks. */
export function refreshResolver(
  world: EngineWorld,
  engine: Engine,
  container: Container,
  sandbox: Sandbox,
): void {
  const daemon = daemonOf(world, engine)
  const netns = kernelOf(world, engine).namespaces.get(sandbox.netns)
  if (daemon === undefined || netns === undefined) return
  const networks = sandbox.endpoints.flatMap((id) => {
    const network = engine.networks.get(engine.endpoints.get(id)?.network ?? '')
    return network !== undefined && isUserDefined(network.name) ? [network.id] : []
  })
  const known = daemon.program.resolvers.get(sandbox.id)
  if (known !== undefined) {
    known.networks = networks
    known.links = linksOf(container)
  } else if (networks.length > 0) startResolver(world, engine, daemon, container, sandbox, netns, networks)
}

function linksOf(container: Container): Map<string, string> {
  const links = [...container.networks.values()].flatMap((settings) => settings.links ?? [])
  return new Map(links.map((link) => [link.split(':')[1] ?? link, link.split(':')[0] ?? link]))
}

function startResolver(
  world: EngineWorld,
  engine: Engine,
  daemon: Daemon,
  container: Container,
  sandbox: Sandbox,
  netns: NetNamespace,
  networks: string[],
): void {
  const kernel = kernelOf(world, engine)
  const { process, program } = daemon
  const address = parseIpv4(RESOLVER)!
  const home = process.netns
  process.netns = netns.id
  const udp = openSocket(world, kernel, process, { kind: 'udp' })
  bindUdp(world, netns, udp, address, 0)
  const tcp = listen(createContext(world, kernel, process, netns), { address, port: 0, backlog: 4096 })
  process.netns = home
  const tcpFd = tcp.ok ? tcp.value : -1
  const descriptor = process.descriptors.get(tcpFd)
  const tcpSocket = descriptor?.kind === 'socket' ? netns.sockets.get(descriptor.socket) : undefined
  const tcpPort = tcpSocket?.kind === 'tcp' ? tcpSocket.localPort : 0
  addResolverRules(netns, tcpPort, udp.localPort)
  const hostText = hostFile(world, engine, '/etc/resolv.conf') ?? ''
  const custom = withDaemonDns(engine, container).hostConfig.dns
  const servers = (custom.length > 0 ? custom : nameServers(hostText))
    .map(parseIpv4)
    .filter((one) => one !== null)
  const links = linksOf(container)
  program.resolvers.set(sandbox.id, { netns: netns.id, udpFd: udp.ownerFd, tcpFd, networks, links, servers })
  sandbox.resolver = { udp: udp.localPort, tcp: tcpPort, pid: process.pid }
}

/** Port 53 of 127.0.0.11 is a matter of translation inside the container's namespace. */
function addResolverRules(netns: NetNamespace, tcpPort: number, udpPort: number): void {
  const nat = (chain: string) => ({ table: 'nat', chain }) as const
  const address = parseIpv4(RESOLVER)!
  for (const hook of ['OUTPUT', 'POSTROUTING']) {
    const chain = nat(`DOCKER_${hook}`)
    if (newChain(netns, chain).ok)
      appendRule(netns, nat(hook), rule({ destination: RESOLVER, target: jump(`DOCKER_${hook}`) }))
    else flushChain(netns, chain)
  }
  for (const [protocol, port] of [
    ['tcp', tcpPort],
    ['udp', udpPort],
  ] as const) {
    const asked = [portMatch(protocol, { destination: 53 })]
    appendRule(
      netns,
      nat('DOCKER_OUTPUT'),
      rule({ destination: RESOLVER, protocol, matches: asked, target: natTo('DNAT', address, port) }),
    )
    const answered = [portMatch(protocol, { source: port })]
    appendRule(
      netns,
      nat('DOCKER_POSTROUTING'),
      rule({ source: RESOLVER, protocol, matches: answered, target: natTo('SNAT', null, 53) }),
    )
  }
}

export function stopResolver(world: EngineWorld, engine: Engine, sandbox: Sandbox): void {
  const daemon = daemonOf(world, engine)
  const resolver = daemon?.program.resolvers.get(sandbox.id)
  if (daemon === undefined || resolver === undefined) return
  const kernel = kernelOf(world, engine)
  for (const [fd, pending] of daemon.program.pending) {
    if (pending.resolver !== sandbox.id) continue
    daemon.program.pending.delete(fd)
    closeDescriptor(world, kernel, daemon.process, fd)
  }
  for (const [fd, stream] of daemon.program.streams) {
    if (stream.resolver !== sandbox.id) continue
    daemon.program.streams.delete(fd)
    closeDescriptor(world, kernel, daemon.process, fd)
  }
  for (const fd of [resolver.udpFd, resolver.tcpFd]) closeDescriptor(world, kernel, daemon.process, fd)
  daemon.program.resolvers.delete(sandbox.id)
}
