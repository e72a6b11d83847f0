/** dig of BIND 9.18: banner, header, sections, statistics. bind9 bin/dig/dig.c: printmessage, printgreeting, received */
import { unixDate } from '../../sim/base/calendar.ts'
import type { DnsClientOptions } from '../../sim/process/dns-client.ts'
import type { DnsMessage, DnsRecord } from '../../sim/wire/dns.ts'
import { formatIpv4 } from '../../sim/wire/ipv4-address.ts'
import { dataText, headerLines, questionLine, recordLine } from './records.ts'
import type { DnsRow } from './row.ts'

export function digBanner(options: DnsClientOptions): string {
  const found = options.style?.serverNamed ? '; (1 server found)\n' : ''
  const words = options.words === '' ? '' : ` ${options.words}`
  return `\n; <<>> DiG ${options.version} <<>>${words}\n${found};; global options: +cmd\n`
}

export function digText(row: DnsRow): string {
  const { options, message } = row
  const style = options.style ?? {}
  const server = formatIpv4(row.server)
  if (options.short) {
    const from = style.identify ? ` from server ${server} in ${tookText(row)}.` : ''
    return message.answers.map((record) => `${dataText(record)}${from}\n`).join('')
  }
  const comments = options.sections.includes('comments') && !style.trace
  const statistics = options.sections.includes('stats') && !style.trace
  const parts = [startText(row), comments ? `;; Got answer:\n${digHeader(message, true)}` : '']
  parts.push(sectionsText(row))
  if (statistics) parts.push(statisticsText(row))
  else if (style.identify || style.trace)
    parts.push(
      `;; Received ${row.length} bytes from ${server}#${options.port}(${server}) in ${tookText(row)}\n\n`,
    )
  return parts.join('')
}

function startText({ options, first }: DnsRow): string {
  const shown = options.style?.banner === true && options.sections.includes('cmd')
  return shown && first ? digBanner(options) : ''
}

/** `+qr`: the question as it goes out. */
export function sendingText(row: DnsRow): string {
  const { options, message } = row
  const head = options.sections.includes('comments') ? `;; Sending:\n${digHeader(message, false)}` : ''
  const size = options.sections.includes('stats') ? `;; QUERY SIZE: ${row.length}\n\n` : ''
  return `${startText(row)}${head}${sectionsText(row)}${size}`
}

function sectionsText({ options, message }: DnsRow): string {
  const style = options.style ?? {}
  const shows = (section: string): boolean => options.sections.includes(section)
  const comments = shows('comments') && !style.trace
  const framed = (title: string, lines: string): string =>
    comments ? `;; ${title} SECTION:\n${lines}\n` : lines
  let text = ''
  if (shows('question') && !style.trace && message.questions.length > 0)
    text += framed('QUESTION', message.questions.map((one) => questionLine(one, style)).join(''))
  for (const [title, all] of [
    ['ANSWER', message.answers],
    ['AUTHORITY', message.authorities],
    ['ADDITIONAL', message.additionals],
  ] as const) {
    const records = all.filter((record) => record.type !== 41)
    if (records.length > 0 && shows(title.toLowerCase()))
      text += framed(title, records.map((record) => recordLine(record, style)).join(''))
  }
  return text
}

function digHeader(message: DnsMessage, isAnswer: boolean): string {
  const refused =
    isAnswer && message.recursionDesired && !message.recursionAvailable
      ? ';; WARNING: recursion requested but not available\n'
      : ''
  const opt = message.additionals.find((record) => record.type === 41)
  return `${headerLines(message)}${refused}\n${opt === undefined ? '' : ednsText(opt)}`
}

function ednsText(opt: DnsRecord): string {
  const flags = (opt.ttl & 0x8000) !== 0 ? ' do' : ''
  const version = (opt.ttl >>> 16) & 255
  const bytes = opt.data.kind === 'raw' ? opt.data.bytes : new Uint8Array()
  return `;; OPT PSEUDOSECTION:\n; EDNS: version: ${version}, flags:${flags}; udp: ${opt.class}\n${ednsOptions(bytes)}`
}

function ednsOptions(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at + 4 <= bytes.length; ) {
    const code = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
    const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)
    text += ednsOption(code, bytes.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return text
}

function ednsOption(code: number, value: Uint8Array): string {
  const hex = [...value].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  if (code === 3) return `; NSID:${hex === '' ? '' : ` ${hex}`}\n`
  if (code === 10) return `; COOKIE: ${hex}\n`
  if (code === 8) {
    const address = [4, 5, 6, 7].map((at) => value[at] ?? 0).join('.')
    return `; CLIENT-SUBNET: ${address}/${value[2] ?? 0}/${value[3] ?? 0}\n`
  }
  return `; OPT=${code}:${hex === '' ? '' : ` ${hex}`}\n`
}

function tookText({ options, tookUs }: DnsRow): string {
  return options.style?.microseconds ? `${tookUs} us` : `${Math.floor(tookUs / 1000)} ms`
}

function statisticsText(row: DnsRow): string {
  const server = formatIpv4(row.server)
  const { port, tcp, style } = row.options
  const took = style?.microseconds ? `${row.tookUs} usec` : `${Math.floor(row.tookUs / 1000)} msec`
  return `;; Query time: ${took}\n;; SERVER: ${server}#${port}(${server}) (${tcp ? 'TCP' : 'UDP'})\n;; WHEN: ${unixDate(row.atMs)}\n;; MSG SIZE  rcvd: ${row.length}\n\n`
}
