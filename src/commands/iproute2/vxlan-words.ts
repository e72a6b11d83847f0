/** `type vxlan …` of `ip link add`: ip/iplink_vxlan.c (6.1.0). Not modelled: IPv6 peers, external mode, the checksums of IPv6. */
import type { NetNamespace } from '../../sim/kernel/net-namespace.ts'
import { findLink } from '../../sim/kernel/netlink/link.ts'
import { isMulticast, parseIpv4 } from '../../sim/wire/ipv4-address.ts'
import type { Ip } from './environment.ts'
import { type KindSpec, unmodelledOption } from './stacked-words.ts'
import { VXLAN_USAGE } from './usage-kinds.ts'
import { cannotFind, deviceOr, duplicate, GiveUp, invalid, matches, type Words } from './words.ts'

type VxlanSpec = NonNullable<KindSpec['vxlan']>
type Draft = { -readonly [K in keyof VxlanSpec]: VxlanSpec[K] }

const UNMODELLED = [
  ...['proxy', 'noproxy', 'rsc', 'norsc', 'l2miss', 'nol2miss', 'l3miss', 'nol3miss', 'udpcsum', 'noudpcsum'],
  ...['udp6zerocsumtx', 'noudp6zerocsumtx', 'udp6zerocsumrx', 'noudp6zerocsumrx', 'remcsumtx', 'noremcsumtx'],
  ...['remcsumrx', 'noremcsumrx', 'external', 'noexternal', 'gbp', 'gpe', 'df', 'flowlabel', 'maxaddress'],
  ...['ttl_inherit'],
]

export function readVxlanWords(ip: Ip, words: Words): KindSpec {
  const draft: Draft = { underlay: ip.netns.id }
  let hasPort = false
  while (words.more) {
    const word = words.take()
    if (matches(word, 'id', 'vni')) draft.vni = vniWord(words)
    else if (matches(word, 'group')) {
      if (draft.remote !== undefined) throw duplicate('group', words.value())
      draft.remote = peerWord(words, 'group')
    } else if (matches(word, 'remote')) {
      if (draft.remote !== undefined) throw duplicate('remote', words.value())
      draft.remote = peerWord(words, 'remote')
    } else if (matches(word, 'local')) {
      const text = words.value()
      const address = parseIpv4(text)
      if (address === null || isMulticast(address)) throw invalid('invalid local address\n', text)
      draft.local = address
    } else if (matches(word, 'dev')) draft.device = deviceOr(ip.netns, words.value(), cannotFind).ifindex
    else if (matches(word, 'ttl', 'hoplimit')) draft.ttl = ttlWord(words)
    else if (matches(word, 'tos', 'dsfield')) draft.tos = byteWord(words, 'bad TOS value\n')
    else if (matches(word, 'ageing')) draft.ageingTimeMs = ageingWord(words) * 1000
    else if (matches(word, 'port', 'srcport')) {
      draft.sourcePorts = { low: portWord(words), high: portWord(words) }
    } else if (matches(word, 'dstport')) {
      draft.destinationPort = portWord(words)
      hasPort = true
    } else if (matches(word, 'learning')) draft.learning = true
    else if (matches(word, 'nolearning')) draft.learning = false
    else if (matches(word, 'help')) throw new GiveUp(VXLAN_USAGE, 1)
    else if (matches(word, ...UNMODELLED)) throw unmodelledOption(`ip link add type vxlan ${word}`)
    else throw new GiveUp(`vxlan: unknown command "${word}"?\n${VXLAN_USAGE}`, 1)
  }
  if (draft.vni === undefined) throw new GiveUp('vxlan: missing virtual network identifier\n', 1)
  if (!hasPort) ip.context.err(NO_PORT)
  return { vxlan: draft }
}

const NO_PORT = `vxlan: destination port not specified
Will use Linux kernel default (non-standard value)
Use 'dstport 4789' to get the IANA assigned value
Use 'dstport 0' to get default and quiet this message
`

function vniWord(words: Words): number {
  const text = words.value()
  const vni = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (!(vni < 1 << 24)) throw invalid('invalid id\n', text)
  return vni
}

function peerWord(words: Words, key: 'group' | 'remote'): number {
  const text = words.value()
  const address = parseIpv4(text)
  if (address === null || isMulticast(address) !== (key === 'group')) {
    throw invalid(`invalid ${key} address\n`, text)
  }
  return address
}

function byteWord(words: Words, message: string): number {
  const text = words.value()
  const value = /^(0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text) : Number.NaN
  if (!(value <= 255)) throw invalid(message, text)
  return value
}

function ttlWord(words: Words): number {
  if (words.peek() === 'inherit') throw unmodelledOption('ip link add type vxlan ttl inherit')
  if (words.peek() === 'auto') {
    words.take()
    return 0
  }
  return byteWord(words, 'invalid TTL\n')
}

function ageingWord(words: Words): number {
  const text = words.value()
  if (text === 'none') return 0
  if (!/^\d+$/.test(text)) throw invalid('ageing timer\n', text)
  return Number(text)
}

function portWord(words: Words): number {
  const text = words.value()
  const port = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (!(port <= 0xffff)) throw invalid('port\n', text)
  return port
}

/** `dst ADDRESS [port P] [vni N] [via DEV]` of `bridge fdb`. */
export interface PeerDraft {
  address: number | null
  port: number | null
  vni: number | null
  ifindex: number | null
}

/** Reads one of the peer's words; false if it is none. */
export function readPeerWord(netns: NetNamespace, draft: PeerDraft, word: string, words: Words): boolean {
  if (word === 'dst') {
    const text = words.value()
    const address = parseIpv4(text)
    if (address === null) throw new GiveUp(`Error: an inet address is expected rather than "${text}".\n`, 1)
    draft.address = address
  } else if (word === 'port') draft.port = numberOf(words, 'invalid port\n')
  else if (word === 'vni') draft.vni = numberOf(words, 'invalid VNI\n')
  else if (word === 'via') {
    const name = words.value()
    const link = findLink(netns, name)
    if (link === undefined) throw new GiveUp(`Cannot find device "${name}"\n`, 255)
    draft.ifindex = link.ifindex
  } else return false
  return true
}

function numberOf(words: Words, message: string): number {
  const text = words.value()
  if (!/^\d+$/.test(text)) throw invalid(message, text)
  return Number(text)
}
