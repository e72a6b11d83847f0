/** socat's complaints. */
import type { Row } from '../../sim/kernel/simulation.ts'
import { formatIpv4 } from '../../sim/wire/ipv4-address.ts'
import { errnoText } from '../errno.ts'

interface SocatRow extends Row {
  readonly error: string
  readonly address: number
  readonly port: number
}

export function wordSocat(row: SocatRow): string {
  return `socat[1] E bind(5, {AF=2 ${formatIpv4(row.address)}:${row.port}}, 16): ${errnoText(row.error)}\n`
}
