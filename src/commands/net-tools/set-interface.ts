/** The words that change a device: both `ifconfig`s read them. net-tools ifconfig.c; net/ipv4/devinet.c devinet_ioctl */
import { ok, type Result, refuse } from '../../sim/base/result.ts'
import type { InterfaceAddress, Link } from '../../sim/kernel/link/types.ts'
import { addAddress, deleteAddress } from '../../sim/kernel/netlink/address.ts'
import { findLink, setLinkDown, setLinkMac, setLinkMtu, setLinkUp } from '../../sim/kernel/netlink/link.ts'
import { broadcastOf, formatIpv4, lengthOf, parseIpv4 } from '../../sim/wire/ipv4-address.ts'
import { parseMac } from '../../sim/wire/mac-address.ts'
import type { CommandContext } from '../context.ts'
import { notModelled } from '../not-modelled.ts'

export interface Wording {
  /** `DEVICE: ERROR while getting interface flags: No such device`, and the like. */
  failed(context: CommandContext, device: string, request: string, code: string): number
  /** What is no number: the address of a host of that name, or null once said why not. `behind`: `netmask` …, or null. */
  badAddress(
    context: CommandContext,
    word: string,
    behind: string | null,
  ): number | null | Promise<number | null>
  /** A word is missing at the end. */
  usage?(context: CommandContext): number
  badHardware?(context: CommandContext, word: string): number
  readonly takesPrefix: boolean
}

interface Place {
  readonly context: CommandContext
  readonly name: string
  readonly link: Link
}

const classLength = (address: number): number => (address >>> 31 === 0 ? 8 : address >>> 30 === 2 ? 16 : 24)

function labelled(place: Place): InterfaceAddress | undefined {
  return place.link.addresses.find((own) => own.label === place.name)
}

function replace(
  place: Place,
  next: { address: number; length: number; broadcast: number | null },
): Result<unknown> {
  const { world, netns } = place.context
  const old = labelled(place)
  if (old !== undefined) deleteAddress(world, netns, place.link, { address: old.address, length: old.length })
  return addAddress(world, netns, place.link, { ...next, label: place.name })
}

/** SIOCSIFADDR: a classful mask and its broadcast address; the same address again changes nothing. */
function setAddress(place: Place, address: number): Result<unknown> {
  const { world, netns } = place.context
  const old = labelled(place)
  if (address === 0) {
    return old === undefined
      ? ok(undefined)
      : deleteAddress(world, netns, place.link, { address: old.address, length: old.length })
  }
  if (old?.address === address) return ok(undefined)
  const length = classLength(address)
  const broadcast = place.link.kind === 'loopback' ? null : broadcastOf(address, length)
  const done = replace(place, { address, length, broadcast })
  return done.ok ? setLinkUp(world, netns, place.link) : done
}

/** SIOCSIFNETMASK: a broadcast address that was the old mask's becomes the new one's. */
function setMask(place: Place, mask: number): Result<unknown> {
  const old = labelled(place)
  const length = lengthOf(mask)
  if (old === undefined) return refuse('EADDRNOTAVAIL')
  if (length === null) return refuse('EINVAL')
  if (length === old.length) return ok(undefined)
  const wasDefault = old.broadcast === broadcastOf(old.address, old.length)
  const broadcast = wasDefault && length < 31 ? broadcastOf(old.address, length) : old.broadcast
  return replace(place, { address: old.address, length, broadcast })
}

function setBroadcast(place: Place, broadcast: number): Result<unknown> {
  const old = labelled(place)
  return old === undefined
    ? refuse('EADDRNOTAVAIL')
    : replace(place, { address: old.address, length: old.length, broadcast })
}

function setUp(place: Place, up: boolean): Result<unknown> {
  const { world, netns } = place.context
  if (up) return setLinkUp(world, netns, place.link)
  const isAlias = place.name.includes(':')
  if (!isAlias) return setLinkDown(world, netns, place.link)
  const old = labelled(place)
  return old === undefined
    ? refuse('EADDRNOTAVAIL')
    : deleteAddress(world, netns, place.link, { address: old.address, length: old.length })
}

/** How many words must follow. */
const NEEDED: Readonly<Record<string, number>> = { mtu: 1, txqueuelen: 1, netmask: 1, hw: 2 }

const UNMODELLED = [
  'add',
  'del',
  'pointopoint',
  '-pointopoint',
  'dstaddr',
  'metric',
  'outfill',
  'keepalive',
  'mem_start',
  'io_addr',
  'irq',
  'tunnel',
  'media',
  'trailers',
  '-trailers',
  'dynamic',
  '-dynamic',
]

/** `words` behind the device's name. */
export async function setInterface(
  context: CommandContext,
  name: string,
  words: readonly string[],
  wording: Wording,
): Promise<number> {
  const link = findLink(context.netns, name.split(':')[0] ?? name)
  if (link === undefined) {
    const first = words[0] ?? ''
    const isAddress = parseIpv4(first.split('/')[0] ?? '') !== null
    return wording.failed(context, name, isAddress ? 'SIOCSIFADDR' : 'SIOCGIFFLAGS', 'ENODEV')
  }
  const place: Place = { context, name, link }
  const queue = [...words]
  while (queue.length > 0) {
    const word = queue.shift()!
    if (UNMODELLED.includes(word)) return notModelled(context, `ifconfig ${word}`)
    const needs = NEEDED[word]
    if (needs !== undefined && queue.length < needs && wording.usage !== undefined)
      return wording.usage(context)
    const badMac = word === 'hw' && queue[0] === 'ether' && parseMac(queue[1] ?? '') === null
    if (badMac && wording.badHardware !== undefined) return wording.badHardware(context, queue[1] ?? '')
    const step = stepOf(place, word, queue, wording)
    if (step.request === null) {
      const address = await wording.badAddress(context, step.word, step.behind)
      if (address === null) return 1
      queue.unshift(...(step.behind === null ? [] : [step.behind]), formatIpv4(address))
      continue
    }
    const done: Result<unknown> = context.process.capabilities.has('NET_ADMIN') ? step.act() : refuse('EPERM')
    if (!done.ok) return wording.failed(context, name, step.request, done.error.code)
  }
  return 0
}

interface Step {
  readonly request: string
  readonly act: () => Result<unknown>
}

interface NoAddress {
  readonly request: null
  readonly word: string
  readonly behind: string | null
}

function stepOf(place: Place, word: string, queue: string[], wording: Wording): Step | NoAddress {
  const { world, netns } = place.context
  const { link } = place
  const flag = (key: 'arp' | 'multicast' | 'promiscuous' | 'allMulticast', on: boolean): Step => ({
    request: 'SIOCSIFFLAGS',
    act: () => ok((link[key] = on)),
  })
  if (word === 'up' || word === 'down')
    return { request: 'SIOCSIFFLAGS', act: () => setUp(place, word === 'up') }
  if (word === 'arp' || word === '-arp') return flag('arp', word === 'arp')
  if (word === 'multicast' || word === '-multicast') return flag('multicast', word === 'multicast')
  if (word === 'promisc' || word === '-promisc') return flag('promiscuous', word === 'promisc')
  if (word === 'allmulti' || word === '-allmulti') return flag('allMulticast', word === 'allmulti')
  if (word === 'mtu') {
    const mtu = Number(queue.shift())
    const isNumber = Number.isInteger(mtu)
    return {
      request: 'SIOCSIFMTU',
      act: () => (isNumber ? setLinkMtu(world, netns, link, mtu) : refuse('EINVAL')),
    }
  }
  if (word === 'txqueuelen') {
    const length = Number(queue.shift())
    return { request: 'SIOCSIFTXQLEN', act: () => ok((link.txQueueLength = length)) }
  }
  if (word === 'hw') {
    queue.shift()
    const mac = queue.shift() ?? ''
    return {
      request: 'SIOCSIFHWADDR',
      act: () => (parseMac(mac) === null ? refuse('EINVAL') : setLinkMac(world, netns, link, mac)),
    }
  }
  return addressStep(place, word, queue, wording)
}

function addressStep(place: Place, word: string, queue: string[], wording: Wording): Step | NoAddress {
  if (word === 'netmask' || word === 'broadcast') {
    const text = queue.shift() ?? ''
    const value = parseIpv4(text)
    if (value === null) return { request: null, word: text, behind: word }
    return word === 'netmask'
      ? { request: 'SIOCSIFNETMASK', act: () => setMask(place, value) }
      : { request: 'SIOCSIFBRDADDR', act: () => setBroadcast(place, value) }
  }
  const [text = '', lengthText] = word.split('/')
  const address = parseIpv4(text)
  if (address === null || (lengthText !== undefined && !wording.takesPrefix)) {
    return { request: null, word, behind: null }
  }
  const length = lengthText === undefined ? null : Number(lengthText)
  return {
    request: 'SIOCSIFADDR',
    act: () => {
      const done = setAddress(place, address)
      return done.ok && length !== null
        ? setMask(place, length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0)
        : done
    },
  }
}
