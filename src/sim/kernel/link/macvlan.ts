/**
 * macvlan: several addresses on one card. Frames for an address of ours go to its device; in mode `bridge` devices of one
 * card reach each other without the wire; the card itself is never one of them. drivers/net/macvlan.c
 * Not modelled: mode `source`, the queue of broadcasts (bcqueuelen).
 */
import type { Frame } from '../../wire/frame.ts'
import { frameLength } from '../../wire/frame-codec.ts'
import { isBroadcastMac, isMulticastMac } from '../../wire/mac-address.ts'
import type { NetNamespace } from '../net-namespace.ts'
import { tapFrame } from '../packet-socket/tap.ts'
import type { Simulation } from '../simulation.ts'
import { noteDrop } from '../trace-notes.ts'
import { multicastList } from './multicast.ts'
import { receiveOnDevice } from './receive.ts'
import { lowerOf, type PlacedLink, uppersOfKind } from './stacked.ts'
import { countTransmitted, passInHost, transmitFrame } from './transmit.ts'
import type { Link, MacvlanLink, MacvlanMode } from './types.ts'

type Macvlan = PlacedLink<MacvlanLink>

/** macvlan_handle_frame. True: taken, the card itself does not see it. */
export function macvlanInput(sim: Simulation, lower: Link, frame: Frame): boolean {
  const devices = uppersOfKind(sim, lower, 'macvlan')
  if (devices.length === 0) return false
  if (isMulticastMac(frame.destination)) return multicastInput(sim, devices, frame)
  const isPassthru = devices[0]!.link.mode === 'passthru'
  const found = isPassthru ? devices[0] : findMac(devices, frame.destination)
  if (found === undefined) return false
  if (found.link.up) receiveOnDevice(sim, found.netns, found.link, frame)
  else noteDrop(sim, found.netns, found.link.ifindex, 'DEVICE_DOWN', frame)
  return true
}

/** macvlan_process_broadcast: ours come back from a switch only in mode `vepa`; all others have seen them going out. */
function multicastInput(sim: Simulation, devices: readonly Macvlan[], frame: Frame): boolean {
  const source = findMac(devices, frame.source)
  if (source === undefined) {
    broadcast(sim, devices, null, frame, ['private', 'vepa', 'passthru', 'bridge'])
  } else if (source.link.mode === 'vepa') {
    broadcast(sim, devices, source.link, frame, ['vepa', 'bridge'])
  } else if (source.link.mode === 'bridge') {
    broadcast(sim, devices, source.link, frame, ['vepa'])
  } else {
    passInHost(sim, source.netns, source.link, frame)
    return true
  }
  return false
}

function findMac(devices: readonly Macvlan[], mac: string): Macvlan | undefined {
  return devices.find((one) => one.link.up && one.link.mac === mac)
}

function broadcast(
  sim: Simulation,
  devices: readonly Macvlan[],
  except: Link | null,
  frame: Frame,
  modes: readonly MacvlanMode[],
): void {
  for (const { netns, link } of devices) {
    if (link === except || !link.up || !modes.includes(link.mode)) continue
    if (!listensTo(link, frame.destination)) continue
    link.statistics.rxMulticast++
    passInHost(sim, netns, link, frame)
  }
}

/** The filter of multicast addresses: broadcasts, and what the device has joined. */
export function listensTo(link: Link, mac: string): boolean {
  return isBroadcastMac(mac) || link.allMulticast || link.promiscuous || multicastList(link).includes(mac)
}

/** macvlan_queue_xmit */
export function macvlanTransmit(sim: Simulation, netns: NetNamespace, link: MacvlanLink, frame: Frame): void {
  const lower = lowerOf(sim, link)
  if (lower === undefined) return noteDrop(sim, netns, link.ifindex, 'NO_CARRIER', frame)
  countTransmitted(link, frameLength(frame))
  if (link.mode === 'bridge') {
    const devices = uppersOfKind(sim, lower.link, 'macvlan')
    if (isMulticastMac(frame.destination)) broadcast(sim, devices, link, frame, ['bridge'])
    else {
      const found = findMac(devices, frame.destination)
      if (found !== undefined && found.link.mode === 'bridge') {
        // The card's captures see what its devices say to each other.
        tapFrame(sim, lower.netns, lower.link, frame, 'in')
        return passInHost(sim, found.netns, found.link, frame)
      }
    }
  }
  transmitFrame(sim, lower.netns, lower.link, frame)
}
