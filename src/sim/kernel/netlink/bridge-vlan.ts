/** VLANs of a bridge and its ports: each is born in VLAN 1, untagged. net/bridge/br_vlan.c. Frames do not ask for them. */
import type { BridgeVlan, Link } from '../link/types.ts'
import type { NetNamespace } from '../net-namespace.ts'

const AT_BIRTH: readonly BridgeVlan[] = [{ id: 1, pvid: true, untagged: true }]

export function listBridgeVlans(netns: NetNamespace, link: Link): readonly BridgeVlan[] {
  const isPort = link.master !== null && netns.links.get(link.master)?.kind === 'bridge'
  return isPort || link.kind === 'bridge' ? (link.vlans ?? AT_BIRTH) : []
}

export function addBridgeVlans(
  link: Link,
  range: { readonly from: number; readonly to: number },
  flags: { readonly pvid: boolean; readonly untagged: boolean },
): void {
  const before = (link.vlans ?? AT_BIRTH).map((one) => (flags.pvid ? { ...one, pvid: false } : one))
  const kept = before.filter(({ id }) => id < range.from || id > range.to)
  for (let id = range.from; id <= range.to; id++)
    kept.push({ id, pvid: flags.pvid, untagged: flags.untagged })
  link.vlans = kept.sort((x, y) => x.id - y.id)
}

export function deleteBridgeVlans(link: Link, range: { readonly from: number; readonly to: number }): void {
  link.vlans = (link.vlans ?? AT_BIRTH).filter(({ id }) => id < range.from || id > range.to)
}
