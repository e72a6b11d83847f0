/** busybox's `ip link`: libiproute/iplink.c (1.35). Each setting is a call of its own, and so is each refusal. */
import { busyboxLinkText } from '../../render/busybox/ip.ts'
import { ok, type Result, refuse } from '../../sim/base/result.ts'
import { describeLink, describeLinks } from '../../sim/kernel/netlink/dump.ts'
import {
  addLink,
  deleteLink,
  findLink,
  moveLink,
  renameLink,
  setLinkDown,
  setLinkMac,
  setLinkMtu,
  setLinkUp,
  setMaster,
} from '../../sim/kernel/netlink/link.ts'
import { parseMac } from '../../sim/wire/mac-address.ts'
import { findProcess } from '../iproute2/link-words.ts'
import { GiveUp, matches, type Words } from '../iproute2/words.ts'
import { notModelled } from '../not-modelled.ts'
import type { BusyboxIp } from './ip.ts'
import { onOneLine } from './ip-address.ts'
import { called, changed, device, invalidArgument } from './ip-words.ts'

export function busyboxLink(ip: BusyboxIp, words: Words): number {
  const verb = words.take()
  if (verb === '' || matches(verb, 'show', 'lst', 'list')) return show(ip, words)
  if (matches(verb, 'add')) return add(ip, words)
  if (matches(verb, 'set', 'change')) return set(ip, words)
  if (matches(verb, 'delete')) return remove(ip, words)
  throw invalidArgument(verb, 'ip', 2)
}

function show(ip: BusyboxIp, words: Words): number {
  const { world, netns } = ip.context
  let only = null
  let up = false
  while (words.more) {
    const word = words.take()
    if (word === 'up') up = true
    else only = device(ip, word === 'dev' ? words.value() : word, 2)
  }
  const rows = only === null ? describeLinks(world, netns) : [describeLink(world, netns, only)]
  for (const row of rows) {
    if (up && !row.up) continue
    const text = busyboxLinkText(row, 'link', only === null)
    ip.context.out(ip.oneline ? onOneLine(text) : text)
  }
  return 0
}

function onOff(words: Words, key: string): boolean {
  const word = words.value()
  if (word === 'on' || word === 'off') return word === 'on'
  throw invalidArgument(word, key, 2)
}

function set(ip: BusyboxIp, words: Words): number {
  let name: string | null = null
  let up: boolean | null = null
  const steps: ((target: string) => void)[] = []
  const step = (
    request: string,
    act: (link: NonNullable<ReturnType<typeof findLink>>) => Result<unknown>,
  ): void => {
    steps.push((target) => {
      const link = findLink(ip.context.netns, target)
      if (link === undefined) throw new GiveUp(`SIOCGIFFLAGS: No such device`, 2)
      called(ip, request, () => act(link))
    })
  }
  const { world, netns } = ip.context
  while (words.more) {
    const word = words.take()
    if (word === 'up' || word === 'down') up = word === 'up'
    else if (word === 'mtu') {
      const mtu = numberOf(words.value(), 'mtu')
      step('SIOCSIFMTU', (link) => setLinkMtu(world, netns, link, mtu))
    } else if (word === 'name') {
      const wanted = words.value()
      step('SIOCSIFNAME', (link) => renameLink(world, netns, link, wanted))
    } else if (word === 'address') {
      const mac = words.value()
      if (parseMac(mac) === null) throw new GiveUp(`"${mac}" is invalid lladdr`, 1)
      step('SIOCSIFHWADDR', (link) => setLinkMac(world, netns, link, mac))
    } else if (word === 'qlen' || word === 'txqueuelen') {
      const length = numberOf(words.value(), 'qlen')
      step('SIOCSIFXQLEN', (link) => ok((link.txQueueLength = length)))
    } else if (word === 'master' || word === 'nomaster') {
      const master = word === 'master' ? device(ip, words.value(), 2).ifindex : null
      step('RTNETLINK answers', (link) => setMaster(world, netns, link, master))
    } else if (word === 'netns') {
      const target = namespaceOf(ip, words.value())
      step('RTNETLINK answers', (link) =>
        target === undefined ? refuse('ESRCH') : moveLink(world, netns, link, target),
      )
    } else if (word === 'arp' || word === 'multicast' || word === 'promisc' || word === 'allmulticast') {
      const on = onOff(words, word)
      const key = {
        arp: 'arp',
        multicast: 'multicast',
        promisc: 'promiscuous',
        allmulticast: 'allMulticast',
      }[word]
      step('SIOCSIFFLAGS', (link) => ok((link[key as 'arp'] = on)))
    } else {
      const given = word === 'dev' ? words.value() : word
      if (name !== null) throw new GiveUp(`either "dev" is duplicate, or "${given}" is garbage`, 2)
      name = given
    }
  }
  if (name === null) throw new GiveUp('not enough information: "dev" argument is required', 2)
  for (const one of steps) one(name)
  if (up !== null) setFlags(ip, name, up)
  return 0
}

/** The call is made only if a flag would change. */
function setFlags(ip: BusyboxIp, name: string, up: boolean): void {
  const { world, netns } = ip.context
  const link = findLink(netns, name)
  if (link === undefined) throw new GiveUp('SIOCGIFFLAGS: No such device', 2)
  if (link.up === up) return
  called(ip, 'SIOCSIFFLAGS', () => (up ? setLinkUp(world, netns, link) : setLinkDown(world, netns, link)))
}

function numberOf(word: string, key: string): number {
  if (!/^\d+$/.test(word)) throw invalidArgument(word, key, 2)
  return Number(word)
}

function namespaceOf(ip: BusyboxIp, word: string) {
  const { context } = ip
  const process = /^\d+$/.test(word)
    ? findProcess({ context, netns: context.netns, options: null as never }, Number(word))
    : undefined
  return process === undefined ? undefined : context.kernel.namespaces.get(process.netns)
}

/** busybox hands no options over but a VLAN's number. */
const WITHOUT_OPTIONS = ['bridge', 'veth', 'dummy', 'macvlan', 'vlan']

function add(ip: BusyboxIp, words: Words): number {
  let name: string | undefined
  let mac: string | undefined
  let type = ''
  let peer: string | undefined
  let lower: string | undefined
  let vid: number | undefined
  while (words.more) {
    const word = words.take()
    if (word === 'type') type = words.value()
    else if (word === 'address') mac = words.value()
    else if (word === 'peer') {
      if (words.peek() === 'name') words.take()
      peer = words.value()
    } else if (word === 'link') lower = words.value()
    else if (word === 'id' && type === 'vlan') vid = numberOf(words.value(), 'id')
    else if (type === 'vlan' || type === 'macvlan')
      return notModelled(ip.context, `ip link add type ${type} ${word}`)
    else name = word === 'name' || word === 'dev' ? words.value() : word
  }
  const { world, netns, kernel } = ip.context
  if (kernel.features.linkKinds.has(type) && !WITHOUT_OPTIONS.includes(type)) {
    return notModelled(ip.context, `ip link add type ${type}`)
  }
  const below = lower === undefined ? undefined : device(ip, lower, 2).ifindex
  return changed(ip, () =>
    addLink(world, netns, {
      kind: type,
      ...(name === undefined ? {} : { name }),
      ...(mac === undefined ? {} : { mac }),
      ...(below === undefined ? {} : { lower: { host: netns.host, netns: netns.id, ifindex: below } }),
      ...(vid === undefined ? {} : { vid }),
      ...(peer === undefined ? {} : { peer: { name: peer } }),
    }),
  )
}

function remove(ip: BusyboxIp, words: Words): number {
  let name = words.take()
  if (name === 'dev') name = words.value()
  const link = device(ip, name, 2)
  return changed(ip, () => deleteLink(ip.context.world, ip.context.netns, link))
}
