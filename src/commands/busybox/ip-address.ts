/** busybox's `ip addr`: libiproute/ipaddress.c (1.35). */

import { busyboxLinkText } from '../../render/busybox/ip.ts'
import { type AnyAddress, addressFields } from '../../render/iproute2/address.ts'
import { ok } from '../../sim/base/result.ts'
import type { Link } from '../../sim/kernel/link/types.ts'
import { addAddress, deleteAddress, flushAddresses } from '../../sim/kernel/netlink/address.ts'
import { describeLink, describeLinks, type LinkRow } from '../../sim/kernel/netlink/dump.ts'
import { broadcastOf, networkOf } from '../../sim/wire/ipv4-address.ts'
import { GiveUp, isIpv6Word, matches, type PrefixWord, tryPrefix, type Words } from '../iproute2/words.ts'
import { notModelled } from '../not-modelled.ts'
import type { BusyboxIp } from './ip.ts'
import { addressOr, changed, device, invalidArgument } from './ip-words.ts'

export function busyboxAddress(ip: BusyboxIp, words: Words): number {
  const verb = words.take()
  if (verb === '' || matches(verb, 'list', 'show', 'lst')) return show(ip, words)
  if (matches(verb, 'add') || verb === 'change' || verb === 'replace') return modify(ip, words, true)
  if (matches(verb, 'delete')) return modify(ip, words, false)
  if (matches(verb, 'flush')) return flush(ip, words)
  throw invalidArgument(verb, 'ip')
}

interface Filter {
  link: Link | null
  scope: string | null
  label: string | null
  up: boolean
  to: { address: number; length: number } | null
}

function readFilter(ip: BusyboxIp, words: Words): Filter {
  const filter: Filter = { link: null, scope: null, label: null, up: false, to: null }
  while (words.more) {
    const word = words.take()
    if (word === 'to') filter.to = prefixOf(words.value())
    else if (word === 'scope') filter.scope = words.value()
    else if (word === 'up') filter.up = true
    else if (word === 'label') filter.label = words.value()
    else {
      const name = word === 'dev' ? words.value() : word
      if (filter.link !== null) throw new GiveUp(`either "dev" is duplicate, or "${name}" is garbage`, 1)
      filter.link = device(ip, name)
    }
  }
  return filter
}

function prefixOf(word: string): { address: number; length: number } {
  const found = tryPrefix(word)
  if (found === null) throw new GiveUp(`an inet prefix is expected rather than "${word}"`, 1)
  return found
}

function chosenOf(ip: BusyboxIp, row: LinkRow, filter: Filter): AnyAddress[] {
  const all: AnyAddress[] = [
    ...row.addresses.map((own) => ({ family: 4 as const, own })),
    ...row.addresses6.map((own) => ({ family: 6 as const, own })),
  ]
  return all.filter((one) => {
    if (ip.family !== null && one.family !== ip.family) return false
    if (filter.scope !== null && one.own.scope !== filter.scope) return false
    const { to, label } = filter
    if (one.family === 6) return to === null && label === null
    if (label !== null && one.own.label !== label) return false
    return to === null || networkOf(one.own.address, to.length) === networkOf(to.address, to.length)
  })
}

function show(ip: BusyboxIp, words: Words): number {
  const filter = readFilter(ip, words)
  const { world, netns } = ip.context
  const rows = filter.link === null ? describeLinks(world, netns) : [describeLink(world, netns, filter.link)]
  for (const row of rows) {
    if (filter.up && !row.up) continue
    const chosen = ip.family === 'link' ? [] : chosenOf(ip, row, filter)
    if (chosen.length === 0 && ip.family !== null && ip.family !== 'link') continue
    const lines = chosen.map((one) => withoutNames(addressFields(one, false, world.nowUs).text))
    if (ip.oneline && ip.family !== 'link') {
      for (const line of lines) ip.context.out(`${row.ifindex}: ${row.name}${onOneLine(line)}`)
    } else ip.context.out(busyboxLinkText(row, ip.family, true) + lines.join(''))
  }
  return 0
}

/** A flag that it has no word for is told as a number (IFA_F_NODAD). */
function withoutNames(text: string): string {
  return text.replace(' nodad ', ' flags 02 ')
}

export function onOneLine(text: string): string {
  return `${text.replace(/\n$/, '').replaceAll('\n', '\\')}\n`
}

interface Draft {
  local: PrefixWord | null
  peer: PrefixWord | null
  name: string | null
  broadcast: string | null
  scope: 'global' | 'link' | 'host' | null
  label: string | null
  isIpv6: boolean
  /** An address that is none is read as an IPv6 one, and the kernel refuses. */
  isBad: boolean
}

function readDraft(words: Words): Draft {
  const draft: Draft = {
    local: null,
    peer: null,
    name: null,
    broadcast: null,
    scope: null,
    label: null,
    isIpv6: false,
    isBad: false,
  }
  while (words.more) {
    const word = words.take()
    if (word === 'peer' || word === 'remote') draft.peer = tryPrefix(words.value())
    else if (matches(word, 'broadcast') || word === 'brd') draft.broadcast = words.value()
    else if (word === 'scope') draft.scope = scopeOf(words.value())
    else if (word === 'dev') draft.name = words.value()
    else if (word === 'label') draft.label = words.value()
    else {
      const text = word === 'local' ? words.value() : word
      if (draft.local !== null) throw new GiveUp(`either "local" is duplicate, or "${text}" is garbage`, 1)
      draft.isIpv6 = isIpv6Word(text)
      draft.local = tryPrefix(text)
      draft.isBad = draft.local === null && !draft.isIpv6
    }
  }
  return draft
}

function scopeOf(word: string): Draft['scope'] {
  if (word === 'global' || word === 'link' || word === 'host') return word
  throw invalidArgument(word, 'scope')
}

function modify(ip: BusyboxIp, words: Words, isAdd: boolean): number {
  const draft = readDraft(words)
  if (draft.isIpv6) return notModelled(ip.context, 'ip -6 addr add')
  if (draft.name === null) throw new GiveUp('need "dev IFACE"', 1)
  const link = device(ip, draft.name)
  const { local } = draft
  const { world, netns } = ip.context
  if (local === null)
    return changed(ip, () => ({ ok: false, error: { code: draft.isBad ? 'ERANGE' : 'EINVAL' } }))
  const length = draft.peer?.length ?? local.length
  if (!isAdd) {
    const wanted = { address: local.address, length: local.hasLength ? local.length : null }
    return changed(ip, () => deleteAddress(world, netns, link, wanted))
  }
  return changed(ip, () =>
    addAddress(world, netns, link, {
      address: local.address,
      length,
      broadcast: broadcastFor(draft.broadcast, local.address, length),
      peer: draft.peer?.address ?? null,
      ...(draft.scope === null ? {} : { scope: draft.scope }),
      ...(draft.label === null ? {} : { label: draft.label }),
    }),
  )
}

function broadcastFor(word: string | null, address: number, length: number): number | null {
  if (word === null) return null
  if (word === '+') return length >= 31 ? null : broadcastOf(address, length)
  return word === '-' ? networkOf(address, length) : addressOr(word)
}

function flush(ip: BusyboxIp, words: Words): number {
  if (!words.more) throw new GiveUp('flush requires an argument', 1)
  const filter = readFilter(ip, words)
  const { world, netns } = ip.context
  return changed(ip, () => {
    for (const link of filter.link === null ? [...netns.links.values()] : [filter.link]) {
      const chosen = chosenOf(ip, describeLink(world, netns, link), filter)
      const v4 = new Set(chosen.flatMap((one) => (one.family === 4 ? [one.own] : [])))
      const v6 = new Set(chosen.flatMap((one) => (one.family === 6 ? [one.own] : [])))
      flushAddresses(world, netns, link, (own) => v4.has(own))
      link.addresses6 = link.addresses6.filter((own) => !v6.has(own))
    }
    return ok(undefined)
  })
}
