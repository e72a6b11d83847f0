/**
 * The LAN that `lab`, `linux` and `bare` share, as the recorded lab has it:
 *
 *   client 192.168.178.50  ---+
 *   host1  192.168.178.100 ---+--- router 192.168.178.1 ---(NAT)--- internet 198.51.100.1
 *   host2  192.168.178.101 ---+    br0: lan1 lan2 lan3              203.0.113.10 example.com
 *                                  wan: 198.51.100.77
 */
import type { Result } from '../../base/result.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Link } from '../../kernel/link/types.ts'
import type { NetNamespace } from '../../kernel/net-namespace.ts'
import { rule } from '../../kernel/netfilter/rules.ts'
import { appendRule } from '../../kernel/netfilter/tables.ts'
import { addAddress } from '../../kernel/netlink/address.ts'
import { addLink, setLinkUp, setMaster } from '../../kernel/netlink/link.ts'
import { addRoute } from '../../kernel/netlink/route.ts'
import { writeSysctl } from '../../kernel/sysctl/sysctl.ts'
import { broadcastOf, parseIpv4 } from '../../wire/ipv4-address.ts'
import { addCard, connect } from '../cable.ts'
import { bootHost, type HostProfile, initialNetns } from '../host.ts'
import { startInternetServers } from '../internet.ts'
import type { World } from '../world.ts'

export interface LanHost {
  readonly name: string
  readonly address: string
  readonly mac: string
  readonly profile: HostProfile
}

export const NAMESERVER = '203.0.113.10'
const ROUTER_PORT_MACS = ['52:54:00:01:00:01', '52:54:00:01:00:02', '52:54:00:01:00:03', '52:54:00:01:00:05']
const LAN_DELAY_US = 25
const WAN_DELAY_US = 40

/** Boots router, internet and the hosts, plugs the cables, sets addresses and routes. `named`: the hosts know each other's names. */
export function buildLan(
  world: World,
  hosts: readonly LanHost[],
  infrastructure: HostProfile,
  neighbors: 'named' | 'unnamed' = 'unnamed',
): Kernel[] {
  const internet = bootHost(world, 'internet', infrastructure, {
    ...baseFiles('internet'),
    '/etc/resolv.conf': 'nameserver 127.0.0.1\n',
  })
  const router = bootHost(world, 'router', infrastructure, baseFiles('router'))
  const kernels = hosts.map((host) =>
    bootHost(world, host.name, host.profile, baseFiles(host.name, neighbors === 'named' ? hosts : [])),
  )
  plugCables(world, internet, router, kernels, hosts)
  configureRouter(world, initialNetns(router), hosts.length)
  configureInternet(world, initialNetns(internet))
  hosts.forEach((host, i) => {
    const netns = initialNetns(kernels[i]!)
    configure(world, netns, 'eth0', `${host.address}/24`)
    defaultRoute(world, netns, '192.168.178.1')
  })
  startInternetServers(world, internet)
  return kernels
}

function baseFiles(name: string, neighbors: readonly LanHost[] = []): Record<string, string> {
  const others = neighbors.filter((other) => other.name !== name)
  const lines = others.map((other) => `${other.address}\t${other.name}\n`).join('')
  return {
    '/etc/hosts': `127.0.0.1\tlocalhost\n127.0.1.1\t${name}\n${lines}`,
    '/etc/resolv.conf': `nameserver ${NAMESERVER}\n`,
  }
}

function plugCables(
  world: World,
  internet: Kernel,
  router: Kernel,
  kernels: readonly Kernel[],
  hosts: readonly LanHost[],
): void {
  const routerNetns = initialNetns(router)
  kernels.forEach((kernel, i) => {
    const { defaultQdisc } = kernel.features
    const port = addCard(routerNetns, `lan${i + 1}`, ROUTER_PORT_MACS[i]!, defaultQdisc)
    const netns = initialNetns(kernel)
    const card = addCard(netns, 'eth0', hosts[i]!.mac, defaultQdisc)
    connect(world, [netns, card], [routerNetns, port], LAN_DELAY_US)
  })
  const wan = addCard(routerNetns, 'wan', '52:54:00:01:00:04', router.features.defaultQdisc)
  const netns = initialNetns(internet)
  const card = addCard(netns, 'eth0', '52:54:00:00:71:0a', internet.features.defaultQdisc)
  connect(world, [netns, card], [routerNetns, wan], WAN_DELAY_US)
}

function configureRouter(world: World, netns: NetNamespace, ports: number): void {
  const bridge = must(addLink(world, netns, { kind: 'bridge', name: 'br0', mac: '52:54:00:01:00:01' }))
  for (let i = 1; i <= ports; i++) {
    const port = named(netns, `lan${i}`)
    must(setMaster(world, netns, port, bridge.ifindex))
    must(setLinkUp(world, netns, port))
  }
  configure(world, netns, 'br0', '192.168.178.1/24')
  must(writeSysctl(world, netns, 'net.ipv4.ip_forward', '1'))
  const masquerade = rule({
    source: '192.168.178.0/24',
    outputInterface: 'wan',
    target: { kind: 'MASQUERADE', ports: null, random: false },
  })
  must(appendRule(netns, { table: 'nat', chain: 'POSTROUTING' }, masquerade))
  configure(world, netns, 'wan', '198.51.100.77/24')
  defaultRoute(world, netns, '198.51.100.1')
}

function configureInternet(world: World, netns: NetNamespace): void {
  configure(world, netns, 'eth0', '198.51.100.1/24')
  must(addAddress(world, netns, named(netns, 'lo'), { address: parseIpv4(NAMESERVER)!, length: 32 }))
}

/** An address and up. */
export function configure(world: World, netns: NetNamespace, name: string, text: string): void {
  const link = named(netns, name)
  const length = Number(text.split('/')[1])
  const address = parseIpv4(text.split('/')[0]!)!
  must(addAddress(world, netns, link, { address, length, broadcast: broadcastOf(address, length) }))
  must(setLinkUp(world, netns, link))
}

export function defaultRoute(world: World, netns: NetNamespace, gateway: string): void {
  must(addRoute(world, netns, { destination: { address: 0, length: 0 }, gateway: parseIpv4(gateway)! }))
}

export function named(netns: NetNamespace, name: string): Link {
  for (const link of netns.links.values()) if (link.name === name) return link
  throw new Error(`no device ${name} on ${netns.host}`)
}

/** A world that cannot be built is a bug of ours, not a refusal. */
export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`building the world: ${result.error.code} ${result.error.detail ?? ''}`)
  return result.value
}
