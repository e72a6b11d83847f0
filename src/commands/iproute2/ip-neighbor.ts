/** `ip neigh`: ip/ipneigh.c */
import { type NeighborRow, neighborFields, neighborRow } from '../../render/iproute2/neighbor.ts'
import { ok, type Result, refuse } from '../../sim/base/result.ts'
import { containsAddress6, type Prefix6 } from '../../sim/kernel/ipv6/prefix.ts'
import type { NeighborEntry, NeighborState } from '../../sim/kernel/net-namespace.ts'
import {
  deleteNeighbor,
  flushNeighbors,
  isIpv4,
  listNeighbors,
  listNeighbors6,
  type Neighbor4,
  type Neighbor6,
  type NeighborMode,
  type NeighborSpec,
  setNeighbor,
} from '../../sim/kernel/netlink/neighbor.ts'
import { networkOf } from '../../sim/wire/ipv4-address.ts'
import { parseMac } from '../../sim/wire/mac-address.ts'
import { change, type Ip, show } from './environment.ts'
import { notExpected, tryPrefix6 } from './ipv6-words.ts'
import { NEIGHBOR_USAGE } from './usage.ts'
import { cannotFind, deviceOr, duplicate, GiveUp, matches, tryPrefix, type Words } from './words.ts'

const STATES: readonly NeighborState[] = [
  'INCOMPLETE',
  'REACHABLE',
  'STALE',
  'DELAY',
  'PROBE',
  'FAILED',
  'NOARP',
  'PERMANENT',
  'NONE',
]

export function ipNeighbor(ip: Ip, words: Words): number {
  if (!words.more) return showNeighbors(ip, words)
  const verb = words.take()
  if (matches(verb, 'add')) return modify(ip, words, 'add')
  if (matches(verb, 'change', 'chg')) return modify(ip, words, 'change')
  if (matches(verb, 'replace')) return modify(ip, words, 'replace')
  if (matches(verb, 'delete')) return modify(ip, words, 'delete')
  if (matches(verb, 'get')) return getNeighbor(ip, words)
  if (matches(verb, 'show', 'lst', 'list')) return showNeighbors(ip, words)
  if (matches(verb, 'flush')) return flush(ip, words)
  if (matches(verb, 'help')) throw new GiveUp(NEIGHBOR_USAGE, 255)
  throw new GiveUp(`Command "${verb}" is unknown, try "ip neigh help".\n`, 255)
}

function stateWord(word: string): NeighborState {
  const found = STATES.find((state) => matches(word, state.toLowerCase()))
  if (found === undefined) throw new GiveUp(`Error: argument "${word}" is wrong: nud state is bad\n`, 255)
  return found
}

function modify(ip: Ip, words: Words, mode: NeighborMode | 'delete'): number {
  let address: number | string | null = null
  let device: string | null = null
  let mac: string | null = null
  let state: NeighborState | undefined
  let isProxy = false
  let isRouter = false
  while (words.more) {
    const word = words.take()
    if (matches(word, 'lladdr')) mac = words.value()
    else if (word === 'nud') state = stateWord(words.value())
    else if (matches(word, 'proxy')) isProxy = true
    else if (matches(word, 'router')) isRouter = true
    else if (word === 'dev') device = words.value()
    else if (matches(word, 'extern_learn', 'use', 'managed')) continue
    else {
      const text = word === 'to' ? words.value() : word
      if (address !== null) throw duplicate('to', text)
      address = anyAddress(ip, text)
    }
  }
  if (device === null || address === null) {
    throw new GiveUp('Device and destination are required arguments.\n', 255)
  }
  if (mac !== null && mac !== 'null' && parseMac(mac) === null)
    throw new GiveUp(`"${mac}" is invalid lladdr.\n`, 1)
  const link = deviceOr(ip.netns, device, cannotFind)
  if (typeof address === 'string') {
    const spec = {
      ifindex: link.ifindex,
      address,
      mac: mac === null ? null : parseMac(mac),
      isProxy,
      isRouter,
    }
    return change(ip, () => editNeighbor6(ip, { ...spec, state: state ?? 'PERMANENT' }, mode))
  }
  const target = { ifindex: link.ifindex, address }
  return change(ip, () => {
    if (mode === 'delete') return deleteNeighbor(ip.netns, target.ifindex, target.address)
    if (mac === null && !isProxy && (state === undefined || state === 'PERMANENT')) {
      return refuse('EINVAL', 'No link layer address given')
    }
    const parsed = mac === null ? null : parseMac(mac)
    return setNeighbor(
      ip.context.world,
      ip.netns,
      { ...target, mac: parsed, isProxy, isRouter, ...(state === undefined ? {} : { state }) },
      mode,
    )
  })
}

function anyAddress(ip: Ip, word: string): number | string {
  const { family } = ip.options
  const four = family === 6 ? null : tryPrefix(word)
  if (four !== null && !four.hasLength) return four.address
  const six = family === 4 ? null : tryPrefix6(word)
  if (six === null || six.hasLength) throw notExpected(family, 'address', word)
  return six.address
}

function editNeighbor6(
  ip: Ip,
  spec: NeighborSpec & { readonly state: NeighborState; readonly mac: string | null },
  mode: NeighborMode | 'delete',
): Result<void> {
  if (mode === 'delete') return deleteNeighbor(ip.netns, spec.ifindex, spec.address)
  if (spec.mac === null && !spec.isProxy && spec.state === 'PERMANENT')
    return refuse('EINVAL', 'No link layer address given')
  const set = setNeighbor(ip.context.world, ip.netns, spec, mode)
  return set.ok ? ok(undefined) : set
}

interface Filter {
  device: number | null
  prefix: { address: number; length: number } | null
  prefix6: Prefix6 | null
  states: Set<NeighborState> | 'all' | null
  proxy: boolean
  unused: boolean
}

function readFilter(ip: Ip, words: Words): Filter {
  const filter: Filter = {
    device: null,
    prefix: null,
    prefix6: null,
    states: null,
    proxy: false,
    unused: false,
  }
  while (words.more) {
    const word = words.take()
    if (word === 'dev') filter.device = deviceOr(ip.netns, words.value(), cannotFind).ifindex
    else if (matches(word, 'unused')) filter.unused = true
    else if (word === 'nud') {
      const state = words.value()
      if (state === 'all') filter.states = 'all'
      else {
        const known = filter.states instanceof Set ? filter.states : new Set<NeighborState>()
        filter.states = known.add(stateWord(state))
      }
    } else if (word === 'proxy') filter.proxy = true
    else if (matches(word, 'nomaster')) continue
    else if (matches(word, 'master', 'vrf')) words.value()
    else if (word !== 'any') readPrefix(ip, filter, word === 'to' ? words.value() : word)
  }
  return filter
}

function readPrefix(ip: Ip, filter: Filter, word: string): void {
  const four = ip.options.family === 6 ? null : tryPrefix(word)
  const six = four !== null || ip.options.family === 4 ? null : tryPrefix6(word)
  if (four === null && six === null) throw notExpected(ip.options.family, 'prefix', word)
  filter.prefix = four
  filter.prefix6 = six
}

function selected6(ip: Ip, filter: Filter): Neighbor6[] {
  if (ip.options.family === 4 || filter.prefix !== null) return []
  return listNeighbors6(ip.netns, filter.proxy).filter((entry) => {
    if (filter.device !== null && entry.ifindex !== filter.device) return false
    if (filter.prefix6 !== null && !containsAddress6(filter.prefix6, entry.address)) return false
    if (filter.states instanceof Set) return filter.states.has(entry.state)
    return filter.states === 'all' || (entry.state !== 'NONE' && entry.state !== 'NOARP')
  })
}

function selected(ip: Ip, filter: Filter): Neighbor4[] {
  if (ip.options.family === 6 || filter.prefix6 !== null) return []
  const list = filter.proxy
    ? [...ip.netns.neighbors.values()].filter(isIpv4).filter((entry) => entry.isProxy)
    : listNeighbors(ip.netns)
  return list.filter((entry) => {
    if (filter.device !== null && entry.ifindex !== filter.device) return false
    const { prefix, states } = filter
    if (
      prefix !== null &&
      networkOf(entry.address, prefix.length) !== networkOf(prefix.address, prefix.length)
    ) {
      return false
    }
    if (states === 'all') return true
    if (states !== null) return states.has(entry.state)
    return entry.state !== 'NONE' && entry.state !== 'NOARP'
  })
}

function rowOf(ip: Ip, entry: NeighborEntry): NeighborRow {
  return neighborRow(entry, ip.netns.links.get(entry.ifindex)?.name ?? '?', ip.context.world.nowUs)
}

function showNeighbors(ip: Ip, words: Words): number {
  const filter = readFilter(ip, words)
  const list = selected(ip, filter)
  const style = {
    color: ip.options.color,
    statistics: ip.options.statistics > 0,
    deviceFilter: filter.device !== null,
  }
  return show(
    ip,
    [...list.map((entry) => rowOf(ip, entry)), ...selected6(ip, filter).map((entry) => rowOf(ip, entry))].map(
      (row) => neighborFields(row, style),
    ),
  )
}

function getNeighbor(ip: Ip, words: Words): number {
  const filter = readFilter(ip, words)
  if (filter.device === null || (filter.prefix === null && filter.prefix6 === null)) {
    throw new GiveUp('Device and address are required arguments.\n', 255)
  }
  const asked: Filter = { ...filter, states: 'all' }
  const found: NeighborEntry | undefined = selected(ip, asked)[0] ?? selected6(ip, asked)[0]
  if (found === undefined) throw new GiveUp('Error: Neighbour entry not found.\n', 2)
  const style = { color: ip.options.color, statistics: ip.options.statistics > 0, deviceFilter: false }
  return show(ip, [neighborFields(rowOf(ip, found), style)])
}

/** Permanent entries stay unless they are asked for; what is flushed is marked failed, and soon gone. */
function flush(ip: Ip, words: Words): number {
  if (!words.more) throw new GiveUp('Flush requires arguments.\n', 1)
  const rest = words.rest()
  const filter = rest[0] === 'all' ? { ...readFilter(ip, words), prefix: null } : readFilter(ip, words)
  const chosen = new Set<NeighborEntry>(
    selected(ip, filter).filter((entry) => filter.states !== null || entry.state !== 'PERMANENT'),
  )
  return change(ip, () => {
    const gone6 = selected6(ip, filter).filter(
      (entry) => filter.states !== null || entry.state !== 'PERMANENT',
    )
    for (const entry of gone6) deleteNeighbor(ip.netns, entry.ifindex, entry.address)
    const count = flushNeighbors(ip.netns, (entry) => chosen.has(entry)) + gone6.length
    if (ip.options.statistics > 0) {
      ip.context.out(
        count === 0
          ? 'Nothing to flush.\n'
          : `\n*** Round 1, deleting ${count} entries ***\n*** Flush is complete after 1 round ***\n`,
      )
    }
    return ok(undefined)
  })
}
