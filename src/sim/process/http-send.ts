/** How servers hand a response to the kernel: in one piece (TCP_CORK, nginx `tcp_nopush`) or head and body apart. */
import { corkTcp } from '../kernel/tcp/calls.ts'
import type { ProcessContext } from './context.ts'
import type { Response } from './http-answer.ts'
import { send, tcpSocket } from './tcp-stream.ts'

export function corkedSend(context: ProcessContext, fd: number, response: Response): void {
  const socket = tcpSocket(context, fd)
  if (socket === undefined) return
  if (response.corked) corkTcp(context.sim, context.netns, socket, true)
  for (const part of response.parts) if (part.length > 0) send(context, fd, part)
  // A connection that ends is closed while corked: the FIN rides on the last segment.
  if (response.corked && !response.close) corkTcp(context.sim, context.netns, socket, false)
}
