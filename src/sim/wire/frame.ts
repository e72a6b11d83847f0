/**
 * What travels on a cable: frames and packets as immutable values. Numbers are unsigned; IPv4 addresses are 32-bit
 * numbers, MAC addresses lower-case text (`02:42:ac:11:00:02`), IPv6 addresses canonical text (RFC 5952).
 * `emit`/`parse` of each protocol stand in the file of the protocol (`arp.ts`, `ipv4.ts`, `tcp.ts` …).
 */

/** An IPv4 address as an unsigned 32-bit number; see `ipv4-address.ts`. */
export type Ipv4Address = number
/** Canonical lower-case text. */
export type MacAddress = string
/** Canonical text (RFC 5952), without a zone. */
export type Ipv6Address = string
/** Either: a number is IPv4, text is IPv6. */
export type IpAddress = Ipv4Address | Ipv6Address

export const ETHERTYPE_IPV4 = 0x0800
export const ETHERTYPE_ARP = 0x0806
export const ETHERTYPE_IPV6 = 0x86dd
export const ETHERTYPE_VLAN = 0x8100
export const PROTOCOL_ICMP = 1
export const PROTOCOL_IGMP = 2
export const PROTOCOL_TCP = 6
export const PROTOCOL_UDP = 17
export const PROTOCOL_ICMPV6 = 58
export const BROADCAST_MAC: MacAddress = 'ff:ff:ff:ff:ff:ff'
export const NULL_MAC: MacAddress = '00:00:00:00:00:00'

export interface Frame {
  readonly destination: MacAddress
  readonly source: MacAddress
  readonly etherType: number
  readonly payload: ArpPacket | Ipv4Packet | Ipv6Packet | RawPayload
  /** IEEE 802.1Q tag, kept beside the frame as the kernel keeps it (`skb->vlan_tci`): lengths do not count it. */
  readonly vlan?: VlanTag
}

export interface VlanTag {
  readonly vid: number
  readonly priority: number
  /** Tag below it (a VLAN on a VLAN). */
  readonly inner?: VlanTag
}

/** Bytes that no parser of ours knows. */
export interface RawPayload {
  readonly kind: 'raw'
  readonly bytes: Uint8Array
}

/** RFC 826. */
export interface ArpPacket {
  readonly kind: 'arp'
  readonly operation: 'request' | 'reply'
  readonly senderMac: MacAddress
  readonly senderIp: Ipv4Address
  readonly targetMac: MacAddress
  readonly targetIp: Ipv4Address
}

/** RFC 791. `fragmentOffset` in bytes. A fragment's payload is `raw`. */
export interface Ipv4Packet {
  readonly kind: 'ipv4'
  readonly source: Ipv4Address
  readonly destination: Ipv4Address
  readonly ttl: number
  readonly protocol: number
  readonly tos: number
  readonly identification: number
  readonly dontFragment: boolean
  readonly moreFragments: boolean
  readonly fragmentOffset: number
  readonly options: Uint8Array | null
  readonly payload: IcmpMessage | UdpDatagram | TcpSegment | RawPayload
}

/** RFC 792. For echo, `identifier` and `sequence`; for errors `original` is the offending header and 8 bytes or more. */
export interface IcmpMessage {
  readonly kind: 'icmp'
  readonly type: number
  readonly code: number
  readonly identifier: number
  readonly sequence: number
  /** Next-hop MTU of "fragmentation needed". */
  readonly mtu: number
  readonly original: Ipv4Packet | null
  readonly data: Uint8Array
}

/** RFC 768. */
export interface UdpDatagram {
  readonly kind: 'udp'
  readonly sourcePort: number
  readonly destinationPort: number
  readonly data: Uint8Array
}

export interface TcpFlags {
  readonly fin: boolean
  readonly syn: boolean
  readonly rst: boolean
  readonly psh: boolean
  readonly ack: boolean
  readonly urg: boolean
}

/** RFC 9293. `options` as parsed values; null where the segment has none. */
export interface TcpSegment {
  readonly kind: 'tcp'
  readonly sourcePort: number
  readonly destinationPort: number
  readonly sequence: number
  readonly acknowledgment: number
  readonly flags: TcpFlags
  readonly window: number
  readonly options: TcpOptions | null
  readonly data: Uint8Array
}

/** RFC 9293 and RFC 7323. */
export interface TcpOptions {
  readonly maximumSegmentSize: number | null
  readonly windowScale: number | null
  readonly sackPermitted: boolean
  readonly timestamps: { readonly value: number; readonly echo: number } | null
}

/**
 * RFC 8200. `nextHeader` is what the payload is, also behind a fragment header (then the payload is `raw`); 0 with an
 * ICMPv6 payload: a hop-by-hop header with a router alert stands between.
 */
export interface Ipv6Packet {
  readonly kind: 'ipv6'
  readonly source: Ipv6Address
  readonly destination: Ipv6Address
  readonly hopLimit: number
  readonly nextHeader: number
  /** Unset: 0. */
  readonly trafficClass?: number
  readonly flowLabel?: number
  readonly fragment?: Ipv6Fragment
  readonly payload: Icmpv6Message | UdpDatagram | TcpSegment | RawPayload
}

/** RFC 8200 §4.5. `offset` in bytes. */
export interface Ipv6Fragment {
  readonly identification: number
  readonly offset: number
  readonly more: boolean
}

export type IpPacket = Ipv4Packet | Ipv6Packet

/** RFC 4443, 4861, 3810. `body` is what follows type, code and checksum. */
export interface Icmpv6Message {
  readonly kind: 'icmpv6'
  readonly type: number
  readonly code: number
  readonly body: Uint8Array
}
