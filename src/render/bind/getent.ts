/** getent hosts. glibc nss/getent.c */
import type { Row } from '../../sim/kernel/simulation.ts'
import type { IpAddress } from '../../sim/wire/frame.ts'
import { formatIp } from '../../sim/wire/ip-address.ts'

interface HostRow extends Row {
  readonly database: string
  readonly address: string | IpAddress
  readonly names: readonly string[]
  readonly name: string
}

export function wordGetent(row: HostRow): string {
  const address = typeof row.address === 'number' ? formatIp(row.address) : row.address
  if (row.kind === 'host') return `${address.padEnd(15)} ${row.names.join(' ')}\n`
  if (row.database === 'hosts') return `${address.padEnd(15)} ${row.name}\n`
  const type = (name: string): string => `${address.padEnd(15)} ${name.padEnd(6)}`
  return `${type('STREAM')} ${row.name}\n${type('DGRAM')} \n${type('RAW')} \n`
}
