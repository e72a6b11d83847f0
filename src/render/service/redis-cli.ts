/** What redis-cli shows. redis src/redis-cli.c `cliFormatReplyTTY`, `cliFormatReplyRaw` */
import type { Row } from '../../sim/kernel/simulation.ts'
import { errnoText } from '../errno.ts'

export interface RedisCliRow extends Row {
  readonly host: string
  readonly port: number
  readonly connected: boolean
  readonly error: string
  readonly formatted: boolean
  readonly type: 'status' | 'error' | 'integer' | 'string' | 'nil'
  readonly text: string
}

export function wordRedisCli(row: RedisCliRow): string {
  switch (row.kind) {
    case 'prompt':
      return row.connected ? `${row.host}:${row.port}> ` : 'not connected> '
    case 'unreachable':
      return `Could not connect to Redis at ${row.host}:${row.port}: ${errnoText(row.error)}\n`
    case 'closed':
      return 'Error: Server closed the connection\n'
    default:
      if (row.formatted) return `${formatted(row)}\n`
      return row.type === 'error' ? `${row.text}\n\n` : `${row.text}\n`
  }
}

function formatted({ type, text }: RedisCliRow): string {
  if (type === 'error') return `(error) ${text}`
  if (type === 'integer') return `(integer) ${text}`
  if (type === 'nil') return '(nil)'
  return type === 'string' ? JSON.stringify(text) : text
}
