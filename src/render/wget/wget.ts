/** What wget says, of busybox and of GNU. busybox networking/wget.c, wget src/{connect,host,http,progress}.c */

import { civilTime, clockText } from '../../sim/base/calendar.ts'
import type { Row } from '../../sim/kernel/simulation.ts'
import { formatIpv4 } from '../../sim/wire/ipv4-address.ts'
import { errnoText } from '../errno.ts'

interface WgetRow extends Row {
  readonly quiet: boolean
  readonly output: string
  readonly url: { readonly host: string; readonly port: number; readonly path: string }
  readonly atMs: number
  readonly address: number
  readonly addresses: readonly number[]
  readonly port: number
  readonly error: string
  readonly reason: string
  readonly connected: boolean
  readonly startLine: string
  readonly status: number
  readonly location: string | null
  readonly raw: string
  readonly length: number | null
  readonly type: string | null
  readonly received: number
  readonly tookUs: number
  readonly tried: number
}

export function wordBusyboxWget(row: WgetRow): string {
  const { url } = row
  switch (row.kind) {
    case 'unresolved':
      return `wget: bad address '${url.host}${url.port === 80 ? '' : `:${url.port}`}'\n`
    case 'connecting':
      return row.quiet
        ? ''
        : `Connecting to ${url.host}${url.port === 80 ? '' : `:${url.port}`} (${formatIpv4(row.address)}:${url.port})\n`
    case 'failed':
      if (row.error === 'TIMEOUT') return 'wget: download timed out\n'
      if (row.error === 'EOF') return 'wget: error getting response\n'
      if (row.error === 'PARTIAL') return 'wget: connection closed prematurely\n'
      if (row.connected) return `wget: error getting response: ${errnoText(row.error)}\n`
      return `wget: can't connect to remote host (${formatIpv4(row.address)}): ${errnoText(row.error)}\n`
    case 'refused':
      return `wget: server returned error: ${row.startLine}\n`
    case 'exists':
      return row.quiet ? '' : 'remote file exists\n'
    case 'cannot-write':
      return `wget: can't open '${row.output}': ${errnoText(row.error)}\n`
    case 'saving':
      return row.quiet ? '' : row.output === '-' ? 'writing to stdout\n' : `saving to '${row.output}'\n`
    case 'saved':
      return row.quiet ? '' : busyboxSaved(row)
    default:
      return ''
  }
}

function busyboxSaved(row: WgetRow): string {
  const name = (row.output === '-' ? '-' : row.output.slice(row.output.lastIndexOf('/') + 1)).slice(0, 20)
  const bar = `${name.padEnd(20)} 100% |${'*'.repeat(32)}| ${String(row.received).padStart(5)}  0:00:00 ETA\n`
  return `${bar}${row.output === '-' ? 'written to stdout' : `'${row.output}' saved`}\n`
}

function stamp(atMs: number): string {
  const t = civilTime(atMs)
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${t.year}-${two(t.month + 1)}-${two(t.day)} ${clockText(t)}`
}

export function wordGnuWget(row: WgetRow): string {
  const { url } = row
  if (row.quiet) return ''
  switch (row.kind) {
    case 'start':
      return `--${stamp(row.atMs)}--  http://${url.host}${url.port === 80 ? '' : `:${url.port}`}${url.path}\n`
    case 'resolving':
      return isAddress(url.host) ? '' : `Resolving ${url.host} (${url.host})... `
    case 'unresolved':
      return `failed: ${errnoText(row.reason)}.\nwget: unable to resolve host address ‘${url.host}’\n`
    case 'connecting': {
      const known = isAddress(url.host) ? '' : `${row.addresses.map(formatIpv4).join(', ')}\n`
      const to = isAddress(url.host)
        ? `${url.host}:${url.port}`
        : `${url.host} (${url.host})|${formatIpv4(row.address)}|:${url.port}`
      return `${known}Connecting to ${to}... `
    }
    case 'connected':
      return 'connected.\n'
    case 'response':
      return `HTTP request sent, awaiting response... ${row.startLine.split(' ').slice(1).join(' ')}\n${row.location !== null ? `Location: ${row.location} [following]\n` : ''}`
    case 'failed':
      if (row.error === 'EOF') return 'HTTP request sent, awaiting response... No data received.\n'
      return `failed: ${row.error === 'TIMEOUT' ? 'Connection timed out' : errnoText(row.error)}.\n`
    case 'retrying':
      return `Retrying.\n\n--${stamp(row.atMs)}--  (try:${String(row.tried).padStart(2)})  http://${url.host}${url.path}\n`
    case 'refused':
      return `${stamp(row.atMs)} ERROR ${row.status}: ${row.startLine.split(' ').slice(2).join(' ')}.\n\n`
    case 'saving': {
      const length = row.length === null ? 'unspecified' : String(row.length)
      const target = row.output === '-' ? '‘STDOUT’' : `‘${row.output}’`
      return `Length: ${length}${row.type === null ? '' : ` [${row.type.replace(/;.*/, '')}]`}\nSaving to: ${target}\n\n`
    }
    case 'exists':
      return 'Remote file exists.\n\n'
    case 'saved':
      return gnuSaved(row)
    default:
      return ''
  }
}

function isAddress(host: string): boolean {
  return /^\d+\.\d+\.\d+\.\d+$/.test(host)
}

function gnuSaved(row: WgetRow): string {
  const name = row.output === '-' ? '-' : row.output
  const mark = `${name.padEnd(20)}100%[${'='.repeat(50)}>]  ${String(row.received).padStart(6)}  --.-KB/s    in 0s      \n\n`
  const speed = `${(row.received / Math.max(1, row.tookUs) / 1.048576).toFixed(1)} MB/s`
  const target = row.output === '-' ? 'written to stdout' : `‘${row.output}’ saved`
  return `\r${mark}${stamp(row.atMs)} (${speed}) - ${target} [${row.received}/${row.received}]\n\n`
}
