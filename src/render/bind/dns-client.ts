/** dig, host, nslookup of BIND 9.18 and of busybox 1.35. bind9 bin/dig/{dig,host,nslookup}.c, dighost.c */

import { unixDate } from '../../sim/base/calendar.ts'
import type { Row } from '../../sim/kernel/simulation.ts'
import type { DnsClientOptions, DnsQuestionSpec } from '../../sim/process/dns-client.ts'
import { DNS_TYPES, type DnsMessage, type DnsRecord } from '../../sim/wire/dns.ts'
import { formatIpv4 } from '../../sim/wire/ipv4-address.ts'

interface DnsRow extends Row {
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

export function wordDnsClient(row: DnsRow): string {
  const { tool } = row.options
  if (row.kind === 'no-server') return noServer(row)
  if (row.kind === 'attempt-failed') return attemptFailed(row)
  if (row.kind === 'unreachable') return unreachable(row)
  if (row.kind === 'end') return end(row)
  if (tool === 'dig') return dig(row)
  if (tool === 'host') return host(row)
  return tool === 'nslookup' ? nslookup(row) : busybox(row)
}

function noServer(row: DnsRow): string {
  const { tool, server } = row.options
  if (tool === 'dig') return `dig: couldn't get address for '${server}': not found\n`
  if (tool === 'busybox') return `nslookup: bad address '${server}'\n`
  return `${tool}: couldn't get address for '${server}': not found\n`
}

const FAILURES: Readonly<Record<string, string>> = {
  TIMEOUT: 'timed out',
  ECONNREFUSED: 'connection refused',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
}

function attemptFailed(row: DnsRow): string {
  const { options, server, error } = row
  const where = `${formatIpv4(server)}#${options.port}`
  const why = FAILURES[error] ?? error
  if (options.tcp && error !== 'TIMEOUT')
    return `;; Connection to ${where}(${formatIpv4(server)}) for ${options.asked} failed: ${why}.\n`
  if (error === 'ENETUNREACH')
    return `;; UDP setup with ${where}(${formatIpv4(server)}) for ${options.asked} failed: ${why}.\n`
  return `;; communications error to ${where}: ${why}\n`
}

function unreachable(row: DnsRow): string {
  const { options } = row
  if (options.tool === 'busybox') return ';; connection timed out; no servers could be reached\n\n'
  if (options.tool !== 'dig')
    return `;; no servers could be reached\n${options.tool === 'nslookup' ? '\n' : ''}`
  return `${options.short || !options.sections.includes('cmd') ? '' : banner(row)};; no servers could be reached\n`
}

function banner(row: DnsRow): string {
  const found = row.options.server === null ? '' : '; (1 server found)\n'
  return `\n; <<>> DiG ${row.options.version} <<>> ${row.options.words}\n${found};; global options: +cmd\n`
}

const RCODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED']

export function typeName(type: number): string {
  for (const [name, number] of DNS_TYPES) if (number === type) return name
  return `TYPE${type}`
}

/** Tabs up to a column, or one blank beyond it. */
function column(text: string, at: number): string {
  let width = text.length
  if (width >= at) return `${text} `
  let result = text
  while (width < at) {
    result += '\t'
    width = (Math.floor(width / 8) + 1) * 8
  }
  return result
}

function dataText({ data }: DnsRecord): string {
  switch (data.kind) {
    case 'address':
      return formatIpv4(data.address)
    case 'address6':
      return data.address
    case 'name':
      return `${data.name}.`
    case 'text':
      return data.text.map((text) => `"${text}"`).join(' ')
    case 'service':
      return `${data.priority} ${data.weight} ${data.port} ${data.target}.`
    default:
      return `\\# ${data.bytes.length}`
  }
}

function recordLine(record: DnsRecord): string {
  return `${column(`${record.name}.`, 24)}${record.ttl}\tIN\t${typeName(record.type)}\t${dataText(record)}\n`
}

function dig(row: DnsRow): string {
  const { options, message } = row
  if (options.short) return message.answers.map((record) => `${dataText(record)}\n`).join('')
  const show = (section: string): boolean => options.sections.includes(section)
  const parts: string[] = []
  if (show('cmd') && row.first) parts.push(banner(row))
  if (show('comments')) parts.push(digHeader(message))
  if (show('question') && message.questions.length > 0)
    parts.push(
      `${show('comments') ? ';; QUESTION SECTION:\n' : ''}${message.questions.map((one) => `${column(`;${one.name}.`, 32)}IN\t${typeName(one.type)}\n`).join('')}${show('comments') ? '\n' : ''}`,
    )
  for (const [section, title] of [
    ['answers', 'ANSWER'],
    ['authorities', 'AUTHORITY'],
    ['additionals', 'ADDITIONAL'],
  ] as const) {
    const records = message[section].filter((record) => record.type !== 41)
    if (records.length === 0 || !show(title.toLowerCase())) continue
    const head = show('comments') ? `;; ${title} SECTION:\n` : ''
    parts.push(`${head}${records.map(recordLine).join('')}${show('comments') ? '\n' : ''}`)
  }
  if (show('stats')) parts.push(digStatistics(row))
  return parts.join('')
}

function digHeader(message: DnsMessage): string {
  const flags = [
    message.response ? 'qr' : '',
    message.authoritative ? 'aa' : '',
    message.truncated ? 'tc' : '',
    message.recursionDesired ? 'rd' : '',
    message.recursionAvailable ? 'ra' : '',
    message.authenticData ? 'ad' : '',
    message.checkingDisabled ? 'cd' : '',
  ].filter((flag) => flag !== '')
  const counts = `QUERY: ${message.questions.length}, ANSWER: ${message.answers.length}, AUTHORITY: ${message.authorities.length}, ADDITIONAL: ${message.additionals.length}`
  const refused =
    message.recursionDesired && !message.recursionAvailable
      ? ';; WARNING: recursion requested but not available\n'
      : ''
  const opt = message.additionals.find((record) => record.type === 41)
  const edns =
    opt === undefined ? '' : `;; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:; udp: ${opt.class}\n`
  return `;; Got answer:\n;; ->>HEADER<<- opcode: QUERY, status: ${RCODES[message.rcode] ?? message.rcode}, id: ${message.id}\n;; flags: ${flags.join(' ')}; ${counts}\n${refused}\n${edns}`
}

function digStatistics(row: DnsRow): string {
  const server = formatIpv4(row.server)
  const port = row.options.port
  const via = row.options.tcp ? 'TCP' : 'UDP'
  return `;; Query time: ${Math.floor(row.tookUs / 1000)} msec\n;; SERVER: ${server}#${port}(${server}) (${via})\n;; WHEN: ${unixDate(row.atMs)}\n;; MSG SIZE  rcvd: ${row.length}\n\n`
}

const HOST_PHRASES: Readonly<Record<number, string>> = {
  1: 'has address',
  28: 'has IPv6 address',
  12: 'domain name pointer',
  5: 'is an alias for',
  2: 'name server',
  15: 'mail is handled by',
  16: 'descriptive text',
}

function host(row: DnsRow): string {
  const { message, options } = row
  const named =
    options.server === null || !row.first
      ? ''
      : `Using domain server:\nName: ${options.server}\nAddress: ${formatIpv4(row.server)}#${options.port}\nAliases: \n\n`
  if (message.rcode !== 0)
    return `${named}Host ${options.isReverse ? row.question.name + '.' : row.question.name} not found: ${message.rcode}(${RCODES[message.rcode] ?? ''})\n`
  return (
    named +
    message.answers
      .map(
        (record) =>
          `${record.name} ${HOST_PHRASES[record.type] ?? `has ${typeName(record.type)} record`} ${dataText(record)}\n`,
      )
      .join('')
  )
}

function nslookup(row: DnsRow): string {
  const { message, options } = row
  const server = formatIpv4(row.server)
  const head =
    row.first && !options.isReverse
      ? `Server:\t\t${options.server ?? server}\nAddress:\t${server}#${options.port}\n\n`
      : ''
  if (message.rcode !== 0)
    return `${head}** server can't find ${row.question.name}: ${RCODES[message.rcode] ?? ''}\n`
  const lines = message.answers.map(nslookupRecord).join('')
  const kind =
    row.first && !options.isReverse && !message.authoritative && lines !== ''
      ? 'Non-authoritative answer:\n'
      : ''
  const noAnswer =
    lines === '' && options.questions.length === 1 ? `*** Can't find ${options.asked}: No answer\n` : ''
  return `${head}${kind}${lines}${noAnswer}`
}

function nslookupRecord(record: DnsRecord): string {
  if (record.type === 1 || record.type === 28) return `Name:\t${record.name}\nAddress: ${dataText(record)}\n`
  if (record.type === 12) return `${record.name}\tname = ${dataText(record)}\n`
  if (record.type === 5) return `${record.name}\tcanonical name = ${dataText(record)}\n`
  return `${record.name}\t${typeName(record.type).toLowerCase()} = ${dataText(record)}\n`
}

function busybox(row: DnsRow): string {
  const { message, options } = row
  const server = formatIpv4(row.server)
  const head = row.first
    ? `Server:\t\t${options.server ?? server}\nAddress:\t${server}:${options.port}\n\n`
    : ''
  if (message.rcode !== 0)
    return `${head}** server can't find ${row.question.name}: ${RCODES[message.rcode] ?? ''}\n\n`
  const kind = message.authoritative ? '' : 'Non-authoritative answer:\n'
  return `${head}${kind}${message.answers.map(busyboxRecord).join('')}\n`
}

function busyboxRecord(record: DnsRecord): string {
  const text = dataText(record).replace(/\.$/, '')
  if (record.type === 1 || record.type === 28) return `Name:\t${record.name}\nAddress: ${text}\n`
  if (record.type === 12) return `${record.name}\tname = ${text}\n`
  if (record.type === 5) return `${record.name}\tcanonical name = ${text}\n`
  return `${record.name}\t${typeName(record.type).toLowerCase()} = ${text}\n`
}

function end(row: DnsRow): string {
  const { tool, isReverse } = row.options
  if (tool !== 'nslookup') return ''
  if (isReverse && !row.failed) return '\nAuthoritative answers can be found from:\n\n'
  return '\n'
}
