/** Sockets: what a process holds of the network. socket(7), raw(7), packet(7), udp(7), tcp(7). */
import type { Frame, IpAddress, IpPacket, TcpSegment } from '../wire/frame.ts'
import type { DeviceRef } from './simulation.ts'

export interface SocketBase {
  readonly id: number
  /** pid that is woken, and the descriptor it is woken for. */
  owner: number
  ownerFd: number
  /** `SO_BINDTODEVICE`: ifindex or null. */
  device: number | null
  ttl: number
  tos: number
  /** Error to be handed out at the next call (`ECONNREFUSED`, `EHOSTUNREACH` …). */
  error: string | null
}

export type Socket = RawSocket | PacketSocket | UdpSocket | TcpSocket

/** ping's: ICMP in and out. */
export interface RawSocket extends SocketBase {
  readonly kind: 'raw'
  readonly family: 4 | 6
  readonly protocol: number
  /** Only echo replies with this identifier are queued (ping sockets); null: all of the protocol. */
  identifier: number | null
  /** Only packets from this address and errors about it. */
  connected: IpAddress | null
  received: { readonly atUs: number; readonly ifindex: number; readonly packet: IpPacket }[]
}

/** tcpdump's: a copy of each frame at a device, coming and going. `device` null: all devices. */
export interface PacketSocket extends SocketBase {
  readonly kind: 'packet'
  received: CapturedFrame[]
  /** Filter program's text, compiled by the process; kernel hands over all. */
  limit: number
  dropped: number
  /** It raised the devices' `promiscuity`. */
  readonly promiscuous: boolean
}

export interface CapturedFrame {
  readonly atUs: number
  readonly ifindex: number
  readonly direction: 'in' | 'out' | 'broadcast' | 'multicast' | 'other'
  readonly frame: Frame
}

export interface UdpSocket extends SocketBase {
  readonly kind: 'udp'
  /** 0 = any address of either family; port 0 = not bound yet. */
  localAddress: IpAddress
  localPort: number
  remoteAddress: IpAddress
  remotePort: number
  readonly family: 4 | 6
  /** A v6 socket that takes v4 too. */
  dualStack: boolean
  reuseAddress: boolean
  /** `SO_BROADCAST`. */
  broadcast: boolean
  dontFragment: boolean
  /** The kernel's own: datagrams go to the VXLAN devices behind it (udp_tunnel). */
  tunnel?: { devices: DeviceRef[] }
  received: {
    readonly from: IpAddress
    readonly fromPort: number
    readonly to: IpAddress
    readonly data: Uint8Array
  }[]
}

export type TcpState =
  | 'CLOSED'
  | 'LISTEN'
  | 'SYN-SENT'
  | 'SYN-RECEIVED'
  | 'ESTABLISHED'
  | 'FIN-WAIT-1'
  | 'FIN-WAIT-2'
  | 'CLOSE-WAIT'
  | 'CLOSING'
  | 'LAST-ACK'
  | 'TIME-WAIT'

/** RFC 9293 §3.3.1: the transmission control block. Sequence numbers modulo 2³². */
export interface TcpSocket extends SocketBase {
  readonly kind: 'tcp'
  state: TcpState
  readonly family: 4 | 6
  reuseAddress: boolean
  /** A v6 listener that takes v4 too, shown as `:::80` / `[::]:80` / `*:80`. */
  dualStack: boolean
  localAddress: IpAddress
  localPort: number
  remoteAddress: IpAddress
  remotePort: number
  /** LISTEN: most connections that may wait, and those that do (socket ids). */
  backlog: number
  accepted: number[]
  parent: number | null
  sendUnacknowledged: number
  sendNext: number
  /** Highest sequence number ever sent, plus one: `sendNext` falls back when a timer expires. */
  sendMaximum: number
  sendWindow: number
  initialSendSequence: number
  receiveNext: number
  receiveWindow: number
  /** Largest segment the peer takes, options included. */
  maximumSegmentSize: number
  /** RFC 7323: shifts of the windows we advertise and of those we are told; null: not agreed. */
  windowScale: number
  peerWindowScale: number
  timestamps: boolean
  timestampOffset: number
  timestampRecent: number
  sackPermitted: boolean
  /** Bytes not acknowledged yet, from `sendUnacknowledged` on. */
  sendBuffer: Uint8Array[]
  sendBufferLength: number
  finQueued: boolean
  receiveBuffer: Uint8Array[]
  receiveBufferLength: number
  finReceived: boolean
  outOfOrder: TcpSegment[]
  /** Closed by its owner: nobody will read any more. */
  orphaned: boolean
  /** `TCP_CORK`: partial segments wait for more. */
  corked: boolean
  /** Delayed acknowledgment: interactive mode answers with the next data (`inet_csk_in_pingpong_mode`). */
  interactive: boolean
  lastReceivedUs: number
  ackPending: boolean
  ackGeneration: number
  retransmissions: number
  timeoutMs: number
  /** Timers of an older generation are void. */
  generation: number
}
