/**
 * Docker Desktop: a published port is opened on the PC too, by the backend that runs there. moby/vpnkit
 * go/cmd/vpnkit-expose-port, go/pkg/vpnkit/control. The backend is asked directly, as over its own channel.
 */
import { ok, type Result, refuse } from '../base/result.ts'
import { isLocal } from '../kernel/netlink/route.ts'
import { createContext } from '../process/context.ts'
import { type DesktopBackendProgram, exposePort, hidePort } from '../process/vpnkit.ts'
import { parseIpv4 } from '../wire/ipv4-address.ts'
import type { Endpoint, PublishedPort } from './endpoint.ts'
import type { Engine, EngineWorld } from './engine.ts'

/** As the PC's system words it. Winsock error codes: WSAEADDRINUSE, WSAEADDRNOTAVAIL, WSAEACCES */
const WORDS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Only one usage of each socket address (protocol/network address/port) is normally permitted.',
  EADDRNOTAVAIL: 'The requested address is not valid in its context.',
}

function backendOf(world: EngineWorld, engine: Engine) {
  const { desktop } = engine
  const kernel = desktop === undefined ? undefined : world.kernels.get(desktop.host)
  const process = kernel?.processes.get(desktop?.pid ?? 0)
  const netns = process === undefined ? undefined : kernel?.namespaces.get(process.netns)
  if (kernel === undefined || process === undefined || netns === undefined) return null
  if (process.program?.kind !== 'desktop-backend') return null
  const program = process.program as DesktopBackendProgram
  return { program, netns, context: createContext(world, kernel, process, netns) }
}

/** Opens the port on the PC; on any other host there is nothing to do. */
export function exposeOnDesktop(
  world: EngineWorld,
  engine: Engine,
  endpoint: Endpoint,
  port: PublishedPort,
): Result<void> {
  const { protocol, hostIp, hostPort, containerPort } = port
  const hostAddress = parseIpv4(hostIp)
  const backend = backendOf(world, engine)
  if (backend === null || protocol === 'sctp' || hostAddress === null) return ok(undefined)
  const isThere = hostAddress === 0 || isLocal(backend.netns, hostAddress)
  const target = { containerAddress: endpoint.address ?? 0, containerPort }
  const refused = isThere
    ? exposePort(backend.context, backend.program, { protocol, hostAddress, hostPort, ...target })
    : 'EADDRNOTAVAIL'
  if (refused === null) return ok(undefined)
  const why = WORDS[refused] ?? refused
  return refuse(
    refused,
    `Error starting userland proxy: listen ${protocol} ${hostIp}:${hostPort}: bind: ${why}`,
  )
}

export function hideOnDesktop(world: EngineWorld, engine: Engine, port: PublishedPort): void {
  const backend = backendOf(world, engine)
  const hostAddress = parseIpv4(port.hostIp)
  if (backend === null || hostAddress === null || port.protocol === 'sctp') return
  const { protocol, hostPort } = port
  hidePort(backend.context, backend.program, { protocol, hostAddress, hostPort })
}
