/** bridge(8) of iproute2 6.1.0: bridge/{bridge,link,fdb,vlan}.c. See also bridge-vlan.ts, bridge-mdb.ts. */
import { bridgeLinkFields, fdbFields } from '../../render/iproute2/bridge.ts'
import { refuse } from '../../sim/base/result.ts'
import type { VxlanLink } from '../../sim/kernel/link/types.ts'
import { describeLinks, type LinkRow } from '../../sim/kernel/netlink/dump.ts'
import { addFdbEntry, deleteFdbEntry, listFdb } from '../../sim/kernel/netlink/fdb.ts'
import { findLink } from '../../sim/kernel/netlink/link.ts'
import { addVxlanEntry, deleteVxlanEntry } from '../../sim/kernel/netlink/vxlan.ts'
import { parseMac } from '../../sim/wire/mac-address.ts'
import type { Command } from '../context.ts'
import { notModelled } from '../not-modelled.ts'
import { mdbObject } from './bridge-mdb.ts'
import { applyPort, readBridgeLinkWords } from './bridge-port-words.ts'
import { vlanObject } from './bridge-vlan.ts'
import { answer, type Ip, type IpOptions, mayChange, openNamed, show } from './environment.ts'
import { gaveUp, runBatch } from './ip.ts'
import { bridgeMonitor } from './ip-monitor.ts'
import { BRIDGE_LINK_USAGE, BRIDGE_USAGE, FDB_USAGE } from './usage.ts'
import { type PeerDraft, readPeerWord } from './vxlan-words.ts'
import { GiveUp, matches, Words } from './words.ts'

const noDevice = (name: string): GiveUp => new GiveUp(`Cannot find device "${name}"\n`, 255)
const noBridge = (name: string): GiveUp => new GiveUp(`Cannot find bridge device "${name}"\n`, 255)

export const bridge: Command = async (context) => {
  try {
    const words = new Words(context.argv.slice(1))
    const { options, netns: name, version, batch, force } = readOptions(words)
    if (version) {
      context.out('bridge utility, 6.1.0\n')
      return 0
    }
    const ip: Ip = { context, netns: name === null ? context.netns : openNamed(context, name), options }
    if (batch !== null) return await runBatch(ip, batch, force, async (one, rest) => runObject(one, rest))
    if (!words.more) throw new GiveUp(BRIDGE_USAGE, 255)
    return await runObject(ip, words)
  } catch (error) {
    return gaveUp(context, error)
  }
}

function runObject(ip: Ip, words: Words): number | Promise<number> {
  const object = words.take()
  if (matches(object, 'link')) return linkObject(ip, words)
  if (matches(object, 'fdb')) return fdbObject(ip, words)
  if (matches(object, 'mdb')) return mdbObject(ip, words)
  if (matches(object, 'vlan')) return vlanObject(ip, words)
  if (matches(object, 'monitor')) return bridgeMonitor(ip, words)
  if (matches(object, 'help')) throw new GiveUp(BRIDGE_USAGE, 255)
  throw new GiveUp(`Object "${object}" is unknown, try "bridge help".\n`, 255)
}

interface BridgeOptions {
  readonly options: IpOptions
  readonly netns: string | null
  readonly version: boolean
  readonly batch: string | null
  readonly force: boolean
}

function readOptions(words: Words): BridgeOptions {
  const options: { -readonly [K in keyof IpOptions]: IpOptions[K] } = {
    family: null,
    brief: false,
    details: false,
    statistics: 0,
    all: false,
    json: false,
    pretty: false,
    oneline: false,
    color: false,
  }
  let netns: string | null = null
  let version = false
  let batch: string | null = null
  let force = false
  while (words.peek().startsWith('-')) {
    const word = words.take()
    const name = word.replace(/^--?/, '')
    if (matches(name, 'help')) throw new GiveUp(BRIDGE_USAGE, 255)
    if (matches(name, 'Version')) version = true
    else if (matches(name, 'stats', 'statistics')) options.statistics++
    else if (matches(name, 'details')) options.details = true
    else if (matches(name, 'oneline')) options.oneline = true
    else if (matches(name, 'timestamp')) options.timestamp = 'long'
    else if (matches(name, 'tshort')) options.timestamp = 'short'
    else if (matches(name, 'compressvlans') || name === '4' || name === '6') continue
    else if (matches(name, 'batch')) batch = words.value()
    else if (matches(name, 'force')) force = true
    else if (matches(name, 'netns')) netns = words.value()
    else if (matches(name.split('=')[0] ?? '', 'color')) options.color = !name.endsWith('=never')
    else if (matches(name, 'json')) options.json = true
    else if (matches(name, 'pretty')) options.pretty = true
    else throw new GiveUp(`Option "${word}" is unknown, try "bridge help".\n`, 255)
  }
  return { options, netns, version, batch, force }
}

function linkObject(ip: Ip, words: Words): number {
  const verb = words.more ? words.take() : 'show'
  if (matches(verb, 'set', 'change')) return linkSet(ip, words)
  if (matches(verb, 'show', 'lst', 'list')) return linkShow(ip, words)
  if (matches(verb, 'help')) throw new GiveUp(BRIDGE_LINK_USAGE, 255)
  throw new GiveUp(`Command "${verb}" is unknown, try "bridge link help".\n`, 255)
}

function linkShow(ip: Ip, words: Words): number {
  let only: number | null = null
  while (words.more) {
    if (words.take() !== 'dev') continue
    const name = words.value()
    const link = findLink(ip.netns, name)
    if (link === undefined) throw noDevice(name)
    only = link.ifindex
  }
  const rows = describeLinks(ip.context.world, ip.netns).filter(
    (row) => row.port !== null && (only === null || row.ifindex === only),
  )
  const style = { color: ip.options.color, details: ip.options.details }
  return show(
    ip,
    rows.map((row) => bridgeLinkFields(asBridgeDumps(ip, row), style)),
  )
}

/** The bridge's dump gives the number opposite without its namespace: `bridge` names what has that number here. */
function asBridgeDumps(ip: Ip, row: LinkRow): LinkRow {
  const here = row.link === null ? undefined : ip.netns.links.get(row.link)
  return { ...row, linkNetnsId: null, linkHere: here === undefined ? null : { name: here.name, up: here.up } }
}

function linkSet(ip: Ip, words: Words): number {
  const { device, self, draft } = readBridgeLinkWords(words)
  if (device === null) throw new GiveUp('Device is a required argument.\n', 255)
  const link = findLink(ip.netns, device)
  if (link === undefined) throw noBridge(device)
  if (!mayChange(ip.context)) return answer(ip, refuse('EPERM'), 255)
  if (self) return answer(ip, refuse('EOPNOTSUPP'), 255)
  return answer(ip, applyPort(ip.context.world, ip.netns, link, draft), 255)
}

function fdbObject(ip: Ip, words: Words): number {
  const verb = words.more ? words.take() : 'show'
  if (matches(verb, 'add')) return fdbModify(ip, words, 'add')
  if (matches(verb, 'append')) return fdbModify(ip, words, 'append')
  if (matches(verb, 'replace')) return fdbModify(ip, words, 'replace')
  if (matches(verb, 'delete')) return fdbModify(ip, words, 'delete')
  if (matches(verb, 'show', 'lst', 'list')) return fdbShow(ip, words)
  if (matches(verb, 'get', 'flush')) return notModelled(ip.context, `bridge fdb ${verb}`)
  if (matches(verb, 'help')) throw new GiveUp(FDB_USAGE, 255)
  throw new GiveUp(`Command "${verb}" is unknown, try "bridge fdb help".\n`, 255)
}

function fdbShow(ip: Ip, words: Words): number {
  let device: number | null = null
  let master: number | null = null
  let dynamic = false
  let state: string | null = null
  while (words.more) {
    const word = words.take()
    if (word === 'br') {
      const name = words.value()
      const link = findLink(ip.netns, name)
      if (link === undefined) throw noBridge(name)
      master = link.ifindex
    } else if (word === 'brport' || word === 'dev') {
      const name = words.value()
      const link = findLink(ip.netns, name)
      if (link === undefined) throw noDevice(name)
      device = link.ifindex
    } else if (word === 'dynamic') dynamic = true
    else if (word === 'state') state = words.value()
    else if (word === 'vlan') words.value()
  }
  const rows = listFdb(ip.context.world, ip.netns).filter((row) => {
    if (device !== null && row.ifindex !== device) return false
    if (master !== null && row.ifindex !== master && ip.netns.links.get(row.ifindex)?.master !== master)
      return false
    if (dynamic && (row.state !== '' || row.master === null)) return false
    return state === null || state === 'all' || row.state.startsWith(state)
  })
  const style = {
    color: ip.options.color,
    statistics: ip.options.statistics > 0,
    deviceFilter: device !== null,
  }
  return show(
    ip,
    rows.map((row) => fdbFields(row, style)),
  )
}

/** An entry of the device's own: behind which peer an address is. */
function vxlanFdb(
  ip: Ip,
  link: VxlanLink,
  mac: string,
  kind: 'permanent' | 'static' | 'dynamic',
  peer: PeerDraft,
  mode: 'add' | 'append' | 'replace' | 'delete',
): number {
  if (!mayChange(ip.context)) return answer(ip, refuse('EPERM'), 255)
  const { address, port, vni, ifindex } = peer
  const remote = address === null ? null : { address, port, vni, ifindex: ifindex ?? link.lower }
  if (mode === 'delete') return answer(ip, deleteVxlanEntry(link, mac, remote), 255)
  return answer(ip, addVxlanEntry(ip.context.world, link, { mac, remote, kind }, mode), 255)
}

function fdbModify(ip: Ip, words: Words, mode: 'add' | 'append' | 'replace' | 'delete'): number {
  let mac: string | null = null
  let name: string | null = null
  let kind: 'permanent' | 'static' | 'dynamic' = 'permanent'
  let isSelf = false
  const peer: PeerDraft = { address: null, port: null, vni: null, ifindex: null }
  while (words.more) {
    const word = words.take()
    if (word === 'dev') name = words.value()
    else if (word === 'self') isSelf = true
    else if (word === 'master') isSelf = false
    else if (matches(word, 'static', 'temp')) kind = 'static'
    else if (matches(word, 'dynamic')) kind = 'dynamic'
    else if (matches(word, 'local', 'permanent')) kind = 'permanent'
    else if (readPeerWord(ip.netns, peer, word, words)) isSelf = true
    else if (['src_vni', 'nhid', 'vlan'].includes(word)) {
      return notModelled(ip.context, `bridge fdb ${mode} ${word}`)
    } else mac = word === 'to' ? words.value() : word
  }
  if (mac === null || name === null) throw new GiveUp('Device and address are required arguments.\n', 255)
  const parsed = parseMac(mac)
  if (parsed === null) throw new GiveUp(`Invalid mac address ${mac}\n`, 255)
  const link = findLink(ip.netns, name)
  if (link === undefined) throw noDevice(name)
  if (link.kind === 'vxlan' && (isSelf || link.master === null)) {
    return vxlanFdb(ip, link, parsed, kind, peer, mode)
  }
  if (isSelf) return notModelled(ip.context, 'bridge fdb … self')
  if (!mayChange(ip.context)) return answer(ip, refuse('EPERM'), 255)
  if (mode === 'delete') return answer(ip, deleteFdbEntry(ip.netns, link, parsed), 255)
  return answer(ip, addFdbEntry(ip.context.world, ip.netns, link, { mac: parsed, kind }, mode), 255)
}
