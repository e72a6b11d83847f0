/** Raw sockets of IPv4: ICMP for ping and traceroute. raw(7), icmp(7), net/ipv4/raw.c */
import { ok, type Result, refuse } from '../../base/result.ts'
import type { IcmpMessage, Ipv4Address, Ipv4Packet } from '../../wire/frame.ts'
import { isIcmpError } from '../../wire/icmp.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { PacketBuffer } from '../packet-buffer.ts'
import type { Simulation } from '../simulation.ts'
import type { RawSocket } from '../socket.ts'
import { newIdentification } from '../sockets/identification.ts'
import { lookupConnect, lookupRoute, sendIpv4 } from '../sockets/ip-layer.ts'
import { wakeOwner } from '../sockets/wake.ts'

const QUEUE_LIMIT = 1000

export interface RawOptions {
  readonly source?: Ipv4Address
  /** 'want': set where the packet fits (IP_PMTUDISC_WANT, the default). */
  readonly dontFragment?: boolean | 'want'
  readonly mark?: number
}

/** The source address a packet to `to` will have; the errno where there is no way. */
export function sourceFor(
  netns: NetNamespace,
  to: Ipv4Address,
  device: number | null,
  source: Ipv4Address = 0,
): Result<Ipv4Address> {
  if (source !== 0) return ok(source)
  const route = lookupRoute(netns, {
    destination: to,
    ...(device === null ? {} : { outputIfindex: device }),
  })
  return route.ok ? ok(route.value.source) : route
}

/** What connect(2) on a datagram socket would say of the way to `to`, and the source address it would choose. */
export function probeSource(
  netns: NetNamespace,
  to: Ipv4Address,
  device: number | null,
  broadcast: boolean,
): Result<{ readonly source: Ipv4Address; readonly isBroadcast: boolean }> {
  const query = { destination: to, ...(device === null ? {} : { outputIfindex: device }) }
  const found = lookupConnect(netns, query)
  if (!found.ok) return found
  const { source, route } = found.value
  const isBroadcast = route.type === 'broadcast'
  return isBroadcast && !broadcast ? refuse('EACCES') : ok({ source, isBroadcast })
}

export function sendRaw(
  sim: Simulation,
  netns: NetNamespace,
  socket: RawSocket,
  to: Ipv4Address,
  payload: Ipv4Packet['payload'],
  options: RawOptions = {},
): Result<void> {
  const source = sourceFor(netns, to, socket.device, options.source)
  if (!source.ok) return source
  const packet: Ipv4Packet = {
    kind: 'ipv4',
    source: source.value,
    destination: to,
    ttl: socket.ttl,
    protocol: socket.protocol,
    tos: socket.tos,
    identification: newIdentification(sim),
    dontFragment: options.dontFragment !== false,
    moreFragments: false,
    fragmentOffset: 0,
    options: null,
    payload,
  }
  const sendOptions = {
    socket: socket.id,
    ...(socket.device === null ? {} : { device: socket.device }),
    ...(options.mark === undefined ? {} : { mark: options.mark }),
  }
  const sent = sendIpv4(sim, netns, packet, sendOptions)
  if (sent.ok || sent.error.code !== 'EMSGSIZE' || options.dontFragment === true) return sent
  return sendIpv4(sim, netns, { ...packet, dontFragment: false }, sendOptions)
}

function wants(socket: RawSocket, icmp: IcmpMessage): boolean {
  if (socket.identifier === null) return true
  if (icmp.type === 0) return icmp.identifier === socket.identifier
  if (!isIcmpError(icmp.type)) return false
  const quoted = icmp.original?.payload
  return quoted?.kind === 'icmp' && quoted.identifier === socket.identifier
}

/** Each raw socket of the protocol gets a copy; was there any? */
export function deliverRaw(sim: Simulation, netns: NetNamespace, buffer: PacketBuffer): boolean {
  if (netns.sockets.size === 0) return false
  let delivered = false
  const packet = buffer.packet
  for (const socket of netns.sockets.values()) {
    if (socket.kind !== 'raw' || socket.protocol !== packet.protocol) continue
    if (socket.device !== null && socket.device !== buffer.input) continue
    if (packet.payload.kind === 'icmp' && !wants(socket, packet.payload)) continue
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
