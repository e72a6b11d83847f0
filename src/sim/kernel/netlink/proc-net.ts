/** Files of /proc/net as text. proc_pid_net(5), net/core/net-procfs.c, net/ipv4/{fib_trie,arp,tcp_ipv4,udp}.c */
import type { IpAddress } from '../../wire/frame.ts'
import { formatIpv4, maskOf } from '../../wire/ipv4-address.ts'
import { ipv6ToBytes } from '../../wire/ipv6-address.ts'
import { ipv4Groups } from '../link/multicast.ts'
import type { LinkStatistics } from '../link/types.ts'
import type { NeighborEntry, NetNamespace, Route } from '../net-namespace.ts'
import type { Simulation } from '../simulation.ts'
import type { TcpSocket, UdpSocket } from '../socket.ts'
import { multicastList } from './fdb.ts'
import { isIpv4, type Neighbor4 } from './neighbor.ts'
import { listRoutes } from './route.ts'

export const PROC_NET_NAMES = [
  'arp',
  'dev',
  'dev_mcast',
  'if_inet6',
  'igmp',
  'route',
  'tcp',
  'tcp6',
  'udp',
  'udp6',
  'unix',
] as const

/** Null: no such file. */
export function procNetFile(sim: Simulation, netns: NetNamespace, name: string): string | null {
  switch (name) {
    case 'dev':
      return devFile(netns)
    case 'route':
      return routeFile(netns)
    case 'arp':
      return arpFile(netns)
    case 'if_inet6':
      return inet6File(netns)
    case 'igmp':
      return igmpFile(netns)
    case 'dev_mcast':
      return multicastFile(netns)
    case 'tcp':
    case 'tcp6':
      return tcpFile(sim, netns, name === 'tcp6')
    case 'udp':
    case 'udp6':
      return udpFile(sim, netns, name === 'udp6')
    case 'unix':
      return 'Num       RefCount Protocol Flags    Type St Inode Path\n'
    default:
      return null
  }
}

/** igmp_mc_seq_show: groups as a PC prints what lies in memory in network order. */
function igmpFile(netns: NetNamespace): string {
  let text = 'Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n'
  for (const link of [...netns.links.values()].sort((x, y) => x.ifindex - y.ifindex)) {
    const groups = ipv4Groups(link)
    if (groups.length === 0) continue
    text += `${link.ifindex}\t${link.name.padEnd(10)}: ${pad(groups.length, 5)}      V3\n`
    for (const group of groups) text += `\t\t\t\t${memoryHex(group)}     1 0:00000000\t\t0\n`
  }
  return text
}

function devFile(netns: NetNamespace): string {
  const head =
    'Inter-|   Receive                                                |  Transmit\n' +
    ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n'
  const links = [...netns.links.values()].sort((x, y) => x.ifindex - y.ifindex)
  return head + links.map((link) => devLine(link.name, link.statistics)).join('')
}

const pad = (value: number | string, width: number): string => String(value).padStart(width)

function devLine(name: string, s: LinkStatistics): string {
  const received = `${pad(s.rxBytes, 8)} ${pad(s.rxPackets, 7)} ${pad(s.rxErrors, 4)} ${pad(s.rxDropped, 4)}    0     0          0 ${pad(s.rxMulticast, 9)}`
  const sent = `${pad(s.txBytes, 8)} ${pad(s.txPackets, 7)} ${pad(s.txErrors, 4)} ${pad(s.txDropped, 4)}    0 ${pad(s.collisions, 5)} ${pad(s.txCarrier, 7)}          0`
  return `${pad(name, 6)}: ${received} ${sent}\n`
}

/** Little-endian, as a PC prints what lies in memory in network order. */
export function memoryHex(address: number): string {
  const swapped =
    ((address & 0xff) << 24) | ((address & 0xff00) << 8) | ((address >>> 8) & 0xff00) | (address >>> 24)
  return (swapped >>> 0).toString(16).toUpperCase().padStart(8, '0')
}

function routeFile(netns: NetNamespace): string {
  // Tables come into being with their first route, `main` together with `local`.
  if ([...netns.fib.tables.values()].every((table) => table.byLength.size === 0)) return ''
  const head = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT'
  const line = (text: string): string => `${text.padEnd(127)}\n`
  const routes = listRoutes(netns).filter((route) => route.type !== 'broadcast')
  return line(head) + routes.map((route) => line(routeLine(netns, route))).join('')
}

function routeLine(netns: NetNamespace, route: Route): string {
  const isDead = route.type === 'unreachable' || route.type === 'prohibit'
  const device = route.ifindex === null ? '*' : (netns.links.get(route.ifindex)?.name ?? '*')
  let flags = isDead ? 0x201 : 1
  if (route.gateway !== null) flags |= 2
  if (route.destination.length === 32) flags |= 4
  const gateway = memoryHex(route.gateway ?? 0)
  const mtu = route.mtu === null ? 0 : route.mtu
  return `${device}\t${memoryHex(route.destination.address)}\t${gateway}\t${flags.toString(16).toUpperCase().padStart(4, '0')}\t0\t0\t${route.metric}\t${memoryHex(maskOf(route.destination.length))}\t${mtu}\t0\t0`
}

/** Reachable or being looked for: ATF_COM; set by hand: ATF_PERM. */
export function arpFlags(entry: NeighborEntry): number {
  if (entry.isProxy) return 0xc
  const complete = !['INCOMPLETE', 'FAILED', 'NONE', 'NOARP'].includes(entry.state)
  return (complete ? 2 : 0) | (entry.state === 'PERMANENT' ? 4 : 0)
}

/** In the order of a walk through the hash table, which nobody can foretell: newest first, proxies last. */
export function arpEntries(netns: NetNamespace): Neighbor4[] {
  const all = [...netns.neighbors.values()]
    .filter(isIpv4)
    .filter((entry) => entry.state !== 'NOARP' && entry.state !== 'NONE')
  return [...all.filter((entry) => !entry.isProxy).reverse(), ...all.filter((entry) => entry.isProxy)]
}

function arpFile(netns: NetNamespace): string {
  const head = 'IP address       HW type     Flags       HW address            Mask     Device\n'
  return (
    head +
    arpEntries(netns)
      .map((entry) => {
        const flags = `0x${arpFlags(entry).toString(16)}`
        const mac = entry.mac ?? '00:00:00:00:00:00'
        const device = netns.links.get(entry.ifindex)?.name ?? '*'
        return `${formatIpv4(entry.address).padEnd(16)} ${'0x1'.padEnd(10)}  ${flags.padEnd(10)}  ${mac.padEnd(17)}     ${'*'.padEnd(6)}   ${device}\n`
      })
      .join('')
  )
}

const SCOPE6 = { global: 0x00, link: 0x20, host: 0x10 } as const

function inet6File(netns: NetNamespace): string {
  let text = ''
  for (const link of netns.links.values()) {
    for (const own of link.addresses6) {
      const bytes = [...ipv6ToBytes(own.address)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
      const hex2 = (value: number): string => value.toString(16).padStart(2, '0')
      const flags =
        0x80 | (own.tentative ? 0x40 : 0) | (own.dadFailed === true ? 8 : 0) | (own.noDad === true ? 2 : 0)
      text += `${bytes} ${hex2(link.ifindex)} ${hex2(own.length)} ${hex2(SCOPE6[own.scope])} ${hex2(flags)} ${link.name.padStart(8)}\n`
    }
  }
  return text
}

function multicastFile(netns: NetNamespace): string {
  let text = ''
  for (const link of netns.links.values()) {
    if (link.kind === 'loopback') continue
    for (const mac of multicastList(link)) {
      text += `${String(link.ifindex).padEnd(4)} ${link.name.padEnd(15)} 1     0     ${mac.replaceAll(':', '')}\n`
    }
  }
  return text
}

const TCP_STATE: Readonly<Record<string, number>> = {
  ESTABLISHED: 1,
  'SYN-SENT': 2,
  'SYN-RECEIVED': 3,
  'FIN-WAIT-1': 4,
  'FIN-WAIT-2': 5,
  'TIME-WAIT': 6,
  CLOSED: 7,
  'CLOSE-WAIT': 8,
  'LAST-ACK': 9,
  LISTEN: 10,
  CLOSING: 11,
}

const hexPort = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0')

function ending(address: IpAddress, isV6: boolean): string {
  if (typeof address === 'string') return memoryHex6(address)
  if (!isV6) return memoryHex(address)
  return address === 0 ? '0'.repeat(32) : `${'0'.repeat(16)}FFFF0000${memoryHex(address)}`
}

/** Four words, each as it lies in memory. */
function memoryHex6(address: string): string {
  const bytes = ipv6ToBytes(address)
  return [0, 4, 8, 12]
    .map((at) => memoryHex(bytes.subarray(at, at + 4).reduce((sum, byte) => sum * 256 + byte, 0)))
    .join('')
}

function socketLine(number: number, socket: TcpSocket | UdpSocket, state: number, isV6: boolean): string {
  const local = `${ending(socket.localAddress, isV6)}:${hexPort(socket.localPort)}`
  const remote = `${ending(socket.remoteAddress, isV6)}:${hexPort(socket.remotePort)}`
  const st = state.toString(16).toUpperCase().padStart(2, '0')
  const tail = `00000000:00000000 00:00000000 00000000     0        0 ${20000 + socket.id} 1 0000000000000000 100 0 0 10 0`
  return `${pad(number, 4)}: ${local} ${remote} ${st} ${tail}`
}

function tcpFile(_sim: Simulation, netns: NetNamespace, isV6: boolean): string {
  const head =
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'
  const head6 =
    '  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'
  const sockets = [...netns.sockets.values()].filter((socket): socket is TcpSocket => socket.kind === 'tcp')
  const lines = sockets
    .filter((socket) => socket.state !== 'CLOSED' && (socket.family === 6) === isV6)
    .map((socket, i) => socketLine(i, socket, TCP_STATE[socket.state] ?? 7, isV6))
  return [
    (isV6 ? head6 : head).padEnd(isV6 ? 0 : 149),
    ...lines.map((line) => line.padEnd(isV6 ? 0 : 149)),
    '',
  ].join('\n')
}

function udpFile(_sim: Simulation, netns: NetNamespace, isV6: boolean): string {
  const head =
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops'
  const sockets = [...netns.sockets.values()].filter((socket): socket is UdpSocket => socket.kind === 'udp')
  const lines = sockets
    .filter((socket) => socket.localPort > 0 && (socket.family === 6) === isV6)
    .map((socket, i) => socketLine(i, socket, 7, isV6))
  return [head.padEnd(127), ...lines.map((line) => line.padEnd(127)), ''].join('\n')
}
