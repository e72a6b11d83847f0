/**
 * Offloads of devices without hardware, as `ethtool -k` lists and `-K` sets them. net/core/dev.c: netdev_fix_features;
 * drivers/net/{loopback,veth,macvlan,vxlan}.c, net/bridge/br_device.c. They change nothing about packets here.
 * Not modelled: those of cards, of dummy, VLAN and ipvlan devices.
 */
import type { Result } from '../../base/result.ts'
import type { Link } from './types.ts'

const KINDS = ['loopback', 'veth', 'bridge', 'macvlan', 'vxlan']

/**
 * A column a kind of KINDS: `+` on, `-` off, `P` on and `M` off for good. `=` heads the lines with `>` below it, and
 * is on when one of them is.
 */
const TABLE = `
 rx-checksumming P+MP+
=tx-checksumming
>tx-checksum-ipv4 MMMMM
>tx-checksum-ip-generic P++P+
>tx-checksum-ipv6 MMMMM
>tx-checksum-fcoe-crc MMMMM
>tx-checksum-sctp P+MMM
=scatter-gather
>tx-scatter-gather P++P+
>tx-scatter-gather-fraglist P++P+
=tcp-segmentation-offload
>tx-tcp-segmentation +++P+
>tx-tcp-ecn-segmentation +++P+
>tx-tcp-mangleid-segmentation +++P+
>tx-tcp6-segmentation +++P+
>tx-tcp-accecn-segmentation +++P+
 generic-segmentation-offload +++++
 generic-receive-offload +-+M+
 large-receive-offload MMM-M
 rx-vlan-offload M+MMM
 tx-vlan-offload M++MM
 ntuple-filters MMMMM
 receive-hashing MMMMM
 highdma P++PM
 rx-vlan-filter MMMMM
 vlan-challenged PMMMM
 tx-gso-robust MM+PM
 tx-fcoe-segmentation MM+MM
 tx-gre-segmentation M++PM
 tx-gre-csum-segmentation M++PM
 tx-ipxip4-segmentation M++PM
 tx-ipxip6-segmentation M++PM
 tx-udp_tnl-segmentation M++PM
 tx-udp_tnl-csum-segmentation M++PM
 tx-gso-partial MM+MM
 tx-tunnel-remcsum-segmentation MM+MM
 tx-sctp-segmentation +++P+
 tx-esp-segmentation MM+MM
 tx-udp-segmentation +++P+
 tx-gso-list +++P+
 tx-nocache-copy M----
 loopback PMMMM
 rx-fcs MMMMM
 rx-all MMMMM
 tx-vlan-stag-hw-insert M++MM
 rx-vlan-stag-hw-parse M+MMM
 rx-vlan-stag-filter MMMMM
 l2-fwd-offload MMMMM
 hw-tc-offload MMMMM
 esp-hw-offload MMMMM
 esp-tx-csum-hw-offload MMMMM
 rx-udp_tunnel-port-offload MMMMM
 tls-hw-tx-offload MMMMM
 tls-hw-rx-offload MMMMM
 rx-gro-hw MMMMM
 tls-hw-record MMMMM
 rx-gro-list -----
 macsec-hw-offload MMMMM
 rx-udp-gro-forwarding -----
 hsr-tag-ins-offload MMMMM
 hsr-tag-rm-offload MMMMM
 hsr-fwd-offload MMMMM
 hsr-dup-offload MMMMM
`

export interface Feature {
  readonly name: string
  readonly active: boolean
  readonly fixed: boolean
  /** A group of those below it, one of a group, or neither. */
  readonly place: 'group' | 'member' | 'alone'
  readonly wanted: boolean
}

interface Row {
  readonly name: string
  readonly place: Feature['place']
  readonly states: string
}

const PLACES: Readonly<Record<string, Feature['place']>> = { '=': 'group', '>': 'member' }
const ROWS: readonly Row[] = TABLE.split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => {
    const [name = '', states = ''] = line.slice(1).split(' ')
    return { name, states, place: PLACES[line[0] ?? ''] ?? 'alone' }
  })

/** Null: the features of such a device are not known here. */
export function listFeatures(link: Link): Feature[] | null {
  const column = KINDS.indexOf(link.kind)
  if (column < 0) return null
  const single = ROWS.map((row): Feature => {
    const state = row.states[column] ?? 'M'
    const fixed = state === 'P' || state === 'M'
    const born = state === 'P' || state === '+'
    const wanted = link.offloads?.[row.name] ?? born
    return { name: row.name, active: fixed ? born : wanted, fixed, wanted, place: row.place }
  })
  return withGroups(withoutOrphans(single))
}

const CHECKSUMS = ['tx-checksum-ipv4', 'tx-checksum-ip-generic', 'tx-checksum-ipv6']

/** Segments can be left to the device only if it also sums them up and takes them in pieces. */
function withoutOrphans(list: readonly Feature[]): Feature[] {
  const isOn = (name: string): boolean => list.find((one) => one.name === name)?.active === true
  const sums = CHECKSUMS.some(isOn)
  const scatters = isOn('tx-scatter-gather')
  return list.map((one) => {
    if (one.fixed) return one
    const isTcp = /^tx-tcp.*-segmentation$/.test(one.name) && one.name !== 'tx-tcp-accecn-segmentation'
    const isSegments = isTcp || one.name === 'tx-udp-segmentation'
    if (!sums && isSegments) return { ...one, active: false }
    if (!scatters && (isTcp || one.name === 'generic-segmentation-offload')) return { ...one, active: false }
    return one
  })
}

function withGroups(list: readonly Feature[]): Feature[] {
  return list.map((one, at) => {
    if (one.place !== 'group') return one
    const end = list.findIndex((other, i) => i > at && other.place !== 'member')
    return { ...one, active: list.slice(at + 1, end).some((member) => member.active) }
  })
}

const SHORT: Readonly<Record<string, RegExp>> = {
  rx: /^rx-checksumming$/,
  tx: /^tx-checksum-/,
  'tx-checksumming': /^tx-checksum-/,
  sg: /^tx-scatter-gather/,
  'scatter-gather': /^tx-scatter-gather/,
  tso: /^tx-tcp.*-segmentation$/,
  'tcp-segmentation-offload': /^tx-tcp.*-segmentation$/,
  gso: /^generic-segmentation-offload$/,
  gro: /^generic-receive-offload$/,
  lro: /^large-receive-offload$/,
  rxvlan: /^rx-vlan-offload$/,
  txvlan: /^tx-vlan-offload$/,
  ntuple: /^ntuple-filters$/,
  rxhash: /^receive-hashing$/,
}

export interface FeatureChange {
  readonly name: string
  readonly active: boolean
  /** What was asked for, if anything was. */
  readonly requested: boolean | null
}

/** What has changed besides what was asked for; empty when it all went as asked. */
export function setFeatures(
  link: Link,
  wishes: readonly { readonly name: string; readonly on: boolean }[],
): Result<FeatureChange[]> {
  const before = listFeatures(link) ?? []
  const asked = new Map<string, boolean>()
  for (const { name, on } of wishes) {
    const pattern = SHORT[name]
    const fitting = before.filter((one) =>
      pattern === undefined ? one.name === name : pattern.test(one.name),
    )
    if (fitting.length === 0) return { ok: false, error: { code: 'EOPNOTSUPP' } }
    for (const one of fitting) asked.set(one.name, on)
  }
  link.offloads = { ...link.offloads, ...Object.fromEntries(asked) }
  const after = (listFeatures(link) ?? []).filter((one) => one.place !== 'group')
  const rows = after.flatMap((one): FeatureChange[] => {
    const requested = asked.get(one.name) ?? null
    const changed = before.find((old) => old.name === one.name)?.active !== one.active
    const missed = requested !== null && requested !== one.active
    return changed || missed ? [{ name: one.name, active: one.active, requested }] : []
  })
  // In the order of the kernel's bits.
  const late = ({ name }: FeatureChange): number => (/^tx-checksum-(fcoe|sctp)/.test(name) ? 1 : 0)
  rows.sort((a, b) => late(a) - late(b))
  const asAsked = rows.every((row) => row.requested === row.active)
  return { ok: true, value: asAsked ? [] : rows }
}
