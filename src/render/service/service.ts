/** What the servers of well-known images log: Go's log package, redis, PostgreSQL. */
import { civilTime } from '../../sim/base/calendar.ts'
import type { Row } from '../../sim/kernel/simulation.ts'

interface ServiceRow extends Row {
  readonly kind: string
  readonly flavor: 'whoami' | 'http-echo' | 'redis' | 'postgres'
  readonly port: number
  readonly pid: number
  readonly atMs: number
  readonly address?: string
  readonly clientPort?: number
  readonly request?: string
  readonly agent?: string
  readonly host?: string
  readonly length?: number
}

const two = (number: number): string => String(number).padStart(2, '0')
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

interface Stamp {
  /** `2026/11/23 17:30:05` */
  readonly go: string
  /** `23 Nov 2026 17:30:05.104` */
  readonly redis: string
  /** `2026-11-23 17:30:05.104 UTC` */
  readonly postgres: string
}

function stampOf(ms: number): Stamp {
  const t = civilTime(ms)
  const clock = `${two(t.hour)}:${two(t.minute)}:${two(t.second)}`
  const fine = `${clock}.${String(Math.floor(ms % 1000)).padStart(3, '0')}`
  return {
    go: `${t.year}/${two(t.month + 1)}/${two(t.day)} ${clock}`,
    redis: `${two(t.day)} ${MONTHS[t.month]} ${t.year} ${fine}`,
    postgres: `${t.year}-${two(t.month + 1)}-${two(t.day)} ${fine} UTC`,
  }
}

export function wordService(row: ServiceRow): string {
  const stamp = stampOf(row.atMs)
  const lines = linesOf(row, stamp)
  return lines.map((line) => `${line}\n`).join('')
}

function linesOf(row: ServiceRow, stamp: Stamp): string[] {
  switch (row.flavor) {
    case 'whoami':
      return whoamiLines(row, stamp)
    case 'http-echo':
      return echoLines(row, stamp)
    case 'redis':
      return redisLines(row, stamp)
    default:
      return postgresLines(row, stamp)
  }
}

function whoamiLines(row: ServiceRow, stamp: Stamp): string[] {
  if (row.kind === 'start') return [`${stamp.go} Starting up on port ${row.port}`]
  if (row.kind !== 'bind-failed') return []
  return [`${stamp.go} listen tcp :${row.port}: bind: address already in use`]
}

function echoLines(row: ServiceRow, stamp: Stamp): string[] {
  if (row.kind === 'start') return [`${stamp.go} [INFO] server is listening on :${row.port}`]
  if (row.kind === 'stop') return [`${stamp.go} [INFO] received interrupt, shutting down...`]
  if (row.kind === 'bind-failed')
    return [`${stamp.go} [ERR] server exited with: listen tcp :${row.port}: bind: address already in use`]
  const who = `${row.host} ${row.address}:${row.clientPort}`
  return [
    `${stamp.go} ${who} ${JSON.stringify(row.request)} 200 ${row.length} ${JSON.stringify(row.agent)} 0s`,
  ]
}

const REDIS_START = [
  'C # oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo',
  'C # Redis version=7.0.5, bits=64, commit=00000000, modified=0, pid=PID, just started',
  'C # Warning: no config file specified, using the default config. In order to specify a config file use redis-server /path/to/redis.conf',
  'M * monotonic clock: POSIX clock_gettime',
  'M * Running mode=standalone, port=PORT.',
  'M # Server initialized',
  'M * Ready to accept connections',
]
const REDIS_STOP = [
  'signal-handler Received SIGTERM scheduling shutdown...',
  'M # User requested shutdown...',
  'M * Saving the final RDB snapshot before exiting.',
  'M * DB saved on disk',
  'M # Redis is now ready to exit, bye bye...',
]

function redisLines(row: ServiceRow, stamp: Stamp): string[] {
  if (row.kind === 'bind-failed')
    return [
      `${row.pid}:M ${stamp.redis} # Warning: Could not create server TCP listening socket *:${row.port}: bind: Address already in use`,
      `${row.pid}:M ${stamp.redis} # Failed listening on port ${row.port} (TCP), aborting.`,
    ]
  if (row.kind !== 'start' && row.kind !== 'stop') return []
  return (row.kind === 'start' ? REDIS_START : REDIS_STOP).map((line) => {
    const [role = '', ...rest] = line.split(' ')
    const text = rest.join(' ').replace('PID', String(row.pid)).replace('PORT', String(row.port))
    return `${row.pid}:${role} ${role === 'signal-handler' ? `(${Math.floor(row.atMs / 1000)})` : stamp.redis} ${text}`
  })
}

const POSTGRES_VERSION =
  'PostgreSQL 15.1 (Debian 15.1-1.pgdg110+1) on x86_64-pc-linux-gnu, compiled by gcc (Debian 10.2.1-6) 10.2.1 20210110, 64-bit'

function postgresLines(row: ServiceRow, stamp: Stamp): string[] {
  const log = (text: string, level = 'LOG'): string => `${stamp.postgres} [${row.pid}] ${level}:  ${text}`
  switch (row.kind) {
    case 'start':
      return [
        log(`starting ${POSTGRES_VERSION}`),
        log(`listening on IPv4 address "0.0.0.0", port ${row.port}`),
        log(`listening on IPv6 address "::", port ${row.port}`),
        log(`listening on Unix socket "/var/run/postgresql/.s.PGSQL.${row.port}"`),
        log('database system is ready to accept connections'),
      ]
    case 'stop':
      return [
        log('received fast shutdown request'),
        log('aborting any active transactions'),
        log('shutting down'),
        log('database system is shut down'),
      ]
    case 'bind-failed':
      return [
        log(`could not bind IPv4 address "0.0.0.0": Address already in use`),
        log('could not create any TCP/IP sockets', 'FATAL'),
      ]
    case 'invalid-startup':
      return [log('invalid length of startup packet')]
    default:
      return []
  }
}
