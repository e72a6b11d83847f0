/** Which engine answers: the socket named by `-H`, DOCKER_HOST or the default, seen in the caller's own files. */
import { startDaemon } from '../../sim/docker/daemon.ts'
import type { Engine } from '../../sim/docker/engine.ts'
import { lookup } from '../../sim/kernel/fs/files.ts'
import type { Kernel } from '../../sim/kernel/kernel.ts'
import type { Process } from '../../sim/kernel/task/types.ts'
import type { World } from '../../sim/world/world.ts'
import { type Caller, currentContext, storedContexts } from './context-store.ts'
import { Refused } from './spec.ts'

const DEFAULT_SOCKET = 'unix:///var/run/docker.sock'
/** Docker Desktop's pipe on Windows leads to the engine in the virtual machine. */
const DESKTOP_PROFILE = 'windows-pc'

/** What was said of the daemon in front of the command. */
export interface Client {
  readonly host: string | null
  readonly context: string | null
}

const ADDRESS = /^(?:(?:tcp|unix|npipe|fd|ssh|http|https):\/\/.*|[^:/]*(?::\d*)?)$/

/** The address that `-H` or a context says; null: the default one. docker/cli cli/command/cli.go `resolveDockerEndpoint` */
export function chosenHost(caller: Caller, { host, context }: Client): string | null {
  const unable = 'unable to resolve docker endpoint:'
  const name = host === null ? (context ?? currentContext(caller)) : 'default'
  const found = name === 'default' ? undefined : storedContexts(caller).find((one) => one.name === name)
  if (name !== 'default' && found === undefined)
    throw new Refused(`${unable} context ${JSON.stringify(name)} does not exist`)
  if (host !== null && !ADDRESS.test(host))
    throw new Refused(`${unable} Invalid bind address format: ${host}`)
  return host ?? found?.host ?? null
}

/** Throws `Refused` when nobody answers there. */
export function dockerHost(world: World, kernel: Kernel, process: Process, option: string | null): Engine {
  const address = option ?? process.env.get('DOCKER_HOST') ?? ''
  const [first] = world.engines.values()
  if (kernel.profile === DESKTOP_PROFILE && address === '' && first !== undefined) return first
  const host = address === '' ? DEFAULT_SOCKET : address
  const path = /^unix:\/\/(\/.*)$/.exec(host)?.[1]
  const silent = new Refused(`Cannot connect to the Docker daemon at ${host}. Is the docker daemon running?`)
  if (path === undefined) throw silent
  const node = lookup(world, kernel, process, path)
  const engine = world.engines.get(kernel.host)
  if (!node.ok || node.value.kind !== 'socket' || engine === undefined) throw silent
  if (process.uid !== 0 && !process.capabilities.has('DAC_OVERRIDE')) throw denied(host)
  if (engine.service !== 'active' && kernel.profile !== 'linux') throw silent
  // The socket is the service manager's: whoever connects has the daemon started.
  if (engine.service !== 'active' && !startDaemon(world, engine).ok) throw silent
  return engine
}

function denied(host: string): Refused {
  return new Refused(
    `Got permission denied while trying to connect to the Docker daemon socket at ${host}: ` +
      `dial unix ${host.slice('unix://'.length)}: connect: permission denied`,
  )
}
