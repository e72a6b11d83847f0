/** What the programs that ask name servers say, for dig, host and nslookup to word. */
import type { Row } from '../../sim/kernel/simulation.ts'
import type { DnsClientOptions, DnsQuestionSpec } from '../../sim/process/dns-client.ts'
import type { DnsMessage } from '../../sim/wire/dns.ts'

export interface DnsRow extends Row {
  readonly options: DnsClientOptions
  readonly server: number
  readonly error: string
  readonly message: DnsMessage
  readonly question: DnsQuestionSpec
  readonly length: number
  readonly tookUs: number
  readonly atMs: number
  readonly first: boolean
  readonly failed: boolean
}
