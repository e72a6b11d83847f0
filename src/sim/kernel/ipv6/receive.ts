/**
 * IPv6 packets that come in. Link-local multicast is all there is, and nothing here answers it: it is taken and forgotten.
 * Not modelled: answers to neighbour solicitations, ping of IPv6 addresses, forwarding.
 */
import type { Ipv6Packet } from '../../wire/frame.ts'
import type { Link } from '../link/types.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'

export function receiveIpv6(_sim: Simulation, _netns: NetNamespace, _link: Link, _packet: Ipv6Packet): void {}
