/** VLAN sub-interfaces: tagged on the way out, without the tag on the way in. IEEE 802.1Q §9, net/8021q/{vlan_core,vlan_dev}.c */
import type { Frame, VlanTag } from '../../wire/frame.ts'
import { frameLength } from '../../wire/frame-codec.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import { noteDrop } from '../trace-notes.ts'
import { receiveOnDevice } from './receive.ts'
import { lowerOf, uppersOfKind } from './stacked.ts'
import { countTransmitted, transmitFrame } from './transmit.ts'
import type { Link, VlanLink } from './types.ts'

/** vlan_do_receive. False: no device has that tag here. */
export function vlanInput(sim: Simulation, lower: Link, frame: Frame, tag: VlanTag): boolean {
  const found = uppersOfKind(sim, lower, 'vlan').find((one) => one.link.vid === tag.vid)
  if (found === undefined) return false
  if (!found.link.up) {
    noteDrop(sim, found.netns, found.link.ifindex, 'DEVICE_DOWN', frame)
    return true
  }
  receiveOnDevice(sim, found.netns, found.link, withTag(frame, tag.inner))
  return true
}

function withTag(frame: Frame, vlan: VlanTag | undefined): Frame {
  const { destination, source, etherType, payload } = frame
  const plain = { destination, source, etherType, payload }
  return vlan === undefined ? plain : { ...plain, vlan }
}

/** vlan_dev_hard_start_xmit */
export function vlanTransmit(sim: Simulation, netns: NetNamespace, link: VlanLink, frame: Frame): void {
  const lower = lowerOf(sim, link)
  if (lower === undefined) return noteDrop(sim, netns, link.ifindex, 'NO_CARRIER', frame)
  countTransmitted(link, frameLength(frame))
  const inner = frame.vlan
  const tag: VlanTag = { vid: link.vid, priority: 0, ...(inner === undefined ? {} : { inner }) }
  transmitFrame(sim, lower.netns, lower.link, withTag(frame, tag))
}
