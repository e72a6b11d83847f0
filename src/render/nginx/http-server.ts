/** Access logs and complaints of HTTP servers. nginx `combined` log format; Python's http.server. */
import type { Row } from '../../sim/kernel/simulation.ts'
import { formatIpv4 } from '../../sim/wire/ipv4-address.ts'
import { errnoText } from '../errno.ts'

interface ServerRow extends Row {
  readonly flavor: string
  readonly client: number
  readonly request: string
  readonly status: number
  readonly length: number
  readonly agent: string
  readonly referer: string
  readonly date: string
  readonly error: string
  readonly port: number
  readonly family: 4 | 6
}

export function wordHttpServer(row: ServerRow): string {
  if (row.kind === 'bind-failed') return bindFailed(row)
  const client = formatIpv4(row.client)
  if (row.flavor === 'nginx')
    return `${client} - - [${row.date}] "${row.request}" ${row.status} ${row.length} "${row.referer}" "${row.agent}"\n`
  if (row.flavor !== 'python') return ''
  const date = row.date.replace(/:(.*) .*/, ' $1')
  return `${client} - - [${date}] "${row.request}" ${row.status} -\n`
}

function bindFailed(row: ServerRow): string {
  const why = errnoText(row.error)
  if (row.flavor === 'nginx') {
    const address = row.family === 4 ? '0.0.0.0' : '[::]'
    return `nginx: [emerg] bind() to ${address}:${row.port} failed (98: ${why})\n`
  }
  if (row.flavor === 'busybox') return `httpd: bind: ${why}\n`
  return `OSError: [Errno 98] ${why}\n`
}
