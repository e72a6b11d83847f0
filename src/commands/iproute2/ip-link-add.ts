/** `ip link add`: ip/{iplink,link_veth,iplink_bridge}.c */

import { ok, type Result } from '../../sim/base/result.ts'
import type { BridgeLink, Link } from '../../sim/kernel/link/types.ts'
import { addLink, deleteLink, type LinkSpec } from '../../sim/kernel/netlink/link.ts'
import { notModelled } from '../not-modelled.ts'
import { applyBridge, type BridgeDraft, readBridgeWords } from './bridge-words.ts'
import { change, type Ip } from './environment.ts'
import { applyDraft } from './ip-link-set.ts'
import { type LinkDraft, readLinkWords } from './link-words.ts'
import { type KindSpec, readIpvlanWords, readMacvlanWords, readVlanWords } from './stacked-words.ts'
import { readVxlanWords } from './vxlan-words.ts'
import { GiveUp, type Words } from './words.ts'

/** Of the kinds that our kernel could have, those that are modelled. */
const MODELLED = new Set(['bridge', 'veth', 'dummy', 'macvlan', 'ipvlan', 'vlan', 'vxlan'])

export function addLinkCommand(ip: Ip, words: Words): number {
  const draft = readLinkWords(ip, words)
  if (draft.type === null) throw new GiveUp('Not enough information: "type" argument is required\n', 1)
  if (draft.unmodelled !== null) return notModelled(ip.context, `ip link add ${draft.unmodelled}`)
  if (draft.device !== null && draft.name !== null) {
    throw new GiveUp('both "name" and "dev" cannot be used when creating devices.\n', 255)
  }
  const kind = draft.type
  const peer = kind === 'veth' ? readPeer(ip, words) : null
  const bridge = kind === 'bridge' ? readBridgeWords(ip, words) : null
  const settings = readKindWords(ip, kind, words)
  if (!MODELLED.has(kind) && ip.context.kernel.features.linkKinds.has(kind)) {
    return notModelled(ip.context, `ip link add type ${kind}`)
  }
  return change(ip, () => create(ip, draft, kind, peer, bridge, settings))
}

function readKindWords(ip: Ip, kind: string, words: Words): KindSpec {
  // Without a word of its own a kind's reader is not called.
  if (!words.more) return {}
  switch (kind) {
    case 'macvlan':
      return readMacvlanWords(words)
    case 'ipvlan':
      return readIpvlanWords(words)
    case 'vlan':
      return readVlanWords(words)
    case 'vxlan':
      return readVxlanWords(ip, words)
    default:
      return {}
  }
}

function readPeer(ip: Ip, words: Words): LinkDraft | null {
  if (!words.more) return null
  const word = words.take()
  if (word !== 'peer') {
    throw new GiveUp(
      word === 'help'
        ? "Usage: ip link <options> type veth [peer <options>]\nTo get <options> type 'ip link add help'\n"
        : `veth: unknown option "${word}"?\nUsage: ip link <options> type veth [peer <options>]\nTo get <options> type 'ip link add help'\n`,
      1,
    )
  }
  const draft = readLinkWords(ip, words)
  if (draft.device !== null && draft.name !== null) {
    throw new GiveUp('both "name" and "dev" cannot be used when creating devices.\n', 255)
  }
  return draft
}

function endOf(draft: LinkDraft): Pick<LinkSpec, 'name' | 'mac' | 'mtu' | 'index' | 'txQueueLength'> {
  const name = draft.name ?? draft.device
  return {
    ...(name === null ? {} : { name }),
    ...(draft.mac === null ? {} : { mac: draft.mac }),
    ...(draft.mtu === null ? {} : { mtu: draft.mtu }),
    ...(draft.index === null ? {} : { index: draft.index }),
    ...(draft.txQueueLength === null ? {} : { txQueueLength: draft.txQueueLength }),
  }
}

function create(
  ip: Ip,
  draft: LinkDraft,
  kind: string,
  peer: LinkDraft | null,
  bridge: BridgeDraft | null,
  settings: KindSpec,
): Result<Link> {
  const { world, kernel } = ip.context
  const netns = draft.netns === null ? ip.netns : kernel.namespaces.get(draft.netns)
  if (netns === undefined) return { ok: false, error: { code: 'EINVAL' } }
  const peerEnd = peer === null ? {} : endOf(peer)
  // Without a word of its own the peer is made where the command works, not where the other end goes.
  const peerNetns = peer?.netns ?? ip.netns.id
  const spec: LinkSpec = {
    kind,
    ...endOf(draft),
    ...settings,
    // The device below is looked up where the command works.
    ...(draft.lower === null
      ? {}
      : { lower: { host: ip.netns.host, netns: ip.netns.id, ifindex: draft.lower } }),
    ...(kind === 'veth' ? { peer: { txQueueLength: 1000, ...peerEnd, netns: peerNetns } } : {}),
  }
  const made = addLink(world, netns, spec)
  if (!made.ok) return made
  const settled =
    bridge === null ? ok(undefined) : applyBridge(world, netns, made.value as BridgeLink, bridge)
  if (!settled.ok) {
    deleteLink(world, netns, made.value)
    return settled
  }
  const applied = applyDraft(ip, netns, made.value, {
    ...draft,
    mac: null,
    mtu: null,
    name: null,
    netns: null,
  })
  return applied.ok ? ok(made.value) : applied
}
