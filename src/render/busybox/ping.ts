/** ping as busybox prints it. busybox networking/ping.c */
import type { PingFailure, PingReply, PingRow, PingSummary } from '../../sim/process/ping-rows.ts'
import { formatIp } from '../../sim/wire/ip-address.ts'
import { errnoText } from '../errno.ts'

export function wordBusyboxPing(row: PingRow): string {
  switch (row.kind) {
    case 'start': {
      const from = row.from === null || row.device !== null ? '' : ` from ${formatIp(row.from)}`
      return `PING ${row.target} (${formatIp(row.destination)})${from}: ${row.size} data bytes\n`
    }
    case 'reply':
      return reply(row)
    case 'statistics':
      return statistics(row)
    case 'error':
      return failure(row)
    default:
      return ''
  }
}

function ms(us: number): string {
  return (Math.floor(us) / 1000).toFixed(3)
}

function reply(row: PingReply): string {
  const time = row.rttUs === null ? '' : ` time=${ms(row.rttUs)} ms`
  const answer = `seq=${row.sequence} ttl=${row.ttl}${time}${row.repeated ? ' (DUP!)' : ''}`
  return `${row.length} bytes from ${formatIp(row.address)}: ${answer}\n`
}

function statistics(row: PingSummary): string {
  const head = `\n--- ${row.target} ping statistics ---\n`
  const repeated = row.repeated > 0 ? `${row.repeated} duplicates, ` : ''
  const lost = Math.floor(((row.transmitted - row.received) * 100) / Math.max(1, row.transmitted))
  const loss = row.transmitted === 0 ? '' : `${lost}% packet loss`
  const line = `${row.transmitted} packets transmitted, ${row.received} packets received, ${repeated}${loss}\n`
  if (row.received === 0) return head + line
  const average = row.sumUs / row.received
  return `${head}${line}round-trip min/avg/max = ${ms(row.minUs)}/${ms(average)}/${ms(row.maxUs)} ms\n`
}

function failure(row: PingFailure): string {
  // What is no device is taken for a host to send as.
  if (row.error === 'ENODEV') return `ping: bad address '${row.detail}'\n`
  if (row.detail === 'source') return "ping: can't set multicast source interface\n"
  if (row.detail === 'socket') return 'ping: permission denied (are you root?)\n'
  if (row.detail === 'sendto') return `ping: sendto: ${errnoText(row.error)}\n`
  return `ping: bad address '${row.target}'\n`
}
