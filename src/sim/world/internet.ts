/** What runs on the node `internet`: a name server and a web server on 203.0.113.10. */
import type { Kernel } from '../kernel/kernel.ts'
import { spawnProcess, startProcess } from '../kernel/task/process.ts'
import type { Program } from '../kernel/task/types.ts'
import { internetDnsServer, internetWebServer, MIRRORS } from '../process/internet.ts'
import { parseIpv4 } from '../wire/ipv4-address.ts'
import type { World } from './world.ts'

const ADDRESS = parseIpv4('203.0.113.10')!

export function startInternetServers(world: World, kernel: Kernel): void {
  start(world, kernel, 'named', internetDnsServer(ADDRESS, world.name === 'lab' ? [] : MIRRORS))
  start(world, kernel, 'httpd', internetWebServer(ADDRESS))
}

function start(world: World, kernel: Kernel, name: string, program: Program): void {
  const init = kernel.processes.get(1)!
  startProcess(
    world,
    spawnProcess(world, kernel, init, { argv: [name], program, terminal: null, state: 'sleeping' }),
  )
}
