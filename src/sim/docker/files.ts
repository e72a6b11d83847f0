/** Files that the engine reads and writes: on its host, and hosts, hostname, resolv.conf of containers. */

import { lookup, mkdir, readFileAt, wallMs } from '../kernel/fs/files.ts'
import { placeNode } from '../kernel/fs/filesystem.ts'
import { resolve } from '../kernel/fs/resolve.ts'
import { file, splitPath } from '../kernel/fs/tree.ts'
import type { Inode } from '../kernel/fs/types.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Process } from '../kernel/task/types.ts'
import { formatIpv4, isLoopback, parseIpv4 } from '../wire/ipv4-address.ts'
import type { Container } from './container.ts'
import type { Engine, EngineWorld } from './engine.ts'
import { shortId } from './identifiers.ts'
import { kernelOf } from './networks.ts'

/** The engine sees its host's files as its daemon does. */
export function daemonProcess(world: EngineWorld, engine: Engine): Process | undefined {
  const kernel = kernelOf(world, engine)
  return kernel.processes.get(engine.daemonPid) ?? kernel.processes.get(1)
}

export function hostFile(world: EngineWorld, engine: Engine, path: string): string | null {
  const daemon = daemonProcess(world, engine)
  if (daemon === undefined) return null
  const text = readFileAt(world, kernelOf(world, engine), daemon, path)
  return text.ok ? text.value : null
}

/** Puts a node on the host, making the directories above it; null takes it away. */
export function putOnHost(world: EngineWorld, engine: Engine, path: string, node: Inode | null): void {
  const kernel = kernelOf(world, engine)
  const daemon = daemonProcess(world, engine)
  if (daemon === undefined) return
  let found = resolve(world, kernel, daemon, path, false)
  if (!found.ok) {
    makeFolders(world, kernel, daemon, path.slice(0, path.lastIndexOf('/')))
    found = resolve(world, kernel, daemon, path, false)
  }
  if (found.ok) placeNode(found.value.filesystem, found.value.inner, node)
}

/** `mkdir -p` */
export function makeFolders(world: EngineWorld, kernel: Kernel, as: Process, path: string): void {
  let at = ''
  for (const part of splitPath(path)) {
    at = `${at}/${part}`
    if (!lookup(world, kernel, as, at).ok) mkdir(world, kernel, as, at)
  }
}

/** A file in the container's own layer. */
export function putInContainer(
  world: EngineWorld,
  kernel: Kernel,
  container: Container,
  path: string,
  text: string,
): void {
  const filesystem = kernel.filesystems.get(container.filesystem)
  if (filesystem !== undefined) placeNode(filesystem, path, { ...file(text), modifiedMs: wallMs(world) })
}

export interface HostsEntry {
  readonly address: string
  readonly names: string
}

/** libnetwork etchosts: the fixed lines, then one for each entry, tab between. */
export function hostsText(entries: readonly HostsEntry[]): string {
  const fixed: HostsEntry[] = [
    { address: '127.0.0.1', names: 'localhost' },
    { address: '::1', names: 'localhost ip6-localhost ip6-loopback' },
    { address: 'fe00::0', names: 'ip6-localnet' },
    { address: 'ff00::0', names: 'ip6-mcastprefix' },
    { address: 'ff02::1', names: 'ip6-allnodes' },
    { address: 'ff02::2', names: 'ip6-allrouters' },
  ]
  return [...fixed, ...entries].map(({ address, names }) => `${address}\t${names}\n`).join('')
}

/** `host.lab` with a domain: `beta.lab beta`. */
export function hostNames(container: Container): string {
  const { hostname, domainname } = container.config
  const full = domainname === '' ? hostname : `${hostname}.${domainname}`
  const dot = full.indexOf('.')
  return dot < 0 ? full : `${full} ${full.slice(0, dot)}`
}

/** `host-gateway` is the host's address on the default bridge. */
export function extraHosts(engine: Engine, container: Container): HostsEntry[] {
  const bridge = [...engine.networks.values()].find((one) => one.bridge?.isDefault === true)
  const gateway = bridge?.subnet == null ? '' : formatIpv4(bridge.subnet.gateway)
  return container.hostConfig.extraHosts.map((entry) => {
    const colon = entry.indexOf(':')
    const address = entry.slice(colon + 1)
    return { address: address === 'host-gateway' ? gateway : address, names: entry.slice(0, colon) }
  })
}

/** What daemon.json says of DNS counts where `docker run` was silent. daemon/container_operations.go `buildSandboxOptions` */
export function withDaemonDns(engine: Engine, container: Container): Container {
  const { dns, dnsSearch, dnsOptions } = container.hostConfig
  const { config } = engine
  const own = {
    dns: dns.length > 0 ? dns : config.dns,
    dnsSearch: dnsSearch.length > 0 ? dnsSearch : config.dnsSearch,
    dnsOptions: dnsOptions.length > 0 ? dnsOptions : config.dnsOptions,
  }
  return { ...container, hostConfig: { ...container.hostConfig, ...own } }
}

/** resolv.conf of a container whose names are not resolved by the engine: the host's without loopback servers. */
export function resolvConf(hostText: string, container: Container): string {
  const { dns, dnsSearch, dnsOptions } = container.hostConfig
  if (dns.length + dnsSearch.length + dnsOptions.length > 0) return customResolvConf(hostText, container)
  const lines = hostText.split('\n').filter((line) => !isLoopbackServer(line))
  const hasServer = lines.some((line) => /^\s*nameserver\s/.test(line))
  const text = lines.join('\n').replace(/\n*$/, '\n')
  return hasServer ? text : `${text === '\n' ? '' : text}nameserver 8.8.8.8\nnameserver 8.8.4.4\n`
}

/** resolv.conf where the embedded server answers (`libnetwork/sandbox_dns_unix.go` rebuildDNS). */
export function embeddedResolvConf(hostText: string, container: Container): string {
  const search = searchDomains(hostText, container)
  const options = container.hostConfig.dnsOptions
  const ndots = options.some((option) => option.includes('ndots')) ? [] : ['ndots:0']
  const lines = [
    ...(search.length > 0 ? [`search ${search.join(' ')}`] : []),
    'nameserver 127.0.0.11',
    `options ${[...options, ...ndots].join(' ')}`,
  ]
  return `${lines.join('\n')}\n`
}

function customResolvConf(hostText: string, container: Container): string {
  const { dns, dnsOptions } = container.hostConfig
  const servers = dns.length > 0 ? dns : nameServers(hostText)
  const options = dnsOptions.length > 0 ? dnsOptions : words(hostText, 'options')
  const search = searchDomains(hostText, container)
  const lines = [
    ...(search.length > 0 ? [`search ${search.join(' ')}`] : []),
    ...(servers.length > 0 ? servers : ['8.8.8.8', '8.8.4.4']).map((server) => `nameserver ${server}`),
    ...(options.length > 0 ? [`options ${options.join(' ')}`] : []),
  ]
  return `${lines.join('\n')}\n`
}

function searchDomains(hostText: string, container: Container): string[] {
  const own = container.hostConfig.dnsSearch
  if (own.length === 1 && own[0] === '.') return []
  return own.length > 0 ? [...own] : words(hostText, 'search')
}

function words(text: string, keyword: string): string[] {
  const line = text.split('\n').findLast((one) => new RegExp(`^\\s*${keyword}\\s`).test(one))
  return line === undefined ? [] : line.trim().split(/\s+/).slice(1)
}

/** Servers of the host that a container can use. */
export function nameServers(hostText: string): string[] {
  return hostText
    .split('\n')
    .filter((line) => /^\s*nameserver\s/.test(line) && !isLoopbackServer(line))
    .map((line) => line.trim().split(/\s+/)[1] ?? '')
}

function isLoopbackServer(line: string): boolean {
  const [, text = ''] = /^\s*nameserver\s+(\S+)/.exec(line) ?? []
  const address = parseIpv4(text)
  return text === '::1' || (address !== null && isLoopback(address))
}

export function defaultHostname(containerId: string): string {
  return shortId(containerId)
}

export function addressText(address: number, length: number): string {
  return `${formatIpv4(address)}/${length}`
}
