/** nc of OpenBSD (Debian) and of busybox. netcat.c, busybox networking/nc_bloaty.c */
import type { Row } from '../../sim/kernel/simulation.ts'
import type { NetcatOptions } from '../../sim/process/netcat.ts'
import type { IpAddress } from '../../sim/wire/frame.ts'
import { formatIp, parseIp } from '../../sim/wire/ip-address.ts'
import { errnoText } from '../errno.ts'
import { serviceName } from '../services.ts'

interface NetcatRow extends Row {
  readonly options: NetcatOptions
  readonly address: IpAddress
  readonly port: number
  readonly reason: string
  readonly error: string | null
  readonly from: IpAddress
  readonly fromPort: number
  readonly on: IpAddress
}

export function wordNetcat(row: NetcatRow): string {
  return row.options.dialect === 'openbsd' ? openbsd(row) : busybox(row)
}

function openbsd(row: NetcatRow): string {
  const { options, port } = row
  const protocol = options.udp ? 'udp' : 'tcp'
  switch (row.kind) {
    case 'unresolved':
      return `nc: getaddrinfo for host "${options.host}" port ${port}: ${errnoText(row.reason)}\n`
    case 'open': {
      const named =
        parseIp(options.host) === null ? `${options.host} (${formatIp(row.address)})` : options.host
      const service = options.numeric ? '*' : (serviceName(port, protocol) ?? '*')
      return `Connection to ${named} ${port} port [${protocol}/${service}] succeeded!\n`
    }
    case 'failed': {
      const host =
        parseIp(options.host) === null ? `${options.host} (${formatIp(row.address)})` : options.host
      const what =
        row.error === 'TIMEOUT'
          ? 'timed out: Operation now in progress'
          : `failed: ${errnoText(row.error ?? '')}`
      return `nc: connect to ${host} port ${port} (${protocol}) ${what}\n`
    }
    case 'listening':
      return `${options.udp ? 'Bound' : 'Listening'} on ${formatIp(row.on)} ${port}\n`
    case 'received':
      return `Connection received on ${formatIp(row.from)} ${row.fromPort}\n`
    default:
      return `nc: ${errnoText(row.error ?? '')}\n`
  }
}

function busybox(row: NetcatRow): string {
  const { options, port } = row
  const where = `${options.host} (${formatIp(row.address)}:${port})`
  switch (row.kind) {
    case 'unresolved':
      return `nc: bad address '${options.host}'\n`
    case 'open':
      return `${where} open\n`
    case 'failed':
      return `nc: ${where}: ${row.error === 'TIMEOUT' ? 'Connection timed out' : errnoText(row.error ?? '')}\n`
    case 'listening':
      return `listening on 0.0.0.0:${port} ...\n`
    case 'received':
      return `connect to 0.0.0.0:${port} from ${formatIp(row.from)}:${row.fromPort} (${formatIp(row.from)}:${row.fromPort})\n`
    default:
      return `nc: bind: ${errnoText(row.error ?? '')}\n`
  }
}
