/**
 * ipvlan: devices with the card's own MAC address; packets find theirs by IP address. L2: frames leave by the card as they
 * are. L3: no ARP; packets are routed in the card's namespace, through its OUTPUT. drivers/net/ipvlan/ipvlan_core.c
 * Not modelled: what l3s adds (INPUT of the card's namespace), IPv6.
 */
import type { Frame } from '../../wire/frame.ts'
import { frameLength } from '../../wire/frame-codec.ts'
import { isMulticast } from '../../wire/ipv4-address.ts'
import { isMulticastMac } from '../../wire/mac-address.ts'
import { sendIpv4 } from '../ip/output.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import { noteDrop } from '../trace-notes.ts'
import { listensTo } from './macvlan.ts'
import { receiveOnDevice } from './receive.ts'
import { lowerOf, type PlacedLink, uppersOfKind } from './stacked.ts'
import { countTransmitted, passInHost, transmitFrame } from './transmit.ts'
import type { IpvlanLink, Link } from './types.ts'

type Ipvlan = PlacedLink<IpvlanLink>

/** ipvlan_handle_frame. True: taken, the card itself does not see it. */
export function ipvlanInput(sim: Simulation, lower: Link, frame: Frame): boolean {
  const devices = uppersOfKind(sim, lower, 'ipvlan')
  if (devices.length === 0) return false
  if (isMulticastMac(frame.destination) && devices[0]!.link.mode === 'l2') {
    // Our own, reflected by a switch, are known already.
    if (frame.source !== lower.mac) multicast(sim, devices, null, frame)
    return false
  }
  const found = findDestination(devices, frame)
  if (found === undefined) return false
  receiveOnDevice(sim, found.netns, found.link, frame)
  return true
}

/** ipvlan_addr_lookup by destination: of IPv4 packets and of ARP. */
function findDestination(devices: readonly Ipvlan[], frame: Frame): Ipvlan | undefined {
  const { payload } = frame
  if (payload.kind !== 'ipv4' && payload.kind !== 'arp') return undefined
  const address = payload.kind === 'ipv4' ? payload.destination : payload.targetIp
  return devices.find(
    ({ link }) => link.up && link.addresses.some((own) => own.address === address && own.address !== 0),
  )
}

function multicast(sim: Simulation, devices: readonly Ipvlan[], except: Link | null, frame: Frame): void {
  for (const { netns, link } of devices) {
    if (link === except || !link.up || !listensTo(link, frame.destination)) continue
    link.statistics.rxMulticast++
    passInHost(sim, netns, link, frame)
  }
}

/** ipvlan_queue_xmit */
export function ipvlanTransmit(sim: Simulation, netns: NetNamespace, link: IpvlanLink, frame: Frame): void {
  const lower = lowerOf(sim, link)
  if (lower === undefined) return noteDrop(sim, netns, link.ifindex, 'NO_CARRIER', frame)
  countTransmitted(link, frameLength(frame))
  const devices = uppersOfKind(sim, lower.link, 'ipvlan')
  if (link.mode !== 'l2') return routeOut(sim, netns, link, lower, devices, frame)
  if (link.flag !== 'vepa' && frame.destination === frame.source) {
    const found = findDestination(devices, frame)
    if (found === undefined) return passInHost(sim, lower.netns, lower.link, frame)
    return between(sim, netns, link, found, frame)
  }
  if (isMulticastMac(frame.destination)) multicast(sim, devices, link, frame)
  transmitFrame(sim, lower.netns, lower.link, frame)
}

function between(sim: Simulation, netns: NetNamespace, link: IpvlanLink, to: Ipvlan, frame: Frame): void {
  if (link.flag === 'private') return noteDrop(sim, netns, link.ifindex, 'BLACKHOLE', frame)
  passInHost(sim, to.netns, to.link, frame)
}

/** ipvlan_xmit_mode_l3, ipvlan_process_v4_outbound */
function routeOut(
  sim: Simulation,
  netns: NetNamespace,
  link: IpvlanLink,
  lower: PlacedLink,
  devices: readonly Ipvlan[],
  frame: Frame,
): void {
  const found = link.flag === 'vepa' ? undefined : findDestination(devices, frame)
  if (found !== undefined) return between(sim, netns, link, found, frame)
  const packet = frame.payload
  if (packet.kind !== 'ipv4' || isMulticast(packet.destination) || isMulticastMac(frame.destination)) {
    return noteDrop(sim, netns, link.ifindex, 'BLACKHOLE', frame)
  }
  const sent = sendIpv4(sim, lower.netns, packet, { device: lower.link.ifindex })
  if (!sent.ok) noteDrop(sim, netns, link.ifindex, 'NO_ROUTE', frame)
}
