/** host, nslookup of BIND 9.18 and of busybox 1.35; dig's own words stand beside. bind9 bin/dig/{host,nslookup}.c, dighost.c */

import type { DnsRecord } from '../../sim/wire/dns.ts'
import { formatIpv4 } from '../../sim/wire/ipv4-address.ts'
import { digBanner, digText, sendingText } from './dig.ts'
import { className, dataText, headerLines, questionLine, RCODES, recordLine, typeName } from './records.ts'
import type { DnsRow } from './row.ts'

export function wordDnsClient(row: DnsRow): string {
  const { tool } = row.options
  if (row.kind === 'no-server') return noServer(row)
  if (row.kind === 'attempt-failed') return attemptFailed(row)
  if (row.kind === 'unreachable') return unreachable(row)
  if (row.kind === 'sending') return sendingText(row)
  if (row.kind === 'trying') return tool === 'host' ? `Trying "${row.question.name}"\n` : ''
  if (row.kind === 'end') return end(row)
  if (tool === 'dig') return digText(row)
  if (tool === 'host') return host(row)
  return tool === 'nslookup' ? nslookup(row) : busybox(row)
}

function noServer(row: DnsRow): string {
  const { tool, server } = row.options
  if (tool === 'busybox') return `nslookup: bad address '${server}'\n`
  return `${tool}: couldn't get address for '${server}': not found\n`
}

const FAILURES: Readonly<Record<string, string>> = {
  TIMEOUT: 'timed out',
  ECONNREFUSED: 'connection refused',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  EADDRNOTAVAIL: 'address not available',
}

/** What fails before a packet leaves. */
const SETUP = new Set(['ENETUNREACH', 'EADDRNOTAVAIL'])

function attemptFailed(row: DnsRow): string {
  const { options, server, error } = row
  const where = `${formatIpv4(server)}#${options.port}`
  const why = FAILURES[error] ?? error
  if (options.tcp && error !== 'TIMEOUT')
    return `;; Connection to ${where}(${formatIpv4(server)}) for ${options.asked} failed: ${why}.\n`
  if (SETUP.has(error))
    return `;; UDP setup with ${where}(${formatIpv4(server)}) for ${options.asked} failed: ${why}.\n`
  return `;; communications error to ${where}: ${why}\n`
}

function unreachable(row: DnsRow): string {
  const { options, error } = row
  if (options.tool === 'busybox') return ';; connection timed out; no servers could be reached\n\n'
  if (options.tool !== 'dig')
    return `;; no servers could be reached\n${options.tool === 'nslookup' ? '\n' : ''}`
  const silent = options.tcp || SETUP.has(error) || options.style?.banner !== true || !row.first
  return `${silent ? '' : digBanner(options)};; no servers could be reached\n`
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
  const server = formatIpv4(row.server)
  const named =
    options.server === null || !row.first
      ? ''
      : `Using domain server:\nName: ${options.server}\nAddress: ${server}#${options.port}\nAliases: \n\n`
  const received = options.verbose
    ? `Received ${row.length} bytes from ${server}#${options.port} in ${Math.floor(row.tookUs / 1000)} ms\n`
    : ''
  if (message.rcode !== 0) {
    const name = options.isReverse ? `${row.question.name}.` : row.question.name
    return `${named}Host ${name} not found: ${message.rcode}(${RCODES[message.rcode] ?? ''})\n${received}${received}`
  }
  if (options.verbose) return `${named}${hostVerbose(row)}${received}`
  if (message.answers.length === 0 && options.oneType)
    return `${named}${row.question.name} has no ${typeName(row.question.type)} record\n`
  return named + message.answers.map(hostLine).join('')
}

function hostLine(record: DnsRecord): string {
  const phrase = HOST_PHRASES[record.type] ?? `has ${typeName(record.type)} record`
  return `${record.name} ${phrase} ${dataText(record)}\n`
}

function hostVerbose({ message }: DnsRow): string {
  const sections = [
    ['ANSWER', message.answers],
    ['AUTHORITY', message.authorities],
    ['ADDITIONAL', message.additionals.filter((record) => record.type !== 41)],
  ] as const
  const questions = message.questions.map((one) => questionLine(one, {})).join('')
  const filled = sections.filter(([, records]) => records.length > 0)
  const texts = filled.map(
    ([title, records]) => `;; ${title} SECTION:\n${records.map((one) => recordLine(one, {})).join('')}\n`,
  )
  return `${headerLines(message)}\n;; QUESTION SECTION:\n${questions}\n${texts.join('')}`
}

function nslookup(row: DnsRow): string {
  const { message, options } = row
  const server = formatIpv4(row.server)
  const head =
    row.first && !(options.isReverse && !options.oneType)
      ? `Server:\t\t${options.server ?? server}\nAddress:\t${server}#${options.port}\n\n`
      : ''
  const debug = options.verbose ? nslookupDebug(row) : ''
  if (message.rcode !== 0)
    return `${head}${debug}** server can't find ${row.question.name}: ${RCODES[message.rcode] ?? ''}\n`
  const lines = message.answers.map(nslookupRecord).join('')
  const noAnswer = lines === '' && options.oneType ? `*** Can't find ${options.asked}: No answer\n` : ''
  const kind =
    row.first &&
    !(options.isReverse && !options.oneType) &&
    !message.authoritative &&
    (lines !== '' || noAnswer !== '')
      ? 'Non-authoritative answer:\n'
      : ''
  return `${head}${debug}${kind}${lines}${noAnswer}`
}

const LINE = '------------\n'

function nslookupDebug({ message }: DnsRow): string {
  const questions = message.questions.map(
    (one) => `\t${one.name}, type = ${typeName(one.type)}, class = ${className(one.class)}\n`,
  )
  const section = (records: readonly DnsRecord[]): string =>
    records.map((one) => `    ->  ${one.name}\n\t${debugData(one)}\n\tttl = ${one.ttl}\n`).join('')
  const more = message.additionals.filter((record) => record.type !== 41)
  return (
    `${LINE}    QUESTIONS:\n${questions.join('')}    ANSWERS:\n${section(message.answers)}` +
    `    AUTHORITY RECORDS:\n${section(message.authorities)}    ADDITIONAL RECORDS:\n${section(more)}${LINE}`
  )
}

function debugData(record: DnsRecord): string {
  if (record.type === 1) return `internet address = ${dataText(record)}`
  if (record.type === 28) return `has AAAA address ${dataText(record)}`
  if (record.type === 12) return `name = ${dataText(record)}`
  if (record.type === 5) return `canonical name = ${dataText(record)}`
  return `rdata_${record.type} = ${dataText(record)}`
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
  const { tool, isReverse, oneType, questions } = row.options
  if (tool !== 'nslookup') return ''
  const type = questions[0]?.type ?? 1
  // Addresses are shown as hosts, everything else as records of a zone.
  if ((isReverse || (oneType && type !== 1 && type !== 28)) && !row.failed)
    return '\nAuthoritative answers can be found from:\n\n'
  return '\n'
}
