/** `traceroute -T`: each probe is a connection begun with a small time to live; SYN-ACK or RST is the destination's answer. */
import type { Result } from '../base/result.ts'
import { openSocket, socketOf } from '../kernel/sockets/open.ts'
import { takeError } from '../kernel/sockets/wake.ts'
import { connectTcp, isConnected } from '../kernel/tcp/calls.ts'
import { familyOf } from '../wire/ip-address.ts'
import type { ProcessContext } from './context.ts'
import type { TracerouteProgram } from './traceroute.ts'

const HTTP_PORT = 80

export function sendStream(
  context: ProcessContext,
  program: TracerouteProgram,
  index: number,
  hop: number,
): Result<unknown> {
  const { sim, kernel, process, netns } = context
  const { options, destination } = program
  const socket = openSocket(sim, kernel, process, { kind: 'tcp', family: familyOf(destination) })
  socket.ttl = hop
  socket.tos = options.tos ?? 0
  const probe = program.probes[index]
  if (probe !== undefined) probe.tcpFd = socket.ownerFd
  return connectTcp(sim, netns, socket, destination, options.port ?? HTTP_PORT)
}

/** The probe that a quoted segment belongs to. */
export function streamOf(context: ProcessContext, program: TracerouteProgram, port: number): number | null {
  const index = program.probes.findIndex((probe) => {
    if (probe.tcpFd === undefined) return false
    const socket = socketOf(context.kernel, context.process, probe.tcpFd)
    return socket?.kind === 'tcp' && socket.localPort === port
  })
  return index < 0 ? null : index
}

/** Who has answered; what is done with is closed, so that nothing is sent again. */
export function collectStreams(context: ProcessContext, program: TracerouteProgram): void {
  for (const probe of program.probes) {
    if (probe.tcpFd === undefined) continue
    const socket = socketOf(context.kernel, context.process, probe.tcpFd)
    if (socket?.kind !== 'tcp') continue
    const refused = takeError(socket) === 'ECONNREFUSED'
    if (!probe.done && (refused || isConnected(socket))) {
      probe.done = true
      probe.final = true
      probe.address = program.destination
      probe.rttUs = context.sim.nowUs - probe.sentUs
    }
    if (!probe.done) continue
    context.close(probe.tcpFd)
    delete probe.tcpFd
  }
}
