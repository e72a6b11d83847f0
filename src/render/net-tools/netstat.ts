/** `netstat` on sockets: net-tools netstat.c tcp_do_one, udp_do_one; busybox networking/netstat.c. */
import type { IpAddress } from '../../sim/wire/frame.ts'
import { formatIpv4 } from '../../sim/wire/ipv4-address.ts'

export interface NetstatRow {
  readonly protocol: 'tcp' | 'udp'
  readonly family: 4 | 6
  readonly state: string
  readonly receiveQueue: number
  readonly sendQueue: number
  readonly localAddress: IpAddress
  readonly localPort: number
  readonly remoteAddress: IpAddress
  readonly remotePort: number
  /** `220/docker-proxy`, `-`. */
  readonly user: string | null
}

export interface NetstatLook {
  readonly dialect: 'net-tools' | 'busybox'
  readonly which: 'listening' | 'all' | 'connected'
  readonly programs: boolean
}

const STATE: Readonly<Record<string, string>> = {
  'SYN-SENT': 'SYN_SENT',
  'SYN-RECEIVED': 'SYN_RECV',
  'FIN-WAIT-1': 'FIN_WAIT1',
  'FIN-WAIT-2': 'FIN_WAIT2',
  'TIME-WAIT': 'TIME_WAIT',
  'CLOSE-WAIT': 'CLOSE_WAIT',
  'LAST-ACK': 'LAST_ACK',
  UNCONN: '',
}
const TITLE = {
  listening: 'only servers',
  all: 'servers and established',
  connected: 'w/o servers',
}

export function internetText(rows: readonly NetstatRow[], look: NetstatLook): string {
  const program = look.programs ? `PID/Program name${look.dialect === 'net-tools' ? '    ' : ''}` : ''
  const head =
    `Active Internet connections (${TITLE[look.which]})\n` +
    `Proto Recv-Q Send-Q Local Address           Foreign Address         State       ${program}\n`
  return head + rows.map((row) => lineText(row, look)).join('')
}

function endpoint(row: NetstatRow, address: IpAddress, port: number): string {
  if (typeof address === 'string') return `${address}:${port === 0 ? '*' : port}`.padEnd(23)
  const text =
    address !== 0
      ? row.family === 6
        ? `::ffff:${formatIpv4(address)}`
        : formatIpv4(address)
      : row.family === 6
        ? '::'
        : '0.0.0.0'
  return `${text}:${port === 0 ? '*' : port}`.padEnd(23)
}

function lineText(row: NetstatRow, look: NetstatLook): string {
  // busybox says `tcp` for both families.
  const protocol = row.family === 6 && look.dialect === 'net-tools' ? `${row.protocol}6` : row.protocol
  const isListening = row.state === 'LISTEN'
  const sendQueue = isListening ? 0 : row.sendQueue
  const local = endpoint(row, row.localAddress, row.localPort)
  const remote = endpoint(row, row.remoteAddress, row.remotePort)
  const queues = `${String(row.receiveQueue).padStart(6)} ${String(sendQueue).padStart(6)}`
  const state = (STATE[row.state] ?? row.state).padEnd(11)
  const user =
    row.user === null ? '' : look.dialect === 'net-tools' ? row.user.slice(0, 20).padEnd(20) : row.user
  return `${protocol.padEnd(5)} ${queues} ${local} ${remote} ${state} ${user}\n`
}

/** There are no UNIX sockets in this model. */
export function unixText(look: NetstatLook): string {
  return look.dialect === 'busybox'
    ? `Active UNIX domain sockets (${TITLE[look.which]})\nProto RefCnt Flags       Type       State         I-Node Path\n`
    : `Active UNIX domain sockets (${TITLE[look.which]})\nProto RefCnt Flags       Type       State         I-Node   Path\n`
}
