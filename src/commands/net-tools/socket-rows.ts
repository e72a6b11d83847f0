/** Sockets as `ss` and `netstat` list them, with the processes that hold them. */
import { commandName } from '../../sim/kernel/fs/proc-process.ts'
import type { TcpSocket, UdpSocket } from '../../sim/kernel/socket.ts'
import type { IpAddress } from '../../sim/wire/frame.ts'
import type { CommandContext } from '../context.ts'

export interface SocketRow {
  readonly id: number
  readonly inode: number
  readonly uid: number
  readonly protocol: 'tcp' | 'udp'
  readonly family: 4 | 6
  readonly dualStack: boolean
  readonly state: string
  readonly receiveQueue: number
  readonly sendQueue: number
  readonly localAddress: IpAddress
  readonly localPort: number
  readonly remoteAddress: IpAddress
  readonly remotePort: number
  readonly users: readonly {
    readonly name: string
    readonly title: string
    readonly pid: number
    readonly fd: number
  }[]
}

type Users = Map<number, SocketRow['users'][number][]>

function usersOf({ kernel, process: self, netns }: CommandContext): Users {
  const users: Users = new Map()
  for (const process of kernel.processes.values()) {
    const pid = process.pids.get(self.pidns)
    if (pid === undefined) continue
    for (const [fd, descriptor] of process.descriptors) {
      if (descriptor.kind !== 'socket' || descriptor.netns !== netns.id) continue
      const list = users.get(descriptor.socket) ?? []
      list.push({ name: commandName(process).replace(/:$/, ''), title: process.argv.join(' '), pid, fd })
      users.set(descriptor.socket, list)
    }
  }
  for (const list of users.values()) list.sort((x, y) => y.pid - x.pid || x.fd - y.fd)
  return users
}

/** UDP first, IPv4 before IPv6, as the kernel is asked. */
export function socketRows(context: CommandContext): SocketRow[] {
  const users = usersOf(context)
  const rows: SocketRow[] = []
  for (const socket of context.netns.sockets.values()) {
    const own = users.get(socket.id) ?? []
    if (socket.kind === 'tcp' && socket.state !== 'CLOSED') rows.push(tcpRow(socket, own))
    if (socket.kind === 'udp' && socket.localPort > 0) rows.push(udpRow(socket, own))
  }
  const rank = (row: SocketRow): number => (row.protocol === 'udp' ? 0 : 2) + (row.family === 6 ? 1 : 0)
  return rows.sort((x, y) => rank(x) - rank(y))
}

const FIRST_INODE = 20000

/** Sockets belong to root here unless said otherwise. */
function identityOf(socket: TcpSocket | UdpSocket): Pick<SocketRow, 'id' | 'inode' | 'uid'> {
  return { id: socket.id, inode: FIRST_INODE + socket.id, uid: 0 }
}

function tcpRow(socket: TcpSocket, users: SocketRow['users']): SocketRow {
  const listens = socket.state === 'LISTEN'
  return {
    ...identityOf(socket),
    protocol: 'tcp',
    family: socket.family,
    dualStack: socket.dualStack,
    state: socket.state,
    receiveQueue: listens ? socket.accepted.length : socket.receiveBufferLength,
    sendQueue: listens ? socket.backlog : socket.sendBufferLength,
    localAddress: socket.localAddress,
    localPort: socket.localPort,
    remoteAddress: socket.remoteAddress,
    remotePort: socket.remotePort,
    users,
  }
}

function udpRow(socket: UdpSocket, users: SocketRow['users']): SocketRow {
  return {
    ...identityOf(socket),
    protocol: 'udp',
    family: socket.family,
    dualStack: socket.dualStack,
    state: socket.remotePort > 0 ? 'ESTABLISHED' : 'UNCONN',
    receiveQueue: socket.received.reduce((sum, one) => sum + one.data.length, 0),
    sendQueue: 0,
    localAddress: socket.localAddress,
    localPort: socket.localPort,
    remoteAddress: socket.remoteAddress,
    remotePort: socket.remotePort,
    users,
  }
}
