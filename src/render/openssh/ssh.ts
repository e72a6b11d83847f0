/** What ssh says on stderr. openssh sshconnect.c, clientloop.c, packet.c */
import type { Row } from '../../sim/kernel/simulation.ts'
import type { SshOptions } from '../../sim/process/ssh-client.ts'
import type { IpAddress } from '../../sim/wire/frame.ts'
import { formatIp } from '../../sim/wire/ip-address.ts'
import { errnoText } from '../errno.ts'

interface SshRow extends Row {
  readonly options: SshOptions
  readonly address: IpAddress
  readonly reason: string
  readonly error: string
  readonly isOpen: boolean
}

export function wordSsh(row: SshRow): string {
  const { host, port } = row.options
  const address = formatIp(row.address)
  switch (row.kind) {
    case 'unresolved':
      return `ssh: Could not resolve hostname ${host}: ${errnoText(row.reason)}\n`
    case 'failed':
      return `ssh: connect to host ${host} port ${port}: ${errnoText(row.error)}\n`
    case 'closed-by-peer':
      return row.isOpen
        ? `Connection to ${address} closed by remote host.\nConnection to ${host} closed.\n`
        : `kex_exchange_identification: Connection closed by remote host\nConnection closed by ${address} port ${port}\n`
    case 'broken':
      return `client_loop: send disconnect: ${errnoText(row.error)}\n`
    default:
      return `Connection to ${host} closed.\n`
  }
}
