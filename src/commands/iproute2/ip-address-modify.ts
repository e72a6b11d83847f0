/** `ip address add, change, replace, delete, flush`: ip/ipaddress.c ipaddr_modify, ipaddr_flush */
import { ok, type Result, refuse } from '../../sim/base/result.ts'
import type { Link } from '../../sim/kernel/link/types.ts'
import { addAddress, deleteAddress, flushAddresses } from '../../sim/kernel/netlink/address.ts'
import { broadcastOf, formatIpv4 } from '../../sim/wire/ipv4-address.ts'
import { notModelled } from '../not-modelled.ts'
import { change, type Ip } from './environment.ts'
import { addressesOf, readAddressFilter } from './ip-address.ts'
import { selectLinks } from './ip-link.ts'
import {
  addressWord,
  cannotFind,
  deviceOr,
  duplicate,
  GiveUp,
  invalid,
  isIpv6Word,
  matches,
  missing,
  type PrefixWord,
  prefixWord,
  type Words,
} from './words.ts'

export type AddressVerb = 'add' | 'change' | 'replace' | 'delete'

interface Draft {
  local: PrefixWord | null
  peer: PrefixWord | null
  device: string | null
  broadcast: number | '+' | '-' | null
  scope: 'global' | 'link' | 'host' | null
  label: string | null
  isIpv6: boolean
  unmodelled: string | null
}

function readDraft(words: Words): Draft {
  const draft: Draft = {
    local: null,
    peer: null,
    device: null,
    broadcast: null,
    scope: null,
    label: null,
    isIpv6: false,
    unmodelled: null,
  }
  while (words.more) readWord(draft, words.take(), words)
  return draft
}

function readWord(draft: Draft, word: string, words: Words): void {
  if (word === 'peer' || word === 'remote') draft.peer = prefixWord(words.value())
  else if (matches(word, 'broadcast') || word === 'brd') draft.broadcast = broadcastWord(words.value())
  else if (word === 'scope') draft.scope = scopeWord(words.value())
  else if (word === 'dev') draft.device = words.value()
  else if (word === 'label') draft.label = words.value()
  else if (['anycast', 'metric', 'valid_lft', 'preferred_lft', 'proto'].includes(word)) {
    draft.unmodelled = word
    words.value()
  } else if (['home', 'nodad', 'mngtmpaddr', 'noprefixroute', 'autojoin'].includes(word))
    draft.unmodelled = word
  else {
    const text = word === 'local' ? words.value() : word
    if (draft.local !== null || draft.isIpv6) throw duplicate('local', text)
    if (isIpv6Word(text)) draft.isIpv6 = true
    else draft.local = prefixWord(text)
  }
}

function broadcastWord(word: string): Draft['broadcast'] {
  return word === '+' || word === '-' ? word : addressWord(word)
}

function scopeWord(word: string): Draft['scope'] {
  if (word === 'global' || word === 'link' || word === 'host') return word
  throw invalid('invalid scope value.', word)
}

export function modifyAddress(ip: Ip, words: Words, verb: AddressVerb): number {
  const draft = readDraft(words)
  if (draft.isIpv6) return notModelled(ip.context, 'ip -6 address add')
  if (draft.unmodelled !== null) return notModelled(ip.context, `ip address ${verb} ${draft.unmodelled}`)
  if (draft.device === null) throw missing('dev', 1)
  const link = deviceOr(ip.netns, draft.device, cannotFind)
  const { local } = draft
  if (local === null) return change(ip, () => refuse('EINVAL'))
  if (verb === 'delete') return deleteOne(ip, link, draft, local)
  return change(ip, () => addOne(ip, link, draft, local, verb))
}

function addOne(ip: Ip, link: Link, draft: Draft, local: PrefixWord, verb: AddressVerb): Result<unknown> {
  const length = draft.peer?.length ?? local.length
  const spec = {
    address: local.address,
    length,
    broadcast: broadcastFor(draft, local.address, length),
    peer: draft.peer?.address ?? null,
    ...(draft.scope === null ? {} : { scope: draft.scope }),
    ...(draft.label === null ? {} : { label: draft.label }),
  }
  const there = link.addresses.some((own) => own.address === spec.address && own.length === length)
  if (verb === 'change' && !there) return refuse('ENODEV', 'ipv4: Address not found')
  return there && verb !== 'add' ? ok(undefined) : addAddress(ip.context.world, ip.netns, link, spec)
}

function broadcastFor(draft: Draft, address: number, length: number): number | null {
  if (typeof draft.broadcast === 'number') return draft.broadcast
  if (draft.broadcast === null || length >= 31) return null
  const all = broadcastOf(address, length)
  return draft.broadcast === '+' ? all : (all & ((0xffffffff << (32 - length)) >>> 0)) >>> 0
}

function deleteOne(ip: Ip, link: Link, draft: Draft, local: PrefixWord): number {
  if (!local.hasLength && draft.peer === null) {
    ip.context.err(
      'Warning: Executing wildcard deletion to stay compatible with old scripts.\n' +
        `         Explicitly specify the prefix length (${formatIpv4(local.address)}/32) to avoid this warning.\n` +
        '         This special behaviour is likely to disappear in further releases,\n' +
        '         fix your scripts!\n',
    )
  }
  const wanted = {
    address: local.address,
    length: local.hasLength ? local.length : (draft.peer?.length ?? null),
    peer: draft.peer?.address ?? null,
  }
  return change(ip, () => deleteAddress(ip.context.world, ip.netns, link, wanted))
}

export function flushAddressCommand(ip: Ip, words: Words): number {
  if (!words.more) throw new GiveUp('Flush requires arguments.\n', 1)
  const filter = readAddressFilter(ip, words)
  const rows = selectLinks(ip, filter)
  return change(ip, () => {
    let count = 0
    for (const row of rows) {
      const link = ip.netns.links.get(row.ifindex)
      if (link === undefined) continue
      const chosen = addressesOf(ip, row, filter)
      const v4 = new Set(chosen.flatMap((one) => (one.family === 4 ? [one.own] : [])))
      const v6 = new Set(chosen.flatMap((one) => (one.family === 6 ? [one.own] : [])))
      count += flushAddresses(ip.context.world, ip.netns, link, (own) => v4.has(own))
      link.addresses6 = link.addresses6.filter((own) => !v6.has(own))
      count += v6.size
    }
    if (ip.options.statistics > 0) {
      ip.context.out(
        count === 0
          ? 'Nothing to flush.\n'
          : `\n*** Round 1, deleting ${count} addresses ***\n*** Flush is complete after 1 round ***\n`,
      )
    }
    return ok(undefined)
  })
}
