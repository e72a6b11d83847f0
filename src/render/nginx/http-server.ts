/** Access logs and complaints of HTTP servers. nginx `combined` log format; Python's http.server. */

import { civilTime, clockText } from '../../sim/base/calendar.ts'
import type { Row } from '../../sim/kernel/simulation.ts'
import type { IpAddress } from '../../sim/wire/frame.ts'
import { formatIp } from '../../sim/wire/ip-address.ts'
import { errnoText } from '../errno.ts'

interface ServerRow extends Row {
  readonly flavor: string
  readonly client: IpAddress
  readonly request: string
  readonly status: number
  readonly length: number
  readonly agent: string
  readonly referer: string
  readonly date: string
  readonly error: string
}

export function wordHttpServer(row: ServerRow): string {
  if (row.kind === 'bind-failed') return bindFailed(row)
  const client = formatIp(row.client)
  if (row.flavor === 'nginx')
    return `${client} - - [${row.date}] "${row.request}" ${row.status} ${row.length} "${row.referer}" "${row.agent}"\n`
  if (row.flavor !== 'python') return ''
  const date = row.date.replace(/:(.*) .*/, ' $1')
  return `${client} - - [${date}] "${row.request}" ${row.status} -\n`
}

interface NginxRow extends Row {
  readonly pid: number
  readonly atMs: number
  readonly address: string
  readonly error: string
}

/** What nginx says at its start goes to its log and, once more, to the terminal. */
export function wordNginx(row: NginxRow): string {
  const text =
    row.kind === 'still'
      ? 'still could not bind()'
      : `bind() to ${row.address} failed (98: ${errnoText(row.error)})`
  const t = civilTime(row.atMs)
  const two = (n: number): string => String(n).padStart(2, '0')
  const date = `${t.year}/${two(t.month + 1)}/${two(t.day)} ${clockText(t)}`
  return `${date} [emerg] ${row.pid}#${row.pid}: ${text}\nnginx: [emerg] ${text}\n`
}

function bindFailed(row: ServerRow): string {
  const why = errnoText(row.error)
  if (row.flavor === 'busybox') return `httpd: bind: ${why}\n`
  return `OSError: [Errno 98] ${why}\n`
}
