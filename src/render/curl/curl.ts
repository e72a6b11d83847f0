/** What curl says: `-v`, errors, `-w`, the progress meter. Wordings of 7.88 and of 8.22. */
import type { Row } from '../../sim/kernel/simulation.ts'
import type { IpAddress } from '../../sim/wire/frame.ts'
import { familyOf, formatIp } from '../../sim/wire/ip-address.ts'
import { errnoText } from '../errno.ts'

interface CurlRow extends Row {
  readonly version: string
  readonly host: string
  readonly port: number
  readonly address: IpAddress
  readonly addresses: readonly IpAddress[]
  readonly localAddress: IpAddress
  readonly localPort: number
  readonly text: string
  readonly error: string
}

export interface CurlFailure extends Row {
  readonly kind: 'failed'
  readonly version: string
  readonly code: number
  readonly verbose: boolean
  /** -s without -S. */
  readonly mute: boolean
  /** -s */
  readonly quiet: boolean
  readonly host?: string
  readonly port?: number
  readonly tookMs?: number
  readonly stage?: 'resolving' | 'connecting' | 'transfer'
  readonly overall?: boolean
  readonly received?: number
  readonly expected?: string | null
  readonly status?: number
  readonly error?: string
  readonly missing?: number | null
  readonly http09?: boolean
  readonly path?: string
  readonly device?: string
}

function isModern(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 8 || (major === 8 && minor >= 6)
}

export function wordCurl(row: Row): string {
  switch (row.kind) {
    case 'failed':
      return failure(row as CurlFailure)
    case 'write-out':
      return writeOut(row as WriteOut)
    case 'unspoken':
      return `docker-net-tutor: 'curl ${(row as Row & { readonly scheme: string }).scheme}://' exists on a real host but is not modelled here\n`
    case 'meter':
      return meter(row as Row & { readonly received: number; readonly tookUs: number })
    default:
      return verbose(row as CurlRow)
  }
}

function prefixed(mark: string, text: string): string {
  return text
    .replaceAll('\r', '')
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => `${mark} ${line}\n`)
    .join('')
}

function listed(addresses: readonly IpAddress[], family: 4 | 6): string {
  const own = addresses.filter((address) => familyOf(address) === family)
  return own.length === 0 ? '(none)' : own.map(formatIp).join(', ')
}

function verbose(row: CurlRow): string {
  const modern = isModern(row.version)
  switch (row.kind) {
    case 'resolved':
      if (!modern || formatIp(row.addresses[0] ?? 0) === row.host) return ''
      return `* Host ${row.host}:${row.port} was resolved.\n* IPv6: ${listed(row.addresses, 6)}\n* IPv4: ${listed(row.addresses, 4)}\n`
    case 'unresolved':
      return `* Could not resolve host: ${row.host}\n`
    case 'trying':
      return `*   Trying ${typeof row.address === 'string' ? `[${row.address}]` : formatIp(row.address)}:${row.port}...\n`
    case 'connected':
      if (!modern) return `* Connected to ${row.host} (${formatIp(row.address)}) port ${row.port} (#0)\n`
      return `* Established connection to ${row.host} (${formatIp(row.address)} port ${row.port}) from ${formatIp(row.localAddress)} port ${row.localPort} \n* using HTTP/1.x\n`
    case 'request':
      return prefixed('>', row.text) + (modern ? '* Request completely sent off\n' : '')
    case 'response':
      return prefixed('<', row.text)
    case 'connect-failed':
      return `* connect to ${formatIp(row.address)} port ${row.port}${modern ? ` from ${formatIp(row.localAddress ?? 0)} port ${row.localPort ?? 0}` : ''} failed: ${errnoText(row.error)}\n`
    case 'intact':
      return modern
        ? `* Connection #0 to host ${row.host}:80 left intact\n`
        : `* Connection #0 to host ${row.host} left intact\n`
    default:
      return ''
  }
}

function reason(row: CurlFailure): string {
  const modern = isModern(row.version)
  switch (row.code) {
    case 1:
      if (row.http09) return 'Received HTTP/0.9 when not allowed'
      return `Protocol "${row.host}" not supported`
    case 5:
      return `Could not resolve proxy: ${row.host}`
    case 6:
      return `Could not resolve host: ${row.host}`
    case 7:
      return modern
        ? `Failed to connect to ${row.host}:${row.port} after ${row.tookMs} ms: Could not connect to server`
        : `Failed to connect to ${row.host} port ${row.port} after ${row.tookMs} ms: Couldn't connect to server`
    case 18:
      return `transfer closed with ${row.missing} bytes remaining to read`
    case 23:
      return 'Failure writing output to destination'
    case 37:
      return `${modern ? 'Could not' : "Couldn't"} open file ${row.path}`
    case 45:
      return `${modern ? 'Could not' : "Couldn't"} bind to '${row.device}'`
    case 22:
      return `The requested URL returned error: ${row.status}`
    case 28:
      return timeout(row, modern)
    case 52:
      return 'Empty reply from server'
    default:
      return `Recv failure: ${errnoText(row.error ?? '')}`
  }
}

function timeout(row: CurlFailure, modern: boolean): string {
  if (row.stage === 'resolving') return `Resolving timed out after ${row.tookMs} milliseconds`
  if (row.stage === 'connecting') {
    if (row.overall || modern) return `Connection timed out after ${row.tookMs} milliseconds`
    return `Failed to connect to ${row.host} port ${row.port} after ${row.tookMs} ms: Timeout was reached`
  }
  const of = row.expected == null ? '' : ` out of ${row.expected}`
  return `Operation timed out after ${row.tookMs} milliseconds with ${row.received}${of} bytes received`
}

function failure(row: CurlFailure): string {
  const text = reason(row)
  const trail =
    row.verbose && row.code !== 6
      ? `* ${text}\n* ${isModern(row.version) ? 'closing connection #0' : 'Closing connection 0'}\n`
      : ''
  if (row.code === 23 && !row.quiet) return `${unopened(row.path ?? '')}${trail}curl: (${row.code}) ${text}\n`
  return row.mute ? trail : `${trail}curl: (${row.code}) ${text}\n`
}

/** Warnings are broken at the edge of the terminal. */
function unopened(path: string): string {
  const words = `Failed to open the file ${path}: No such file or directory`.split(' ')
  const lines = ['']
  for (const word of words) {
    const last = lines.at(-1) ?? ''
    if (last !== '' && last.length + word.length + 1 > 70) lines.push(word)
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return lines.map((line, i) => `Warning: ${line}${i < lines.length - 1 ? ' ' : ''}\n`).join('')
}

interface WriteOut extends Row {
  readonly format: string
  readonly code: number
  readonly status: number
  readonly remoteAddress: IpAddress | null
  readonly remotePort: number
  readonly localAddress: IpAddress | null
  readonly localPort: number
  readonly received: number
  readonly headLength: number
  readonly url: string
  readonly redirects: number
  readonly type: string
  readonly totalUs: number
  readonly lookupUs: number
  readonly connectUs: number
}

function writeOut(row: WriteOut): string {
  const seconds = (us: number): string => (us / 1e6).toFixed(6)
  const values: Readonly<Record<string, string>> = {
    http_code: String(row.status).padStart(3, '0'),
    response_code: String(row.status).padStart(3, '0'),
    exitcode: String(row.code),
    remote_ip: row.remoteAddress === null ? '' : formatIp(row.remoteAddress),
    remote_port: String(row.remotePort),
    local_ip: row.localAddress === null ? '' : formatIp(row.localAddress),
    local_port: String(row.localPort),
    size_download: String(row.received),
    size_header: String(row.headLength),
    url_effective: row.url,
    url: row.url,
    num_redirects: String(row.redirects),
    num_connects: row.remoteAddress === null ? '0' : '1',
    content_type: row.type,
    http_version: row.status === 0 ? '0' : '1.1',
    scheme: 'HTTP',
    method: 'GET',
    time_total: seconds(row.totalUs),
    time_namelookup: seconds(row.lookupUs),
    time_connect: seconds(row.connectUs),
    time_pretransfer: seconds(row.connectUs),
    time_starttransfer: seconds(row.totalUs),
    time_appconnect: seconds(0),
    time_redirect: seconds(0),
    speed_download: String(row.totalUs === 0 ? 0 : Math.floor((row.received * 1e6) / row.totalUs)),
  }
  return row.format
    .replace(/\\n/g, '\n')
    .replace(/\\t/g, '\t')
    .replace(/\\r/g, '\r')
    .replace(/%\{([a-z_]+)\}/g, (_, name: string) => values[name] ?? '')
    .replaceAll('%%', '%')
}

/** Standard error when the body does not go to the terminal. */
function meter(row: { readonly received: number; readonly tookUs: number }): string {
  const speed = String(Math.floor((row.received * 1e6) / Math.max(1, row.tookUs)))
  const size = String(row.received)
  const line = `100 ${size.padStart(5)}  100 ${size.padStart(5)}    0     0 ${speed.padStart(6)}      0 --:--:-- --:--:-- --:--:-- ${speed.padStart(5)}`
  const head =
    '  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n                                 Dload  Upload   Total   Spent    Left  Speed\n'
  const zero = '  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0'
  return `${head}\r${zero}\r${line}\n`
}
