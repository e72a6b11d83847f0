/** A network: endpoints that can talk directly. libnetwork/network.go; what a driver needs stands in `bridge` and `parent`. */

export type DriverName = 'bridge' | 'host' | 'null' | ParentDriver
/** Drivers whose endpoints stand on a device of the host. */
export type ParentDriver = 'macvlan' | 'ipvlan'

export interface Network {
  readonly id: string
  readonly name: string
  readonly driver: DriverName
  readonly scope: 'local'
  readonly createdUs: number
  readonly internal: boolean
  readonly attachable: boolean
  readonly enableIpv6: boolean
  readonly options: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
  readonly ipam: NetworkIpam
  /** The pool in use; null for drivers without addresses. */
  readonly subnet: Subnet | null
  /** macvlan and ipvlan: the pools after the first. */
  readonly moreSubnets?: readonly Subnet[]
  /** The IPv6 pool in use; without it the network has no IPv6. */
  readonly subnet6?: Subnet6 | null
  /** Settings for other networks alone, or the name of the network that these come from. */
  readonly configOnly?: boolean
  readonly configFrom?: string
  readonly bridge: BridgeSettings | null
  readonly parent?: ParentSettings
}

/** drivers/{macvlan,ipvlan}: `configuration`. */
export interface ParentSettings {
  readonly device: string
  /** `bridge`, `private` …; `l2`, `l3`. */
  readonly mode: string
  /** The driver made the device, and takes it away. */
  readonly created: boolean
}

export interface NetworkIpam {
  readonly driver: string
  /** `null` is what the predefined networks show. */
  readonly options: Readonly<Record<string, string>> | null
  readonly config: readonly IpamConfig[]
}

/** As it was asked for: what `docker network inspect` shows. */
export interface IpamConfig {
  readonly subnet: string | null
  readonly ipRange: string | null
  readonly gateway: string | null
  readonly auxiliary: Readonly<Record<string, string>> | null
}

/** As it is used. */
export interface Subnet {
  readonly address: number
  readonly length: number
  readonly gateway: number
  /** Automatic addresses come from here. */
  readonly range: { readonly address: number; readonly length: number }
  /** Asked for with `--subnet`: then `--ip` is allowed. */
  readonly userConfigured: boolean
}

export interface Subnet6 {
  readonly address: string
  readonly length: number
  readonly gateway: string
  readonly range: { readonly address: string; readonly length: number }
  /** The default bridge: endpoints make their addresses from their MAC addresses. `NetworkOptionDeferIPv6Alloc` */
  readonly isDeferred: boolean
}

/** drivers/bridge: `networkConfiguration`. */
export interface BridgeSettings {
  readonly name: string
  readonly ifindex: number
  readonly icc: boolean
  readonly masquerade: boolean
  readonly mtu: number
  readonly hostBinding: number
  readonly containerPrefix: string
  readonly isDefault: boolean
}
