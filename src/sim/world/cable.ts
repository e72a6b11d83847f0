/** Network cards and the cables between them: what a technician does, not what rtnetlink does. */
import type { PhysicalLink } from '../kernel/link/types.ts'
import type { NetNamespace } from '../kernel/net-namespace.ts'
import { attributes } from '../kernel/netlink/attributes.ts'
import { registerLink } from '../kernel/netlink/namespace.ts'
import type { DeviceRef, Simulation } from '../kernel/simulation.ts'

/** Puts a card into a host: the next index, no cable yet. */
export function addCard(netns: NetNamespace, name: string, mac: string, qdisc: string): PhysicalLink {
  const ifindex = netns.nextIfindex++
  const card: PhysicalLink = {
    ...attributes({ ifindex, name, mac, mtu: 1500, qdisc }),
    kind: 'physical',
    cable: null,
  }
  registerLink(netns, card)
  return card
}

/** A cable between two cards; `delayUs` one way. Carrier comes at once. */
export function connect(
  sim: Simulation,
  one: [NetNamespace, PhysicalLink],
  other: [NetNamespace, PhysicalLink],
  delayUs: number,
): void {
  const id = sim.cables.size + 1
  const ref = ([netns, card]: [NetNamespace, PhysicalLink]): DeviceRef => ({
    host: netns.host,
    netns: netns.id,
    ifindex: card.ifindex,
  })
  sim.cables.set(id, { id, ends: [ref(one), ref(other)], connected: true, delayUs })
  one[1].cable = id
  other[1].cable = id
}
