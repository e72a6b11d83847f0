/** A capture filter as a tree. pcap-filter(7) */

export type Side = 'source' | 'destination' | 'either' | 'both'

export type Filter =
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly of: Filter }
  | { readonly kind: 'ethertype'; readonly value: number }
  | { readonly kind: 'ip-protocol'; readonly value: number; readonly version: 4 | 6 | null }
  | {
      readonly kind: 'host'
      readonly side: Side
      readonly address: number
      readonly layer: 'ip' | 'arp' | null
    }
  | { readonly kind: 'host6'; readonly side: Side; readonly address: string }
  /** A name that is to be looked up. */
  | {
      readonly kind: 'named-host'
      readonly side: Side
      readonly name: string
      readonly layer: 'ip' | 'arp' | null
    }
  | { readonly kind: 'net'; readonly side: Side; readonly address: number; readonly mask: number }
  | {
      readonly kind: 'port'
      readonly side: Side
      readonly low: number
      readonly high: number
      readonly protocol: number | null
    }
  /** IEEE 802.3 frames with LLC: all, or those of one service access point. */
  | { readonly kind: 'llc'; readonly sap: number | null }
  /** `vid` null: any tag. */
  | { readonly kind: 'vlan'; readonly vid: number | null }
  | { readonly kind: 'mac'; readonly side: Side; readonly mac: string }
  | { readonly kind: 'group'; readonly layer: 'ether' | 'ip'; readonly cast: 'broadcast' | 'multicast' }
  | {
      readonly kind: 'relation'
      readonly operator: string
      readonly left: Arithmetic
      readonly right: Arithmetic
    }

export type Arithmetic =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'length' }
  | { readonly kind: 'load'; readonly protocol: string; readonly offset: Arithmetic; readonly size: number }
  | {
      readonly kind: 'binary'
      readonly operator: string
      readonly left: Arithmetic
      readonly right: Arithmetic
    }

/** Wordings of libpcap. */
export class FilterError extends Error {}
