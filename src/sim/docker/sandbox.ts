/** One container's network stack, as Docker sees it: a network namespace and the endpoints in it. libnetwork/sandbox.go */

export interface Sandbox {
  readonly id: string
  readonly container: string
  /** File that holds the namespace: `/var/run/docker/netns/` and 12 digits, or `default` for the host's. */
  readonly key: string
  netns: number
  /** Ids, best first: the first one that has a gateway gives the default route. */
  endpoints: string[]
  /** Number of the next `ethN`: it never goes back. */
  nextInterface: number
  /** Ports of the embedded DNS server, once there is a user-defined network. */
  resolver: { readonly udp: number; readonly tcp: number; readonly pid: number } | null
}
