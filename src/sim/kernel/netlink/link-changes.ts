/** Messages about one device: it came, went, was renamed, went up or down, joined a bridge or left it. net/core/{dev,rtnetlink}.c */
import {
  type Comparison,
  once,
  tellAddresses,
  tellFdb,
  tellNeighbors,
  tellRoutes,
  tellRoutes6,
} from './changes.ts'
import type { LinkRow } from './dump.ts'
import type { FdbRow } from './fdb.ts'

/** What a device looks like before anything was done to it. */
function pristine(row: LinkRow): LinkRow {
  return {
    ...row,
    flags: row.flags.filter((flag) => !['NO-CARRIER', 'UP', 'LOWER_UP'].includes(flag)),
    up: false,
    qdisc: 'noop',
    state: 'DOWN',
    master: null,
    masterIfindex: null,
    port: null,
    addresses: [],
    addresses6: [],
  }
}

function netconf(all: Comparison, ifindex: number, device: string, deleted: boolean): void {
  for (const family of [4, 6] as const) all.out.push({ kind: 'netconf', family, ifindex, device, deleted })
}

/** A device that is new here; of a veth pair the first end has no other end yet. */
export function newLinkMessages(all: Comparison, row: LinkRow): LinkRow {
  const born = pristine(row)
  netconf(all, row.ifindex, row.name, false)
  const isOld = all.old.links.some((other) => other.ifindex === row.link)
  const isFirst = row.kind === 'veth' && row.linkNetnsId === null && !isOld && (row.link ?? 0) > row.ifindex
  const here = row.linkHere === null ? null : { ...row.linkHere, up: isOld && row.linkHere.up }
  if (row.kind === 'bridge') all.out.push({ kind: 'fdb', row: ownEntry(born) })
  all.out.push({
    kind: 'link',
    row: isFirst ? { ...born, link: 0, linkHere: null } : { ...born, linkHere: here },
  })
  return born
}

/** A bridge's own address stands in its table (br_fdb_change_mac_address). */
function ownEntry(bridge: LinkRow): FdbRow {
  const { mac, name, ifindex } = bridge
  return { mac, device: name, ifindex, master: name, state: 'permanent', ageUs: 0 }
}

export function removedLinkMessages(all: Comparison, row: LinkRow): void {
  const moved = all.whereabouts(row)
  if (row.masterIfindex !== null)
    leaveMaster(all, row, { ...row, master: null, masterIfindex: null, port: null })
  const down = { ...pristine(row), qdisc: row.qdisc }
  if (row.up) {
    all.out.push({ kind: 'link', row: down })
    tellRoutes6(all, (route) => route.ifindex === row.ifindex)
  }
  tellNeighbors(all, row.ifindex)
  tellAddresses(all, row, { ...down, addresses: [], addresses6: [] })
  tellRoutes(all, (route) => route.ifindex === row.ifindex)
  if (row.kind === 'bridge') all.out.push({ kind: 'fdb', row: ownEntry(row), deleted: true })
  netconf(all, row.ifindex, row.name, true)
  if (moved !== null) {
    for (const [id, netns] of all.now.peers)
      if (netns === moved.netns && !all.old.peers.some(([known]) => known === id) && once(all, `nsid ${id}`))
        all.out.push({ kind: 'nsid', id, netns })
    all.out.push({ kind: 'link', row: { ...down, qdisc: 'noop' }, movedTo: moved, deleted: true })
    return
  }
  const alone = row.kind === 'veth' ? { link: 0, linkHere: null, linkNetnsId: null, linkNetns: null } : {}
  all.out.push({ kind: 'link', row: { ...down, ...alone, qdisc: 'noop' }, deleted: true })
}

export function linkMessages(all: Comparison, was: LinkRow, row: LinkRow): void {
  let state = was
  const step = (change: Partial<LinkRow>): void => {
    state = { ...state, ...change }
    all.out.push({ kind: 'link', row: state })
  }
  if (was.up && !row.up) wentDown(all, was, row)
  if (was.up && !row.up)
    state = { ...was, flags: row.flags, up: false, state: row.state, addresses6: row.addresses6 }
  if (was.name !== row.name) renamed(all, was, row, step)
  if (was.masterIfindex !== row.masterIfindex && was.masterIfindex !== null) {
    leaveMaster(all, state, { ...state, master: null, masterIfindex: null, port: null })
    state = { ...state, master: null, masterIfindex: null, port: null }
  }
  if (was.mac !== row.mac && row.kind !== 'bridge') step({ mac: row.mac })
  if (was.mtu !== row.mtu && row.kind !== 'bridge') step({ mtu: row.mtu })
  if (!was.up && row.up) cameUp(all, state, row)
  else if (row.up && isRunning(was) !== isRunning(row)) carrierChanged(all, row)
  if (was.masterIfindex !== row.masterIfindex && row.masterIfindex !== null) joinMaster(all, row)
  else if (row.port !== null && portKey(was) !== portKey(row)) all.out.push({ kind: 'port', row })
  if (
    row.kind === 'bridge' &&
    (was.mac !== row.mac || was.mtu !== row.mtu) &&
    once(all, `bridge ${row.ifindex}`)
  )
    all.out.push({ kind: 'link', row })
  if (was.alias !== row.alias || was.group !== row.group || was.txQueueLength !== row.txQueueLength)
    all.out.push({ kind: 'link', row })
}

/** What spanning tree says of a port at each moment is no news. */
const QUIET = {
  designatedRoot: '',
  designatedCost: 0,
  designatedBridge: '',
  designatedPort: 0,
  topologyChangeAck: false,
  configPending: false,
  messageAgeTimer: 0,
  forwardDelayTimer: 0,
  holdTimer: 0,
}

function portKey(row: LinkRow): string {
  const port = row.port
  return port === null ? '' : JSON.stringify({ ...port, ...QUIET })
}

const isRunning = (row: LinkRow): boolean => row.up && !row.flags.includes('NO-CARRIER')

function renamed(
  all: Comparison,
  was: LinkRow,
  row: LinkRow,
  step: (change: Partial<LinkRow>) => void,
): void {
  step({ name: row.name })
  const { ifindex } = row
  for (const own of row.addresses)
    if (!was.addresses.some((old) => old.label === own.label)) all.out.push({ kind: 'address', ifindex, own })
  for (const family of [4, 6] as const) {
    all.out.push({ kind: 'netconf', family, ifindex, device: was.name, deleted: true })
    all.out.push({ kind: 'netconf', family, ifindex, device: row.name })
  }
}

/** Kinds whose carrier is told after they were opened (linkwatch). */
const TELLS_CARRIER = new Set(['veth', 'physical', 'macvlan', 'vlan'])

function cameUp(all: Comparison, was: LinkRow, row: LinkRow): void {
  const isLate = TELLS_CARRIER.has(row.kind) && isRunning(row)
  const state = row.kind === 'veth' && row.linkNetnsId === null ? 'LOWERLAYERDOWN' : 'DOWN'
  const opened = { ...row, master: was.master, masterIfindex: was.masterIfindex }
  const first = isLate ? { ...opened, flags: ['NO-CARRIER', ...row.flags], state } : opened
  all.out.push({ kind: 'link', row: first })
  tellAddresses(all, was, { ...row, addresses6: [] })
  tellRoutes(all, (route) => route.ifindex === row.ifindex && route.protocol === 'kernel')
  if (row.kind === 'loopback') tellAddresses(all, was, row)
  tellRoutes6(all, (route) => route.ifindex === row.ifindex)
  if (isLate) all.out.push({ kind: 'link', row: opened })
}

function wentDown(all: Comparison, was: LinkRow, row: LinkRow): void {
  all.out.push({
    kind: 'link',
    row: {
      ...row,
      name: was.name,
      mtu: was.mtu,
      mac: was.mac,
      master: was.master,
      masterIfindex: was.masterIfindex,
    },
  })
  tellNeighbors(all, row.ifindex)
  tellRoutes6(all, (route) => route.ifindex === row.ifindex)
  tellAddresses(all, { ...was, addresses: row.addresses }, row)
}

function carrierChanged(all: Comparison, row: LinkRow): void {
  if (isRunning(row)) tellRoutes6(all, (route) => route.ifindex === row.ifindex)
  else tellNeighbors(all, row.ifindex)
  all.out.push({ kind: 'link', row })
}

/** The port follows, then the bridge takes over its address and MTU (br_add_if). */
function joinMaster(all: Comparison, row: LinkRow): void {
  const bridge = all.now.links.find((one) => one.ifindex === row.masterIfindex)
  const was = all.old.links.find((one) => one.ifindex === row.masterIfindex)
  all.out.push({ kind: 'link', row }, { kind: 'link', row })
  if (bridge === undefined) return
  const hadPorts = all.old.links.some((one) => one.masterIfindex === bridge.ifindex)
  if (!hadPorts) all.out.push({ kind: 'link', row: was ?? pristine(bridge), isFeatureChange: true })
  tellFdb(all, row.name)
  if (!hadPorts && was !== undefined && was.mac !== bridge.mac)
    all.out.push({ kind: 'fdb', row: ownEntry(was), deleted: true })
  for (let i = bridge.up ? 3 : 1; i > 0; i--) all.out.push({ kind: 'port', row })
  if (was === undefined || was.mac === bridge.mac || !once(all, `bridge ${bridge.ifindex}`)) return
  all.out.push({ kind: 'link', row: { ...was, mac: bridge.mac } })
  if (was.mtu !== bridge.mtu)
    all.out.push({ kind: 'link', row: { ...was, mac: bridge.mac, mtu: bridge.mtu } })
  if (was.state !== bridge.state) {
    all.out.push({ kind: 'link', row: bridge })
    all.told.add(`carrier ${bridge.ifindex}`)
  }
}

function leaveMaster(all: Comparison, was: LinkRow, row: LinkRow): void {
  all.out.push({ kind: 'link', row: was })
  const { port } = was
  all.out.push({ kind: 'port', row: port === null ? was : { ...was, port: { ...port, state: 'disabled' } } })
  tellFdb(all, was.name)
  all.out.push({ kind: 'port', row: was, deleted: true }, { kind: 'link', row })
}
