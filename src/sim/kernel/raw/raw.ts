/** Raw sockets: ICMP for ping and traceroute. raw(7), icmp(7), net/ipv4/raw.c */
import { ok, type Result, refuse } from '../../base/result.ts'
import type { IpAddress, IpPacket } from '../../wire/frame.ts'
import { isIcmpError } from '../../wire/icmp.ts'
import { echoIdentifier6, ICMPV6_ECHO_REPLY } from '../../wire/icmpv6.ts'
import { quotedEcho6 } from '../../wire/icmpv6-error.ts'
import { protocolOf } from '../../wire/ip-packet.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { IpBuffer } from '../packet-buffer.ts'
import type { Simulation } from '../simulation.ts'
import type { RawSocket } from '../socket.ts'
import { type Datagram, lookupConnect, lookupIp, sendDatagram } from '../sockets/ip-layer.ts'
import { wakeOwner } from '../sockets/wake.ts'

const QUEUE_LIMIT = 1000

export interface RawOptions {
  readonly source?: IpAddress
  /** 'want': set where the packet fits (IP_PMTUDISC_WANT, the default). */
  readonly dontFragment?: boolean | 'want'
  readonly mark?: number
}

/** The source address a packet to `to` will have; the errno where there is no way. */
export function sourceFor(
  netns: NetNamespace,
  to: IpAddress,
  device: number | null,
  source: IpAddress = 0,
): Result<IpAddress> {
  if (source !== 0) return ok(source)
  const route = lookupIp(netns, {
    destination: to,
    ...(device === null ? {} : { outputIfindex: device }),
  })
  return route.ok ? ok(route.value.source) : route
}

/** What connect(2) on a datagram socket would say of the way to `to`, and the source address it would choose. */
export function probeSource(
  netns: NetNamespace,
  to: IpAddress,
  device: number | null,
  broadcast: boolean,
): Result<{ readonly source: IpAddress; readonly isBroadcast: boolean }> {
  const query = { destination: to, ...(device === null ? {} : { outputIfindex: device }) }
  const found = lookupConnect(netns, query)
  if (!found.ok) return found
  const { source, isBroadcast } = found.value
  return isBroadcast && !broadcast ? refuse('EACCES') : ok({ source, isBroadcast })
}

export function sendRaw(
  sim: Simulation,
  netns: NetNamespace,
  socket: RawSocket,
  to: IpAddress,
  payload: IpPacket['payload'],
  options: RawOptions = {},
): Result<void> {
  // IPv6 routes by no source where none is bound: rules that ask for one pass by.
  const isUnbound = typeof to === 'string' && (options.source ?? 0) === 0
  const source = isUnbound ? ok('::') : sourceFor(netns, to, socket.device, options.source)
  if (!source.ok) return source
  const datagram: Datagram = {
    source: source.value,
    destination: to,
    ttl: socket.ttl,
    protocol: socket.protocol,
    tos: socket.tos,
    dontFragment: options.dontFragment !== false,
    payload,
  }
  const sendOptions = {
    socket: socket.id,
    ...(socket.device === null ? {} : { device: socket.device }),
    ...(options.mark === undefined ? {} : { mark: options.mark }),
    // A sender of IPv6 cuts what is too long, unless it was told not to.
    ...(options.dontFragment === true ? { dontFragment: true } : {}),
  }
  const sent = sendDatagram(sim, netns, datagram, sendOptions)
  if (sent.ok || sent.error.code !== 'EMSGSIZE' || options.dontFragment === true) return sent
  return sendDatagram(sim, netns, { ...datagram, dontFragment: false }, sendOptions)
}

function wants(socket: RawSocket, packet: IpPacket): boolean {
  const { identifier } = socket
  const message = packet.payload
  if (identifier === null) return true
  if (message.kind === 'icmpv6') {
    if (message.type === ICMPV6_ECHO_REPLY) return echoIdentifier6(message) === identifier
    const quoted = quotedEcho6(message)
    return quoted !== null && echoIdentifier6(quoted) === identifier
  }
  if (message.kind !== 'icmp') return true
  if (message.type === 0) return message.identifier === identifier
  if (!isIcmpError(message.type)) return false
  const quoted = message.original?.payload
  return quoted?.kind === 'icmp' && quoted.identifier === identifier
}

/** Each raw socket of the protocol gets a copy; was there any? */
export function deliverRaw(sim: Simulation, netns: NetNamespace, buffer: IpBuffer): boolean {
  if (netns.sockets.size === 0) return false
  let delivered = false
  const packet = buffer.packet
  const protocol = protocolOf(packet)
  for (const socket of netns.sockets.values()) {
    if (socket.kind !== 'raw' || socket.protocol !== protocol) continue
    if ((packet.kind === 'ipv4') !== (socket.family === 4)) continue
    if (socket.device !== null && socket.device !== buffer.input) continue
    if (!wants(socket, packet)) continue
    if (socket.received.length >= QUEUE_LIMIT) continue
    socket.received.push({ atUs: sim.nowUs, ifindex: buffer.input ?? 1, packet })
    wakeOwner(sim, netns, socket)
    delivered = true
  }
  return delivered
}

export function receiveRaw(socket: RawSocket): RawSocket['received'][number] | null {
  return socket.received.shift() ?? null
}

/** SO_BINDTODEVICE by name; ENODEV if there is no such device. */
export function bindToDevice(
  netns: NetNamespace,
  socket: { device: number | null },
  name: string,
): Result<number> {
  for (const link of netns.links.values()) {
    if (link.name !== name) continue
    socket.device = link.ifindex
    return ok(link.ifindex)
  }
  return refuse('ENODEV')
}
