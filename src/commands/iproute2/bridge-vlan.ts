/**
 * `bridge vlan`: which VLANs a port takes part in. bridge/vlan.c of iproute2 6.1.0, net/bridge/br_vlan.c.
 * Not modelled: tunnel identifiers, states, options of VLANs, statistics; frames are not sorted by VLAN.
 */
import { type Result, refuse } from '../../sim/base/result.ts'
import type { BridgeVlan, Link } from '../../sim/kernel/link/types.ts'
import { addBridgeVlans, deleteBridgeVlans, listBridgeVlans } from '../../sim/kernel/netlink/bridge-vlan.ts'
import { findLink } from '../../sim/kernel/netlink/link.ts'
import { notModelled } from '../not-modelled.ts'
import { answer, type Ip, mayChange } from './environment.ts'
import { VLAN_USAGE } from './usage.ts'
import { GiveUp, matches, type Words } from './words.ts'

export function vlanObject(ip: Ip, words: Words): number {
  const verb = words.more ? words.take() : 'show'
  if (matches(verb, 'add')) return modify(ip, words, 'add')
  if (matches(verb, 'delete')) return modify(ip, words, 'delete')
  if (matches(verb, 'show', 'lst', 'list')) return showVlans(ip, words)
  if (matches(verb, 'global') && !hasVlans(ip)) return noVlans(ip)
  if (matches(verb, 'set', 'tunnelshow', 'global')) return notModelled(ip.context, `bridge vlan ${verb}`)
  if (matches(verb, 'help')) throw new GiveUp(VLAN_USAGE, 255)
  throw new GiveUp(`Command "${verb}" is unknown, try "bridge vlan help".\n`, 255)
}

const hasVlans = (ip: Ip): boolean => ip.context.kernel.features.linkKinds.has('vlan')

function deviceWord(ip: Ip, name: string, kind: 'device' | 'bridge device'): Link {
  const link = findLink(ip.netns, name)
  if (link === undefined) throw new GiveUp(`Cannot find ${kind} "${name}"\n`, 255)
  return link
}

function modify(ip: Ip, words: Words, verb: 'add' | 'delete'): number {
  let link: Link | null = null
  let range: { from: number; to: number } | null = null
  let pvid = false
  let untagged = false
  let isSelf = false
  while (words.more) {
    const word = words.take()
    if (word === 'dev') link = deviceWord(ip, words.value(), 'bridge device')
    else if (word === 'vid') range = rangeWord(words.value())
    else if (word === 'self') isSelf = true
    else if (word === 'master') isSelf = false
    else if (matches(word, 'pvid')) pvid = true
    else if (matches(word, 'untagged')) untagged = true
    else if (word === 'tunnel_info') return notModelled(ip.context, `bridge vlan ${verb} tunnel_info`)
    else if (matches(word, 'help')) throw new GiveUp(VLAN_USAGE, 255)
  }
  if (link === null || range === null) {
    throw new GiveUp('Device and VLAN ID are required arguments.\n', 255)
  }
  if (pvid && range.from !== range.to) throw new GiveUp('pvid cannot be configured for a vlan range\n', 255)
  if (!mayChange(ip.context)) return answer(ip, refuse('EPERM'), 255)
  return answer(ip, apply(ip, link, range, verb, { pvid, untagged, isSelf }), 255)
}

function rangeWord(word: string): { from: number; to: number } {
  const [from = 0, to = from] = word.split('-').map((text) => Number.parseInt(text, 10) || 0)
  if (from >= 4096 || to >= 4096) throw new GiveUp(`Invalid VLAN ID "${word}"\n`, 255)
  if (from > to) throw new GiveUp(`Invalid VLAN range "${word}"\n`, 255)
  return { from, to }
}

function apply(
  ip: Ip,
  link: Link,
  range: { readonly from: number; readonly to: number },
  verb: 'add' | 'delete',
  flags: { readonly pvid: boolean; readonly untagged: boolean; readonly isSelf: boolean },
): Result<void> {
  const takes = flags.isSelf ? link.kind === 'bridge' : link.port !== null
  if (!takes) return refuse('EOPNOTSUPP')
  if (range.from < 1 || range.to > 4094) return refuse('ERANGE', 'bridge: Vlan id is invalid')
  if (!hasVlans(ip)) return verb === 'add' ? refuse('EOPNOTSUPP') : { ok: true, value: undefined }
  if (verb === 'delete') deleteBridgeVlans(link, range)
  else addBridgeVlans(link, range, flags)
  return { ok: true, value: undefined }
}

function showVlans(ip: Ip, words: Words): number {
  let only: Link | null = null
  let vid: number | null = null
  while (words.more) {
    const word = words.take()
    if (word === 'dev') only = deviceWord(ip, words.value(), 'device')
    else if (word === 'vid') vid = Number(words.value())
  }
  if (ip.options.details && !hasVlans(ip)) return noVlans(ip)
  const rows = [...ip.netns.links.values()]
    .filter((link) => hasVlans(ip) && (only === null || link === only))
    .map((link) => ({ name: link.name, vlans: listBridgeVlans(ip.netns, link) }))
    .map(({ name, vlans }) => ({ name, vlans: vlans.filter((one) => vid === null || one.id === vid) }))
    .filter(({ vlans }) => vlans.length > 0)
  ip.context.out(ip.options.json ? `${JSON.stringify(rows.map(jsonOf))}\n` : tableOf(rows))
  return 0
}

/** RTM_GETVLAN, which a kernel without VLANs on bridges does not know. */
function noVlans(ip: Ip): number {
  ip.context.out(tableOf([]))
  ip.context.err('RTNETLINK answers: Operation not supported\nDump terminated\n')
  return 1
}

interface Row {
  readonly name: string
  readonly vlans: readonly BridgeVlan[]
}

function tableOf(rows: readonly Row[]): string {
  const lines = rows.flatMap(({ name, vlans }) =>
    vlans.map(({ id, pvid, untagged }, i) => {
      const flags = `${pvid ? ' PVID' : ''}${untagged ? ' Egress Untagged' : ''}`
      return `${(i === 0 ? name : '').padEnd(16)}  ${id}${flags}\n`
    }),
  )
  return `${'port'.padEnd(16)}  ${'vlan-id'.padEnd(9)}\n${lines.join('')}`
}

function jsonOf({ name, vlans }: Row) {
  return {
    ifname: name,
    vlans: vlans.map(({ id, pvid, untagged }) => {
      const flags = [...(pvid ? ['PVID'] : []), ...(untagged ? ['Egress Untagged'] : [])]
      return flags.length > 0 ? { vlan: id, flags } : { vlan: id }
    }),
  }
}
