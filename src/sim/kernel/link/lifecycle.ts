/**
 * What the stack does when devices and addresses come and go; rtnetlink (`kernel/netlink`) calls these after it has
 * changed the model.
 */
import type { NetNamespace } from '../net-namespace.ts'
import type { DeviceRef, Simulation } from '../simulation.ts'
import type { InterfaceAddress, Link } from './types.ts'

export function onNamespaceCreated(_sim: Simulation, _netns: NetNamespace): void {}

/** `link.up` has just become true. */
export function onLinkUp(_sim: Simulation, _netns: NetNamespace, _link: Link): void {}

/** `link.up` has just become false; its connected routes and neighbours are gone already. */
export function onLinkDown(_sim: Simulation, _netns: NetNamespace, _link: Link): void {}

/** The other end of a veth pair or a bridge's ports changed: the device is up and its carrier may have come or gone. */
export function onCarrierChange(_sim: Simulation, _netns: NetNamespace, _link: Link): void {}

/** A bridge port has just become able to run: it listens (STP) or forwards. */
export function onPortEnabled(_sim: Simulation, _netns: NetNamespace, _bridge: Link, _link: Link): void {}

export function onAddressAdded(
  _sim: Simulation,
  _netns: NetNamespace,
  _link: Link,
  _address: InterfaceAddress,
): void {}

export function onAddressRemoved(
  _sim: Simulation,
  _netns: NetNamespace,
  _link: Link,
  _address: InterfaceAddress,
): void {}

/** Its MAC address was set. */
export function onAddressOfDeviceChanged(_sim: Simulation, _netns: NetNamespace, _link: Link): void {}

/** The device stands in another namespace now, down, without addresses. */
export function onLinkMoved(_sim: Simulation, _from: DeviceRef, _to: DeviceRef, _link: Link): void {}

/** The device is gone. */
export function onLinkRemoved(_sim: Simulation, _netns: NetNamespace, _link: Link): void {}
