/**
 * What the drivers macvlan and ipvlan share: a parent device on the host, and devices on it that move into sandboxes.
 * libnetwork drivers/{macvlan,ipvlan}/*_network.go, *_setup.go, *_joinleave.go.
 */
import { ok, type Refusal, type Result, refuse } from '../../base/result.ts'
import type { NetNamespace } from '../../kernel/net-namespace.ts'
import { addAddress } from '../../kernel/netlink/address.ts'
import {
  addLink,
  deleteLink,
  findLink,
  type LinkSpec,
  moveLink,
  renameLink,
  setLinkMac,
  setLinkUp,
} from '../../kernel/netlink/link.ts'
import type { Simulation } from '../../kernel/simulation.ts'
import { broadcastOf } from '../../wire/ipv4-address.ts'
import type { EndpointDevice } from '../endpoint.ts'
import { drawVethName, shortId } from '../identifiers.ts'
import type { Network, ParentDriver, ParentSettings } from '../network.ts'
import { joinSandbox6, type SandboxInterface } from './bridge.ts'

const MODES: Readonly<Record<ParentDriver, readonly string[]>> = {
  macvlan: ['bridge', 'private', 'passthru', 'vepa'],
  ipvlan: ['l2', 'l3'],
}
const DUMMY_PREFIX: Readonly<Record<ParentDriver, string>> = { macvlan: 'dm-', ipvlan: 'di-' }

function dummyName(driver: ParentDriver, network: string): string {
  return `${DUMMY_PREFIX[driver]}${shortId(network)}`
}

/** What was asked for with `-o`; `--internal` and no parent come to the same: a dummy of the network's own. */
export function parentSettings(
  driver: ParentDriver,
  network: string,
  options: Readonly<Record<string, string>>,
  internal: boolean,
): Result<ParentSettings> {
  const modes = MODES[driver]
  const asked = options[`${driver}_mode`] ?? ''
  const mode = asked === '' ? modes[0]! : asked
  if (!modes.includes(mode)) {
    const text = `requested ${driver} mode '${asked}' is not valid, '${modes[0]}' mode is the ${driver} driver default`
    return refuse('EINVAL', text)
  }
  const device = internal ? '' : (options.parent ?? '')
  if (device === 'lo') return refuse('EINVAL', `loopback interface is not a valid ${driver} parent link`)
  return ok({ device: device === '' ? dummyName(driver, network) : device, mode, created: false })
}

/** Makes the parent where it is missing: the dummy, or the VLAN sub-interface that its name stands for. */
export function setUpParent(
  sim: Simulation,
  netns: NetNamespace,
  driver: ParentDriver,
  network: string,
  settings: ParentSettings,
  others: Iterable<Network>,
): Result<ParentSettings> {
  for (const other of others) {
    if (other.driver !== driver || other.parent?.device !== settings.device) continue
    const text = `network ${dummyName(driver, other.id)} is already using parent interface ${settings.device}`
    return refuse('EEXIST', text)
  }
  if (findLink(netns, settings.device) !== undefined) return ok(settings)
  const isDummy = settings.device === dummyName(driver, network)
  const made = isDummy
    ? createDummy(sim, netns, driver, settings.device)
    : createVlan(sim, netns, driver, settings.device)
  return made.ok ? ok({ ...settings, created: true }) : made
}

function createDummy(sim: Simulation, netns: NetNamespace, driver: ParentDriver, name: string): Result<void> {
  const made = addLink(sim, netns, { kind: 'dummy', name, txQueueLength: 0 })
  if (!made.ok) return refuse('EIO', errnoText(made.error))
  const up = setLinkUp(sim, netns, made.value)
  return up.ok
    ? up
    : refuse('EIO', `failed to enable ${name} the ${driver} parent link: ${errnoText(up.error)}`)
}

function createVlan(sim: Simulation, netns: NetNamespace, driver: ParentDriver, name: string): Result<void> {
  const parsed = parseVlan(netns, name)
  if (!parsed.ok) return parsed
  const { parent, vid } = parsed.value
  const lower = { host: netns.host, netns: netns.id, ifindex: parent }
  const made = addLink(sim, netns, { kind: 'vlan', name, vid, lower, txQueueLength: 0 })
  if (!made.ok) return refuse('EIO', `failed to create ${name} vlan link: ${errnoText(made.error)}`)
  const up = setLinkUp(sim, netns, made.value)
  return up.ok
    ? up
    : refuse('EIO', `failed to enable ${name} the ${driver} parent link ${errnoText(up.error)}`)
}

/** `eth0.50`: VLAN 50 on eth0. */
function parseVlan(netns: NetNamespace, name: string): Result<{ parent: number; vid: number }> {
  if (!name.includes('.')) {
    return refuse('EINVAL', `invalid subinterface vlan name ${name}, example formatting is eth0.10`)
  }
  const [parent = '', number = '', ...rest] = name.split('.')
  if (rest.length > 0) {
    const text = 'required interface name format is: name.vlan_id, ex. eth0.10 for vlan 10, instead received'
    return refuse('EINVAL', `${text} ${name}`)
  }
  if (!/^[+-]?\d+$/.test(number)) {
    return refuse('EINVAL', `unable to parse a valid vlan id from: ${number} (ex. eth0.10 for vlan 10)`)
  }
  const lower = findLink(netns, parent)
  if (lower === undefined) {
    return refuse('ENODEV', `-o parent interface does was not found on the host: ${parent}`)
  }
  const vid = Number(number)
  if (vid > 4094 || vid < 1) return refuse('EINVAL', `vlan id must be between 1-4094, received: ${vid}`)
  return ok({ parent: lower.ifindex, vid })
}

/** What the driver has made goes with the network. */
export function removeParent(sim: Simulation, netns: NetNamespace, settings: ParentSettings): void {
  const link = settings.created ? findLink(netns, settings.device) : undefined
  if (link !== undefined) deleteLink(sim, netns, link)
}

/** The device of an endpoint: made on the host, moved into the sandbox, set up there. */
export function joinParent(
  sim: Simulation,
  host: NetNamespace,
  sandbox: NetNamespace,
  driver: ParentDriver,
  settings: ParentSettings,
  as: Omit<SandboxInterface, 'mac'> & { readonly mac: string | null },
): Result<EndpointDevice> {
  const parent = findLink(host, settings.device)
  if (parent === undefined) {
    return refuse(
      'ENODEV',
      `the requested parent interface ${settings.device} was not found on the Docker host`,
    )
  }
  const hostName = drawVethName(sim.random, (name) => findLink(host, name) !== undefined)
  const lower = { host: host.host, netns: host.id, ifindex: parent.ifindex }
  const made = addLink(sim, host, {
    ...specOf(driver, settings.mode),
    name: hostName,
    lower,
    txQueueLength: 0,
  })
  if (!made.ok) return refuse('EIO', `failed to create the ${driver} port: ${errnoText(made.error)}`)
  const hostIfindex = made.value.ifindex
  const moved = moveLink(sim, host, made.value, sandbox)
  if (!moved.ok) return moved
  const link = moved.value
  renameLink(sim, sandbox, link, as.name)
  if (as.mac !== null) setLinkMac(sim, sandbox, link, as.mac)
  const { address, length } = as
  const broadcast = broadcastOf(address, length)
  const added = addAddress(sim, sandbox, link, { address, length, broadcast, scope: 'global' })
  if (added.ok) joinSandbox6(sim, sandbox, link, as)
  const up = added.ok ? setLinkUp(sim, sandbox, link) : added
  if (up.ok) return ok({ hostName, hostIfindex, name: as.name })
  deleteLink(sim, sandbox, link)
  return refuse('EIO', errnoText(up.error))
}

function specOf(driver: ParentDriver, mode: string): LinkSpec {
  return driver === 'macvlan'
    ? { kind: 'macvlan', macvlanMode: mode as NonNullable<LinkSpec['macvlanMode']> }
    : { kind: 'ipvlan', ipvlanMode: mode as NonNullable<LinkSpec['ipvlanMode']>, ipvlanFlag: 'bridge' }
}

/** Go's words for an errno (syscall.Errno): strerror(3) in lower case. */
function errnoText(error: Refusal): string {
  return ERRNO[error.code] ?? error.detail ?? error.code
}

const ERRNO: Readonly<Record<string, string>> = {
  EPERM: 'operation not permitted',
  ENODEV: 'no such device',
  EBUSY: 'device or resource busy',
  EEXIST: 'file exists',
  EINVAL: 'invalid argument',
  ERANGE: 'numerical result out of range',
  EOPNOTSUPP: 'operation not supported',
  EADDRINUSE: 'address already in use',
  ENETDOWN: 'network is down',
}
