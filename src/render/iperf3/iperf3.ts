/** What iperf3 3.12 prints: src/iperf_locale.c, src/units.c, src/iperf_error.c. */
import type { IperfRow, StreamReport, TestParameters } from '../../sim/process/iperf3-test.ts'
import type { IpAddress } from '../../sim/wire/frame.ts'
import { formatIp } from '../../sim/wire/ip-address.ts'
import { errnoText } from '../errno.ts'

interface Row extends IperfRow {
  readonly format: string
  readonly parameters: TestParameters | null
  readonly isSender: boolean
  readonly reports: readonly StreamReport[]
  readonly others: readonly StreamReport[]
  readonly host: string
  readonly port: number
  readonly id: number
  readonly local: IpAddress
  readonly localPort: number
  readonly remote: IpAddress
  readonly remotePort: number
  readonly number: number
  readonly what: string
  readonly error: string
}

const RULE = '-----------------------------------------------------------\n'
const SHORT_RULE = '- - - - - - - - - - - - - - - - - - - - - - - - -\n'
const HEAD = '[ ID] Interval           Transfer     Bitrate'

export function wordIperf3(row: Row): string {
  switch (row.kind) {
    case 'connecting':
      return `Connecting to host ${row.host}, port ${row.port}\n`
    case 'reverse':
      return `Reverse mode, remote host ${row.host} is sending\n`
    case 'listening':
      return `${RULE}Server listening on ${row.port} (test #${row.number})\n${RULE}`
    case 'accepted':
      return `Accepted connection from ${formatIp(row.remote)}, port ${row.remotePort}\n`
    case 'connected':
      return `${idText(row.id)} local ${formatIp(row.local)} port ${row.localPort} connected to ${formatIp(row.remote)} port ${row.remotePort}\n`
    case 'interval-head':
      return HEAD + columns(row, true)
    case 'interval':
      return intervals(row)
    case 'summary':
      return summary(row)
    case 'server-summary':
      return serverSummary(row)
    case 'done':
      return '\niperf Done.\n'
    default:
      return failure(row)
  }
}

function columns(row: Row, isInterval: boolean): string {
  if (row.parameters?.udp === true)
    return isInterval && row.isSender
      ? '         Total Datagrams\n'
      : '         Jitter    Lost/Total Datagrams\n'
  if (!row.isSender && isInterval) return '\n'
  return isInterval ? '         Retr  Cwnd\n' : '         Retr\n'
}

const idText = (id: number | null): string => (id === null ? '[SUM]' : `[${String(id).padStart(3)}]`)

/** unit_snprintf: bytes in steps of 1024, bits in steps of 1000; a letter fixes the unit. */
function unit(bytes: number, format: string): string {
  const isBits = format === format.toLowerCase()
  const base = isBits ? 1000 : 1024
  let value = isBits ? bytes * 8 : bytes
  const fixed = 'kmgt'.indexOf(format.toLowerCase())
  let step = 0
  while (fixed >= 0 ? step <= fixed : value >= base && step < 4) {
    value /= base
    step++
  }
  const name = `${['', 'K', 'M', 'G', 'T'][step]}${isBits ? 'bit' : 'Byte'}`
  const digits = value < 9.995 ? 2 : value < 99.95 ? 1 : 0
  return `${value.toFixed(digits).padStart(4)} ${name}`
}

function stem(row: Row, report: StreamReport): string {
  const seconds = report.endS - report.startS
  const speed = seconds > 0 ? report.bytes / seconds : 0
  const span = `${report.startS.toFixed(2).padStart(6)}-${report.endS.toFixed(2).padEnd(6)}`
  return `${idText(report.id)} ${span} sec  ${unit(report.bytes, 'A')}s  ${unit(speed, row.format)}s/sec`
}

/** Two figures, as `%.2g` has them. */
function percent(part: number, whole: number): string {
  const value = whole === 0 ? 0 : (100 * part) / whole
  return value === 0 ? '0' : String(Number(value.toPrecision(2)))
}

function losses(report: StreamReport): string {
  const share = percent(report.lost, report.packets)
  return `  ${report.jitterMs.toFixed(3)} ms  ${report.lost}/${report.packets} (${share}%)  `
}

const retransmitted = (report: StreamReport): string => `  ${String(report.retransmitted).padStart(3)}`

function total(reports: readonly StreamReport[]): StreamReport | null {
  const first = reports[0]
  if (first === undefined || reports.length < 2) return null
  const sum = (pick: (one: StreamReport) => number): number =>
    reports.reduce((all, one) => all + pick(one), 0)
  return {
    ...first,
    id: null,
    bytes: sum((one) => one.bytes),
    retransmitted: sum((one) => one.retransmitted),
    packets: sum((one) => one.packets),
    lost: sum((one) => one.lost),
    jitterMs: sum((one) => one.jitterMs) / reports.length,
  }
}

function intervals(row: Row): string {
  const udp = row.parameters?.udp === true
  const line = (report: StreamReport): string => {
    if (udp) return `${stem(row, report)}${row.isSender ? `  ${report.packets}  ` : losses(report)}\n`
    if (!row.isSender) return `${stem(row, report)}                  \n`
    const window = report.id === null ? '             ' : `   ${unit(report.window, 'A')}s       `
    return `${stem(row, report)}${retransmitted(report)}${window}\n`
  }
  const whole = total(row.reports)
  const text = row.reports.map(line).join('')
  const isFirst = row.reports[0]?.startS === 0
  return whole === null ? text : `${isFirst ? '' : SHORT_RULE}${text}${line(whole)}`
}

/** What both ends have counted, stream by stream. */
function summary(row: Row): string {
  const udp = row.parameters?.udp === true
  const lines = row.reports.map((own, i) => pair(row, own, row.others[i] ?? own, udp))
  const wholeOwn = total(row.reports)
  const wholeOther = total(row.others)
  if (wholeOwn !== null) lines.push(pair(row, wholeOwn, wholeOther ?? wholeOwn, udp))
  const more = udp ? '         Jitter    Lost/Total Datagrams\n' : '         Retr\n'
  return `${SHORT_RULE}${HEAD}${more}${lines.join('')}`
}

function pair(row: Row, own: StreamReport, other: StreamReport, udp: boolean): string {
  const sender = row.isSender ? own : other
  const receiver = { ...(row.isSender ? other : own), id: own.id }
  if (udp) {
    const sent = { ...sender, id: own.id, lost: 0, jitterMs: 0 }
    return `${stem(row, sent)}${losses(sent)}sender\n${stem(row, receiver)}${losses(receiver)}receiver\n`
  }
  const first = { ...sender, id: own.id }
  return `${stem(row, first)}${retransmitted(first)}             sender\n${stem(row, receiver)}                  receiver\n`
}

function serverSummary(row: Row): string {
  const udp = row.parameters?.udp === true
  const line = (report: StreamReport): string => {
    const role = row.isSender ? 'sender' : 'receiver'
    if (udp) return `${stem(row, report)}${losses(report)}${role}\n`
    return row.isSender
      ? `${stem(row, report)}${retransmitted(report)}             ${role}\n`
      : `${stem(row, report)}                  ${role}\n`
  }
  const whole = total(row.reports)
  const more = udp ? '         Jitter    Lost/Total Datagrams\n' : row.isSender ? '         Retr\n' : '\n'
  return `${SHORT_RULE}${HEAD}${more}${row.reports.map(line).join('')}${whole === null ? '' : line(whole)}`
}

const FAILURES: Readonly<Record<string, string>> = {
  busy: 'error - the server is busy running a test. try again later',
  terminated: 'error - the server has terminated',
  closed: 'error - control socket has closed unexpectedly',
  'client-gone': 'error - the client has terminated',
}

function failure(row: Row): string {
  if (row.what === 'connect') return `iperf3: error - unable to connect to server: ${errnoText(row.error)}\n`
  if (row.what === 'listen')
    return `iperf3: error - unable to start listener for connections: ${errnoText(row.error)}\niperf3: exiting\n`
  if (row.what === 'interrupt') return `iperf3: interrupt - the ${row.error} has terminated\n`
  return `iperf3: ${FAILURES[row.what] ?? row.what}\n`
}
