/** What runs on the node `internet`: a name server and a web server on 203.0.113.10, an image registry on 203.0.113.20. */
import type { Kernel } from '../kernel/kernel.ts'
import { addAddress } from '../kernel/netlink/address.ts'
import { spawnProcess, startProcess } from '../kernel/task/process.ts'
import type { Program } from '../kernel/task/types.ts'
import { internetDnsServer, internetWebServer, MIRRORS, registryServer } from '../process/internet.ts'
import { parseIpv4 } from '../wire/ipv4-address.ts'
import type { World } from './world.ts'

/** Where images come from; the recorded lab has no registry. */
const REGISTRY_NAME = 'registry-1.docker.io'
const REGISTRY_ADDRESS = parseIpv4('203.0.113.20')!
const ADDRESS = parseIpv4('203.0.113.10')!

export function startInternetServers(world: World, kernel: Kernel): void {
  const isLab = world.name === 'lab'
  const named = internetDnsServer(ADDRESS, isLab ? [] : MIRRORS)
  if (!isLab) addRegistryAddress(world, kernel)
  start(world, kernel, 'named', isLab ? named : { ...named, zone: withRegistry(named.zone) })
  start(world, kernel, 'httpd', internetWebServer(ADDRESS))
  if (!isLab) start(world, kernel, 'registry', registryServer(REGISTRY_ADDRESS))
}

function withRegistry(zone: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map([...zone, [REGISTRY_NAME, REGISTRY_ADDRESS]])
}

function addRegistryAddress(world: World, kernel: Kernel): void {
  const netns = kernel.namespaces.get(kernel.initialNetns)
  const loopback = netns?.links.get(1)
  if (netns !== undefined && loopback !== undefined)
    addAddress(world, netns, loopback, { address: REGISTRY_ADDRESS, length: 32 })
}

function start(world: World, kernel: Kernel, name: string, program: Program): void {
  const init = kernel.processes.get(1)!
  startProcess(
    world,
    spawnProcess(world, kernel, init, { argv: [name], program, terminal: null, state: 'sleeping' }),
  )
}
