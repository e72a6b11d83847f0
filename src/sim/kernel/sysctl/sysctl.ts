/**
 * Settings by name, as sysctl(8) and /proc/sys show them, with the effects that writing has.
 * net/ipv4/devinet.c (inet_forward_change), net/ipv6/addrconf.c, kernel/sysctl.c.
 * Not modelled: settings outside `net.`; per-socket memory settings have no effect.
 */
import { ok, type Result, refuse } from '../../base/result.ts'
import { onIpv6Switched } from '../ipv6/autoconfiguration.ts'
import type { NetNamespace } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import { BOUNDS, BRIDGE_PLAIN, DEVICE_FIELDS, DEVICE_PLAIN, NET_FIELDS, PLAIN } from './definitions.ts'
import { type DeviceSettings, deviceSettings } from './settings.ts'

type DeviceField = keyof typeof DEVICE_FIELDS
type NetField = keyof typeof NET_FIELDS

const FORWARD_KEY = 'net.ipv4.ip_forward'
/** Computed; nobody writes it. */
const COUNT_KEY = 'net.netfilter.nf_conntrack_count'
const deviceFieldOf = new Map<string, DeviceField>(
  (Object.keys(DEVICE_FIELDS) as DeviceField[]).map((field) => [
    `${DEVICE_FIELDS[field].tree} ${DEVICE_FIELDS[field].name}`,
    field,
  ]),
)
const netFieldOf = new Map<string, NetField>(
  (Object.keys(NET_FIELDS) as NetField[]).map((field) => [NET_FIELDS[field].key, field]),
)

interface DeviceKey {
  readonly settings: DeviceSettings
  readonly field: DeviceField
  readonly owner: Owner
}

/** `all`, `default` or the device's ifindex. */
type Owner = 'all' | 'default' | number

interface KeyParts {
  readonly tree: string
  readonly name: string
  readonly owner: Owner
}

/** `net.ipv4.conf.eth0.100.rp_filter`: the device is whatever stands between tree and name. */
function partsOf(netns: NetNamespace, key: string): KeyParts | null {
  const parts = /^(net\.ipv[46]\.(?:conf|neigh))\.(.+)\.([a-z0-9_]+)$/.exec(key)
  if (parts === null) return null
  const [, tree = '', device = '', name = ''] = parts
  const owner = ownerOf(netns, device)
  return owner === null || (owner === 'all' && tree.endsWith('.neigh')) ? null : { tree, name, owner }
}

/** A device's name is written with `/` for its dots, as sysctl(8) allows, or as it is. */
function ownerOf(netns: NetNamespace, device: string): Owner | null {
  if (device === 'all' || device === 'default') return device
  for (const link of netns.links.values()) {
    if (link.name === device || link.name === device.replaceAll('/', '.')) return link.ifindex
  }
  return null
}

function deviceKey(netns: NetNamespace, key: string): DeviceKey | null {
  const parts = partsOf(netns, key)
  const field = parts === null ? undefined : deviceFieldOf.get(`${parts.tree} ${parts.name}`)
  if (parts === null || field === undefined) return null
  const { owner } = parts
  const settings = typeof owner === 'number' ? deviceSettings(netns, owner) : netns.settings[owner]
  return { settings, field, owner }
}

function plainDefault(netns: NetNamespace, key: string): string | undefined {
  const known = PLAIN[key] ?? (netns.settings.bridgeNetfilter ? BRIDGE_PLAIN[key] : undefined)
  if (known !== undefined) return known
  const parts = partsOf(netns, key)
  return parts === null ? undefined : DEVICE_PLAIN[parts.tree]?.[parts.name]
}

function netField(netns: NetNamespace, key: string): NetField | undefined {
  const field = netFieldOf.get(key)
  return field === 'bridgeCallIptables' && !netns.settings.bridgeNetfilter ? undefined : field
}

export function hasSysctl(netns: NetNamespace, key: string): boolean {
  if (key === FORWARD_KEY || key === COUNT_KEY || netField(netns, key) !== undefined) return true
  return plainDefault(netns, key) !== undefined || deviceKey(netns, key) !== null
}

/** The value as text; the empty text for a key that does not exist (`hasSysctl` tells). */
export function readSysctl(netns: NetNamespace, key: string): string {
  if (key === FORWARD_KEY) return String(netns.settings.all.forwarding)
  if (key === COUNT_KEY) return String(netns.conntrack.connections.size)
  const field = netField(netns, key)
  if (field !== undefined) return String(netns.settings[field])
  const device = deviceKey(netns, key)
  if (device !== null) return String(device.settings[device.field])
  return netns.sysctls.get(key) ?? plainDefault(netns, key) ?? ''
}

export function writeSysctl(sim: Simulation, netns: NetNamespace, key: string, text: string): Result<void> {
  const value = text.trim()
  if (key === COUNT_KEY) return refuse('EACCES')
  const field = netField(netns, key)
  const device = deviceKey(netns, key)
  if (key !== FORWARD_KEY && field === undefined && device === null) {
    const known = plainDefault(netns, key)
    if (known === undefined) return refuse('ENOENT')
    return writePlain(netns, key, value, known)
  }
  const number = parseNumber(value)
  if (number === null) return refuse('EINVAL')
  const bounds = BOUNDS[key]
  if (bounds !== undefined && (number < bounds[0] || number > bounds[1])) return refuse('EINVAL')
  if (key === FORWARD_KEY) setForwarding(netns, number)
  else if (field !== undefined) netns.settings[field] = number
  else if (device !== null) setDevice(sim, netns, device, number)
  return ok(undefined)
}

/** Where the first value is numbers, so must be the new one; the same count or fewer. */
function writePlain(netns: NetNamespace, key: string, value: string, known: string): Result<void> {
  const numeric = known !== '' && known.split('\t').every((word) => parseNumber(word) !== null)
  const words = value.split(/\s+/)
  if (numeric && words.some((word) => parseNumber(word) === null)) return refuse('EINVAL')
  const rest = known.split('\t').slice(words.length)
  netns.sysctls.set(key, numeric ? [...words, ...rest].slice(0, known.split('\t').length).join('\t') : value)
  return ok(undefined)
}

/** As proc_dointvec: decimal, octal or hexadecimal, with a sign. */
function parseNumber(text: string): number | null {
  const match = /^(-?)(0x[0-9a-fA-F]+|\d+)$/.exec(text)
  if (match === null) return null
  const digits = match[2]!
  const base = digits.startsWith('0x') ? 16 : /^0[0-7]+$/.test(digits) ? 8 : 10
  const value = Number.parseInt(digits, base) * (match[1] === '-' ? -1 : 1)
  return Math.abs(value) > 0x7fffffff ? null : value
}

/** inet_forward_change: all devices, and those to come, follow. */
function setForwarding(netns: NetNamespace, value: number): void {
  netns.settings.all.forwarding = value
  netns.settings.default.forwarding = value
  netns.settings.all.acceptRedirects = value === 0 ? 1 : 0
  netns.settings.default.acceptRedirects = value === 0 ? 1 : 0
  for (const link of netns.links.values()) deviceSettings(netns, link.ifindex).forwarding = value
}

function setDevice(sim: Simulation, netns: NetNamespace, key: DeviceKey, value: number): void {
  if (key.field === 'forwarding' && key.owner === 'all') return setForwarding(netns, value)
  if (key.owner === 'default') for (const link of netns.links.values()) deviceSettings(netns, link.ifindex)
  key.settings[key.field] = value
  if (key.field === 'baseReachableTimeMs') key.settings.reachableTimeUs = 0
  if (key.field === 'baseReachableTimeMs6') key.settings.reachableTimeUs6 = 0
  if (key.field === 'disableIpv6') switchIpv6(sim, netns, key, value)
  if (key.field === 'forwarding6' && key.owner === 'all') {
    netns.settings.default.forwarding6 = value
    for (const link of netns.links.values()) deviceSettings(netns, link.ifindex).forwarding6 = value
  }
}

/** addrconf_disable_ipv6: `all` reaches every device and those to come. */
function switchIpv6(sim: Simulation, netns: NetNamespace, key: DeviceKey, value: number): void {
  if (key.owner === 'default') return
  if (key.owner === 'all') netns.settings.default.disableIpv6 = value
  for (const link of netns.links.values()) {
    if (key.owner !== 'all' && key.owner !== link.ifindex) continue
    deviceSettings(netns, link.ifindex).disableIpv6 = value
    onIpv6Switched(sim, netns, link)
  }
}

/** All keys in the order of `sysctl -a` (by name). */
export function sysctlKeys(netns: NetNamespace): string[] {
  const general = [FORWARD_KEY, COUNT_KEY, ...Object.keys(PLAIN), ...netFieldOf.keys()]
  const keys = general.filter((key) => hasSysctl(netns, key))
  if (netns.settings.bridgeNetfilter) keys.push(...Object.keys(BRIDGE_PLAIN))
  const devices = ['default', ...[...netns.links.values()].map((link) => link.name.replaceAll('.', '/'))]
  const names = Object.values(DEVICE_FIELDS).map(({ tree, name }): [string, string] => [tree, name])
  for (const [tree, plain] of Object.entries(DEVICE_PLAIN)) {
    for (const name of Object.keys(plain)) names.push([tree, name])
  }
  for (const [tree, name] of names) {
    if (!tree.endsWith('.neigh')) keys.push(`${tree}.all.${name}`)
    for (const device of devices) keys.push(`${tree}.${device}.${name}`)
  }
  return keys.sort()
}
