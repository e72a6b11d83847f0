/** `ip link set`: all that was asked for, in the kernel's order. ip/iplink.c, net/core/rtnetlink.c do_setlink */
import { ok, type Result, refuse } from '../../sim/base/result.ts'
import type { Link } from '../../sim/kernel/link/types.ts'
import type { NetNamespace } from '../../sim/kernel/net-namespace.ts'
import {
  moveLink,
  renameLink,
  setLinkDown,
  setLinkMac,
  setLinkMtu,
  setLinkUp,
  setMaster,
} from '../../sim/kernel/netlink/link.ts'
import { notModelled } from '../not-modelled.ts'
import { applyPort, readSlaveWords } from './bridge-port-words.ts'
import { applyBridge, readBridgeWords } from './bridge-words.ts'
import { answer, change, type Ip, mayChange } from './environment.ts'
import { type LinkDraft, readLinkWords } from './link-words.ts'
import { cannotFind, deviceOr, missing, type Words } from './words.ts'

export function setLinkCommand(ip: Ip, words: Words): number {
  const draft = readLinkWords(ip, words)
  if (draft.unmodelled !== null) return notModelled(ip.context, `ip link set ${draft.unmodelled}`)
  if (draft.device === null && draft.group !== null) return notModelled(ip.context, 'ip link set group')
  if (draft.device === null) throw missing('dev')
  const link = deviceOr(ip.netns, draft.device, cannotFind)
  if (draft.type !== null) return setKind(ip, link, draft.type, words)
  if (!changesAnything(draft)) return 0
  return change(ip, () => applyDraft(ip, ip.netns, link, draft))
}

function changesAnything(draft: LinkDraft): boolean {
  return (
    Object.entries(draft).some(([key, value]) => key !== 'device' && value !== null && value !== undefined) ||
    draft.master === null
  )
}

function setKind(ip: Ip, link: Link, type: string, words: Words): number {
  if (type === 'bridge') {
    const draft = readBridgeWords(ip, words)
    if (!mayChange(ip.context)) return answer(ip, refuse('EPERM'))
    if (link.kind !== 'bridge') return answer(ip, refuse('EOPNOTSUPP'))
    return answer(ip, applyBridge(ip.context.world, ip.netns, link, draft))
  }
  if (type !== 'bridge_slave') return notModelled(ip.context, `ip link set type ${type}`)
  const draft = readSlaveWords(words)
  if (!mayChange(ip.context)) return answer(ip, refuse('EPERM'))
  return answer(ip, applyPort(ip.context.world, ip.netns, link, draft))
}

type Step = () => Result<unknown>

export function applyDraft(ip: Ip, from: NetNamespace, link: Link, draft: LinkDraft): Result<void> {
  const { world, kernel } = ip.context
  let netns = from
  const target = draft.netns === null ? null : kernel.namespaces.get(draft.netns)
  if (target === undefined) return refuse('ESRCH')
  const steps: Step[] = []
  if (target !== null) {
    steps.push(() => {
      const moved = moveLink(world, netns, link, target, draft.name ?? undefined)
      if (moved.ok) netns = target
      return moved
    })
  }
  const { mac, mtu, name, group, alias, master, up, txQueueLength } = draft
  if (mac !== null) steps.push(() => setLinkMac(world, netns, link, mac))
  if (mtu !== null) steps.push(() => setLinkMtu(world, netns, link, mtu))
  if (group !== null) steps.push(() => ok((link.group = group)))
  if (name !== null) steps.push(() => renameLink(world, netns, link, name))
  if (alias !== null) steps.push(() => ok((link.alias = alias === '' ? null : alias)))
  if (master !== undefined) steps.push(() => setMaster(world, netns, link, master))
  steps.push(() => ok(applyFlags(link, draft)))
  if (up !== null) steps.push(() => (up ? setLinkUp(world, netns, link) : setLinkDown(world, netns, link)))
  if (txQueueLength !== null) steps.push(() => ok((link.txQueueLength = txQueueLength)))
  for (const step of steps) {
    const done = step()
    if (!done.ok) return done
  }
  return ok(undefined)
}

function applyFlags(link: Link, draft: LinkDraft): void {
  link.arp = draft.arp ?? link.arp
  link.multicast = draft.multicast ?? link.multicast
  link.allMulticast = draft.allMulticast ?? link.allMulticast
  link.promiscuous = draft.promiscuous ?? link.promiscuous
}
