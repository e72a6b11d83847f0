/** `ip address add, change, replace, delete, flush`: ip/ipaddress.c ipaddr_modify, ipaddr_flush */
import { ok, type Result, refuse } from '../../sim/base/result.ts'
import type { Link } from '../../sim/kernel/link/types.ts'
import {
  addAddress,
  changeLifetime,
  deleteAddress,
  flushAddresses,
  type Lifetime,
} from '../../sim/kernel/netlink/address.ts'
import { addAddress6, deleteAddress6 } from '../../sim/kernel/netlink/address6.ts'
import { broadcastOf, formatIpv4 } from '../../sim/wire/ipv4-address.ts'
import { notModelled } from '../not-modelled.ts'
import { change, type Ip } from './environment.ts'
import { addressesOf, readAddressFilter } from './ip-address.ts'
import { selectLinks } from './ip-link.ts'
import { notExpected, type Prefix6Word, tryPrefix6 } from './ipv6-words.ts'
import {
  addressWord,
  cannotFind,
  deviceOr,
  duplicate,
  GiveUp,
  invalid,
  matches,
  missing,
  numberWord,
  type PrefixWord,
  tryPrefix,
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
  six: Prefix6Word | null
  peer6: Prefix6Word | null
  flags: string[]
  /** Seconds; missing: nothing said; null: for ever. */
  valid_lft?: number | null
  preferred_lft?: number | null
  unmodelled: string | null
}

function readDraft(ip: Ip, words: Words): Draft {
  const draft: Draft = {
    local: null,
    peer: null,
    device: null,
    broadcast: null,
    scope: null,
    label: null,
    six: null,
    peer6: null,
    flags: [],
    unmodelled: null,
  }
  while (words.more) readWord(ip, draft, words.take(), words)
  return draft
}

function readWord(ip: Ip, draft: Draft, word: string, words: Words): void {
  if (word === 'peer' || word === 'remote') readPeer(ip, draft, words.value())
  else if (matches(word, 'broadcast') || word === 'brd') draft.broadcast = broadcastWord(words.value())
  else if (word === 'scope') draft.scope = scopeWord(words.value())
  else if (word === 'dev') draft.device = words.value()
  else if (word === 'label') draft.label = words.value()
  else if (word === 'valid_lft' || word === 'preferred_lft') draft[word] = lifetimeWord(word, words.value())
  else if (['anycast', 'metric', 'proto'].includes(word)) {
    draft.unmodelled = word
    words.value()
  } else if (['home', 'nodad', 'mngtmpaddr', 'noprefixroute', 'autojoin'].includes(word))
    draft.flags.push(word)
  else {
    const text = word === 'local' ? words.value() : word
    if (draft.local !== null || draft.six !== null) throw duplicate('local', text)
    const found = anyPrefix(ip, text)
    if (found.family === 6) draft.six = found.prefix
    else draft.local = found.prefix
  }
}

function readPeer(ip: Ip, draft: Draft, text: string): void {
  const found = anyPrefix(ip, text)
  if (found.family === 6) draft.peer6 = found.prefix
  else draft.peer = found.prefix
}

function anyPrefix(
  ip: Ip,
  text: string,
): { family: 6; prefix: Prefix6Word } | { family: 4; prefix: PrefixWord } {
  const { family } = ip.options
  const four = family === 6 ? null : tryPrefix(text)
  if (four !== null) return { family: 4, prefix: four }
  const six = family === 4 ? null : tryPrefix6(text)
  if (six === null) throw notExpected(family, 'prefix', text)
  return { family: 6, prefix: six }
}

function lifetimeWord(name: string, word: string): number | null {
  if (word === 'forever') return null
  return numberWord(word, `Error: argument "${word}" is wrong: ${name} value\n`)
}

/** Undefined: nothing was said of it. */
function lifetimeOf(draft: Draft): Lifetime | undefined {
  const { valid_lft: valid, preferred_lft: preferred } = draft
  if (valid === undefined && preferred === undefined) return undefined
  const lifetime = { validS: valid ?? null, preferredS: preferred ?? null }
  if (valid === 0) throw new GiveUp('valid_lft is zero\n', 1)
  if ((lifetime.validS ?? Infinity) < (lifetime.preferredS ?? Infinity)) {
    throw new GiveUp('preferred_lft is greater than valid_lft\n', 1)
  }
  return lifetime
}

function broadcastWord(word: string): Draft['broadcast'] {
  return word === '+' || word === '-' ? word : addressWord(word)
}

function scopeWord(word: string): Draft['scope'] {
  if (word === 'global' || word === 'link' || word === 'host') return word
  throw invalid('invalid scope value.', word)
}

export function modifyAddress(ip: Ip, words: Words, verb: AddressVerb): number {
  const draft = readDraft(ip, words)
  const known = draft.six === null ? [] : ['nodad', 'noprefixroute']
  const flag = draft.flags.find((one) => !known.includes(one))
  if (flag !== undefined) return notModelled(ip.context, `ip address ${verb} ${flag}`)
  if (draft.unmodelled !== null) return notModelled(ip.context, `ip address ${verb} ${draft.unmodelled}`)
  if (draft.device === null) throw missing('dev', 1)
  const link = deviceOr(ip.netns, draft.device, cannotFind)
  const { local, six } = draft
  const lifetime = lifetimeOf(draft)
  if (lifetime !== undefined && six !== null)
    return notModelled(ip.context, `ip -6 address ${verb} valid_lft`)
  if (six !== null) return change(ip, () => modifySix(ip, link, draft, six, verb))
  if (local === null) return change(ip, () => refuse(draft.peer === null ? 'EOPNOTSUPP' : 'EINVAL'))
  if (verb === 'delete') return deleteOne(ip, link, draft, local)
  return change(ip, () => addOne(ip, link, draft, local, verb))
}

function modifySix(ip: Ip, link: Link, draft: Draft, six: Prefix6Word, verb: AddressVerb): Result<unknown> {
  const { address } = six
  if (verb === 'delete') return deleteAddress6(ip.netns, link, address, six.hasLength ? six.length : null)
  const isThere = link.addresses6.some((own) => own.address === address)
  if (isThere && verb !== 'add') return ok(undefined)
  return addAddress6(ip.context.world, ip.netns, link, {
    address,
    length: draft.peer6?.length ?? six.length,
    peer: draft.peer6?.address ?? null,
    noDad: draft.flags.includes('nodad'),
    noPrefixRoute: draft.flags.includes('noprefixroute'),
  })
}

function addOne(ip: Ip, link: Link, draft: Draft, local: PrefixWord, verb: AddressVerb): Result<unknown> {
  const lifetime = lifetimeOf(draft)
  const length = draft.peer?.length ?? local.length
  const spec = {
    address: local.address,
    length,
    broadcast: broadcastFor(draft, local.address, length),
    peer: draft.peer?.address ?? null,
    ...(draft.scope === null ? {} : { scope: draft.scope }),
    ...(draft.label === null ? {} : { label: draft.label }),
    ...(lifetime === undefined ? {} : { lifetime }),
  }
  const there = link.addresses.find((own) => own.address === spec.address && own.length === length)
  if (there !== undefined && verb !== 'add') {
    const forever = { validS: null, preferredS: null }
    return ok(changeLifetime(ip.context.world, ip.netns, link, there, lifetime ?? forever))
  }
  return addAddress(ip.context.world, ip.netns, link, spec)
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
