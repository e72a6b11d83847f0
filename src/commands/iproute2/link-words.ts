/** The words that `ip link add` and `ip link set` share. ip/iplink.c iplink_parse */

import { isValidName, LONGEST_NAME } from '../../sim/kernel/netlink/link.ts'
import { parseMac } from '../../sim/wire/mac-address.ts'
import { type Ip, NETNS_FOLDER, namespaceAt } from './environment.ts'
import {
  cannotFind,
  deviceOr,
  duplicate,
  GiveUp,
  invalid,
  matches,
  noSuchMaster,
  numberWord,
  onOff,
  type Words,
} from './words.ts'

export interface LinkDraft {
  device: string | null
  name: string | null
  up: boolean | null
  mac: string | null
  mtu: number | null
  index: number | null
  txQueueLength: number | null
  netns: number | null
  master: number | null | undefined
  lower: number | null
  arp: boolean | null
  multicast: boolean | null
  allMulticast: boolean | null
  promiscuous: boolean | null
  alias: string | null
  group: number | null
  type: string | null
  /** A real option that is not modelled. */
  unmodelled: string | null
}

export function emptyDraft(): LinkDraft {
  return {
    device: null,
    name: null,
    up: null,
    mac: null,
    mtu: null,
    index: null,
    txQueueLength: null,
    netns: null,
    master: undefined,
    lower: null,
    arp: null,
    multicast: null,
    allMulticast: null,
    promiscuous: null,
    alias: null,
    group: null,
    type: null,
    unmodelled: null,
  }
}

const UNMODELLED = [
  'broadcast',
  'brd',
  'xdp',
  'xdpgeneric',
  'xdpdrv',
  'xdpoffload',
  'trailers',
  'carrier',
  'dynamic',
  'vf',
  'vrf',
  'mode',
  'state',
  'link-netnsid',
  'link-netns',
  'addrgenmode',
  'protodown',
  'gso_max_size',
  'gso_max_segs',
  'gro_max_size',
  'numtxqueues',
  'numrxqueues',
]

/** Reads up to `type TYPE`, which stays for the kind's own reader. */
export function readLinkWords(ip: Ip, words: Words): LinkDraft {
  const draft = emptyDraft()
  while (words.more) {
    const word = words.take()
    if (matches(word, 'type')) {
      draft.type = words.value()
      break
    }
    if (!readPlain(draft, word, words) && !readFlags(draft, word, words)) readOther(ip, draft, word, words)
  }
  return draft
}

function readPlain(draft: LinkDraft, word: string, words: Words): boolean {
  if (word === 'up') draft.up = true
  else if (word === 'down') draft.up = false
  else if (word === 'name') draft.name = nameWord('name', words.value(), true)
  else if (matches(word, 'index')) draft.index = numberWord(words.value(), 'Invalid "index" value\n')
  else if (matches(word, 'address')) draft.mac = macWord(words.value())
  else if (matches(word, 'txqueuelen', 'qlen', 'txqlen')) {
    draft.txQueueLength = numberWord(words.value(), 'Invalid "txqueuelen" value\n')
  } else if (word === 'mtu') draft.mtu = numberWord(words.value(), 'Invalid "mtu" value\n')
  else if (word === 'alias') draft.alias = words.value()
  else if (word === 'group') draft.group = groupWord(words.value())
  else return false
  return true
}

function readFlags(draft: LinkDraft, word: string, words: Words): boolean {
  if (word === 'multicast') draft.multicast = onOff(words, word)
  else if (word === 'allmulticast') draft.allMulticast = onOff(words, word)
  else if (word === 'promisc') draft.promiscuous = onOff(words, word)
  else if (word === 'arp') draft.arp = onOff(words, word)
  else return false
  return true
}

function readOther(ip: Ip, draft: LinkDraft, word: string, words: Words): void {
  if (matches(word, 'link')) draft.lower = deviceOr(ip.netns, words.value(), cannotFind).ifindex
  else if (word === 'netns') draft.netns = netnsWord(ip, words.value())
  else if (word === 'master') draft.master = deviceOr(ip.netns, words.value(), noSuchMaster).ifindex
  else if (word === 'nomaster') draft.master = null
  else if (UNMODELLED.includes(word)) {
    draft.unmodelled = word
    words.value()
  } else {
    const name = word === 'dev' ? words.value() : word
    if (draft.device !== null) throw duplicate('dev', name)
    draft.device = nameWord('dev', name, false)
  }
}

function macWord(word: string): string {
  const bytes = word.split(':')
  const isAddress = bytes.length > 1 && bytes.every((byte) => /^[0-9a-f]{1,2}$/i.test(byte))
  if (isAddress && bytes.length !== 6) {
    throw new GiveUp(`Invalid address length ${bytes.length} - must be 6 bytes\n`, 1)
  }
  if (parseMac(word) === null) throw new GiveUp(`"${word}" is invalid lladdr.\n`, 1)
  return word
}

/** Too long a name of a device that is to be made or found is left to the kernel's refusal. */
function nameWord(key: string, word: string, isNew: boolean): string {
  const isLong = word.length > LONGEST_NAME
  if (isLong ? isNew : !isValidName(word)) throw invalid(`"${key}" not a valid ifname`, word)
  return word
}

/** A process number that nobody has: the kernel will refuse it. */
const NO_NAMESPACE = -1

/** By name below /run/netns, or by process number. */
export function netnsWord(ip: Ip, word: string): number {
  const named = namespaceAt(ip.context, word.includes('/') ? word : `${NETNS_FOLDER}/${word}`)
  if (named !== null) return named
  if (!/^\d+$/.test(word)) throw invalid('Invalid "netns" value\n', word)
  return findProcess(ip, Number(word))?.netns ?? NO_NAMESPACE
}

export function findProcess(ip: Ip, number: number) {
  const { kernel, process: self } = ip.context
  for (const process of kernel.processes.values()) {
    if (process.pids.get(self.pidns) === number && process.state !== 'zombie') return process
  }
  return undefined
}

export function groupWord(word: string): number {
  if (word === 'default') return 0
  if (!/^\d+$/.test(word)) throw invalid('Invalid "group" value\n', word)
  return Number(word)
}
