/**
 * Probes: does a packet get there and its answer back? A process in the source's namespaces sends real frames through
 * a copy of the world; no table is looked at. Times are the world's own.
 */
import type { Session } from '../session/session.ts'
import { openSocket } from '../sim/kernel/sockets/open.ts'
import { exitProcess, spawnProcess, startProcess } from '../sim/kernel/task/process.ts'
import type { Process } from '../sim/kernel/task/types.ts'
import { connectTcp, isConnected } from '../sim/kernel/tcp/calls.ts'
import { sendUdp } from '../sim/kernel/udp/udp.ts'
import { type PingProgram, pingProgram } from '../sim/process/ping.ts'
import { formatIpv4, parseIpv4 } from '../sim/wire/ipv4-address.ts'
import type { Place } from './place.ts'

const ANSWER_LIMIT_US = 4_000_000
const LOOKUP_LIMIT_US = 12_000_000

/** Was an echo request answered? */
export async function probePing(session: Session, from: Place, address: string): Promise<boolean> {
  const { process, program } = startPing(session, from, address)
  const isOver = (): boolean => program.statistics.received > 0 || process.exitStatus !== null
  await session.waitUntil(isOver, ANSWER_LIMIT_US)
  end(session, from, process)
  return program.statistics.received > 0
}

/** Addresses that a name has at this place; null: there is no such name, or nobody answered. */
export async function probeName(session: Session, from: Place, name: string): Promise<string[] | null> {
  const { process, program } = startPing(session, from, name)
  const outcome = () => program.lookup?.outcome ?? null
  await session.waitUntil(() => outcome() !== null || process.exitStatus !== null, LOOKUP_LIMIT_US)
  end(session, from, process)
  const result = outcome()
  return result?.kind === 'addresses' ? result.addresses.map(formatIpv4) : null
}

/** Does a TCP connection come about? */
export async function probeTcp(
  session: Session,
  from: Place,
  address: string,
  port: number,
): Promise<boolean> {
  const process = spawnProbe(session, from)
  const socket = openSocket(session.world, from.kernel, process, { kind: 'tcp' })
  const started = connectTcp(session.world, from.netns, socket, parseIpv4(address) ?? 0, port)
  const isOver = (): boolean => isConnected(socket) || socket.state === 'CLOSED' || socket.error !== null
  if (started.ok) await session.waitUntil(isOver, ANSWER_LIMIT_US)
  const connected = started.ok && isConnected(socket)
  end(session, from, process)
  return connected
}

/** Is a datagram answered by another one? */
export async function probeUdp(
  session: Session,
  from: Place,
  address: string,
  port: number,
): Promise<boolean> {
  const process = spawnProbe(session, from)
  const socket = openSocket(session.world, from.kernel, process, { kind: 'udp' })
  const sent = sendUdp(session.world, from.netns, socket, parseIpv4(address) ?? 0, port, new Uint8Array([10]))
  const isOver = (): boolean => socket.received.length > 0 || socket.error !== null
  if (sent.ok) await session.waitUntil(isOver, ANSWER_LIMIT_US)
  const answered = socket.received.length > 0
  end(session, from, process)
  return answered
}

function startPing(
  session: Session,
  from: Place,
  target: string,
): { process: Process; program: PingProgram } {
  const program = pingProgram({
    ...{ dialect: 'busybox', version: '', target, count: null, intervalUs: 1_000_000, lingerUs: 1_000_000 },
    ...{ deadlineUs: null, size: 56, ttl: null, quiet: true, numeric: true, timestamps: false },
    ...{ device: null, source: null, dontFragment: 'dont', audible: false, broadcast: false },
  })
  const process = spawnProbe(session, from)
  process.program = program
  startProcess(session.world, process)
  return { process, program }
}

/** In the place's own stack and files, with all rights, heard by nobody. */
function spawnProbe(session: Session, from: Place): Process {
  const { process, kernel } = from
  const { netns, mountns, utsns, root } = process
  const init = kernel.processes.get(1) ?? null
  return spawnProcess(session.world, kernel, init, {
    ...{
      argv: ['probe'],
      netns,
      mountns,
      utsns,
      root,
      uid: 0,
      terminal: null,
      env: new Map(),
      program: null,
    },
    descriptors: new Map([0, 1, 2].map((fd) => [fd, { kind: 'null' }] as const)),
  })
}

function end(session: Session, from: Place, process: Process): void {
  exitProcess(session.world, from.kernel, process, 0)
  from.kernel.processes.delete(process.pid)
}
