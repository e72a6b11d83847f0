/** `ip monitor` and `bridge monitor`: say what changes in a namespace until they are stopped. ip-monitor(8), bridge(8). */
import { lookup } from '../kernel/fs/files.ts'
import type { NetNamespace } from '../kernel/net-namespace.ts'
import { changesBetween, type NetlinkMessage } from '../kernel/netlink/changes.ts'
import type { LinkRow } from '../kernel/netlink/dump.ts'
import { formatDestination6 } from '../kernel/netlink/route6.ts'
import { type NetlinkSnapshot, takeSnapshot } from '../kernel/netlink/snapshot.ts'
import type { Row, Simulation, WakeCause } from '../kernel/simulation.ts'
import type { Program } from '../kernel/task/types.ts'
import type { ProcessContext } from './context.ts'

export interface MonitorStyle {
  readonly tool: 'ip' | 'bridge'
  /** `all` and `label`: which table a line is about. */
  readonly banner: boolean
  readonly timestamp: 'none' | 'long' | 'short'
  readonly oneline: boolean
  readonly brief: boolean
  readonly color: boolean
  readonly details: boolean
  readonly statistics: boolean
}

export interface NetlinkMonitorProgram extends Program {
  readonly kind: 'netlink-monitor'
  readonly netns: number
  readonly groups: readonly string[]
  readonly family: 4 | 6 | null
  /** `dev NAME` */
  readonly ifindex: number | null
  readonly style: MonitorStyle
  snapshot: NetlinkSnapshot | null
  /** Names as they were when first asked for; a device that goes is forgotten. */
  names: Map<number, string>
}

export interface MonitorRow extends Row {
  readonly program: 'netlink-monitor'
  readonly kind: 'message'
  readonly message: NetlinkMessage
  readonly style: MonitorStyle
  /** Of the device that the message is about. */
  readonly device: string
  /** Of a namespace that the message names, where it has a name. */
  readonly netnsName: string | null
  /** Where an IPv6 route leads. */
  readonly destination6: string
  /** Microseconds since 1970. */
  readonly wallUs: number
}

export function netlinkMonitorProgram(
  options: Pick<NetlinkMonitorProgram, 'netns' | 'groups' | 'family' | 'ifindex' | 'style'>,
): NetlinkMonitorProgram {
  return { kind: 'netlink-monitor', ...options, snapshot: null, names: new Map() }
}

export function stepNetlinkMonitor(
  context: ProcessContext,
  program: NetlinkMonitorProgram,
  cause: WakeCause,
): void {
  const { sim, process } = context
  if (cause.kind === 'signal') {
    sim.monitors = sim.monitors?.filter((one) => one.pid !== process.pid || one.host !== process.host) ?? []
    return context.exit(128 + cause.signal)
  }
  const netns = context.kernel.namespaces.get(program.netns)
  if (netns === undefined) return
  const now = takeSnapshot(sim, netns)
  if (cause.kind === 'start')
    sim.monitors = [...(sim.monitors ?? []), { host: process.host, pid: process.pid }]
  else if (program.snapshot !== null) {
    const find = (row: LinkRow) => whereabouts(context, netns, row)
    for (const message of changesBetween(program.snapshot, now, find)) tell(context, program, message)
  }
  program.snapshot = now
}

/** A device that left may stand in another namespace of this host. */
function whereabouts(context: ProcessContext, from: NetNamespace, row: LinkRow) {
  if (row.kind === 'loopback' || row.kind === 'bridge') return null
  for (const netns of context.kernel.namespaces.values()) {
    if (netns === from) continue
    for (const link of netns.links.values())
      if (link.kind === row.kind && link.mac === row.mac) return { netns: netns.id, ifindex: link.ifindex }
  }
  return null
}

function tell(context: ProcessContext, program: NetlinkMonitorProgram, message: NetlinkMessage): void {
  const ifindex = deviceOf(message)
  const device = nameOf(context, program, message, ifindex)
  if (message.kind === 'link' || message.kind === 'port') {
    if (message.deleted === true) program.names.delete(message.row.ifindex)
  }
  if (!isWanted(program, message)) return
  if (program.ifindex !== null && ifindex !== null && ifindex !== program.ifindex) return
  const { sim } = context
  context.emit<MonitorRow>({
    program: 'netlink-monitor',
    kind: 'message',
    message,
    style: program.style,
    device,
    netnsName: namespaceName(context, message),
    destination6: message.kind === 'route6' ? formatDestination6(message.route) : '',
    wallUs: sim.epochMs * 1000 + sim.nowUs,
  })
}

function deviceOf(message: NetlinkMessage): number | null {
  switch (message.kind) {
    case 'link':
    case 'port':
    case 'fdb':
      return message.row.ifindex
    case 'route':
    case 'route6':
      return message.route.ifindex
    case 'neighbor':
      return message.entry.ifindex
    case 'address':
    case 'address6':
    case 'netconf':
      return message.ifindex
    default:
      return null
  }
}

/** ll_index_to_name: asked once, then remembered. */
function nameOf(
  context: ProcessContext,
  program: NetlinkMonitorProgram,
  message: NetlinkMessage,
  ifindex: number | null,
): string {
  if (message.kind === 'link' || message.kind === 'port') return message.row.name
  if (ifindex === null || !isWanted(program, message)) return ''
  const known = program.names.get(ifindex)
  if (known !== undefined) return known
  const netns = context.kernel.namespaces.get(program.netns)
  const found =
    netns?.links.get(ifindex)?.name ?? program.snapshot?.links.find((row) => row.ifindex === ifindex)?.name
  if (found !== undefined) program.names.set(ifindex, found)
  return found ?? (message.kind === 'netconf' ? message.device : `if${ifindex}`)
}

const GROUP: Readonly<Record<NetlinkMessage['kind'], string>> = {
  link: 'link',
  port: 'link',
  address: 'address',
  address6: 'address',
  route: 'route',
  route6: 'route',
  neighbor: 'neigh',
  fdb: 'neigh',
  rule: 'rule',
  netconf: 'netconf',
  nsid: 'nsid',
}

function isWanted(program: NetlinkMonitorProgram, message: NetlinkMessage): boolean {
  if (program.style.tool === 'bridge') {
    if (message.kind === 'fdb') return program.groups.includes('fdb')
    return (message.kind === 'link' || message.kind === 'port') && program.groups.includes('link')
  }
  if (!program.groups.includes(GROUP[message.kind])) return false
  const family = familyOf(message)
  return program.family === null || family === null || family === program.family
}

function familyOf(message: NetlinkMessage): 4 | 6 | 'bridge' | null {
  switch (message.kind) {
    case 'address':
    case 'route':
    case 'rule':
      return 4
    case 'address6':
    case 'route6':
      return 6
    case 'neighbor':
      return message.entry.family
    case 'netconf':
      return message.family
    case 'fdb':
      return 'bridge'
    default:
      return null
  }
}

const NETNS_FOLDER = '/run/netns'

function namespaceName(context: ProcessContext, message: NetlinkMessage): string | null {
  const id =
    message.kind === 'nsid'
      ? message.netns
      : message.kind === 'link'
        ? (message.movedTo?.netns ?? message.row.linkNetns)
        : null
  if (id === null) return null
  const { sim, kernel, process } = context
  const folder = lookup(sim, kernel, process, NETNS_FOLDER)
  if (!folder.ok || folder.value.kind !== 'directory') return null
  for (const name of folder.value.entries.keys()) {
    const node = lookup(sim, kernel, process, `${NETNS_FOLDER}/${name}`)
    if (node.ok && node.value.kind === 'namespace' && node.value.type === 'net' && node.value.id === id)
      return name
  }
  return null
}

/** After each step of the world: those who listen look what has changed. */
export function monitorsToWake(sim: Simulation): readonly { readonly host: string; readonly pid: number }[] {
  const living = (sim.monitors ?? []).filter(({ host, pid }) => {
    const process = sim.kernels.get(host)?.processes.get(pid)
    return process !== undefined && process.exitStatus === null
  })
  if (living.length !== sim.monitors?.length) sim.monitors = living
  return living
}
