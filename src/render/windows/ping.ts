/** ping.exe's words. */
import type { WindowsPingRow } from '../../sim/process/windows-ping.ts'
import { formatIpv4 } from '../../sim/wire/ipv4-address.ts'

export function wordWindowsPing(row: WindowsPingRow): string {
  switch (row.kind) {
    case 'start': {
      const address = formatIpv4(row.address)
      const name = row.target === address ? address : `${row.target} [${address}]`
      return `\nPinging ${name} with ${row.size} bytes of data:\n`
    }
    case 'reply':
      return `Reply from ${formatIpv4(row.address)}: bytes=${row.size} ${time(row.us)} TTL=${row.ttl}\n`
    case 'unreachable':
      return `Reply from ${formatIpv4(row.address)}: Destination host unreachable.\n`
    case 'expired':
      return `Reply from ${formatIpv4(row.address)}: TTL expired in transit.\n`
    case 'timeout':
      return 'Request timed out.\n'
    case 'failure':
      return 'PING: transmit failed. General failure.\n'
    case 'unknown':
      return `Ping request could not find host ${row.target}. Please check the name and try again.\n`
    case 'statistics':
      return statistics(row)
  }
}

function milliseconds(us: number): number {
  return Math.floor(us / 1000)
}

function time(us: number): string {
  return us < 1000 ? 'time<1ms' : `time=${milliseconds(us)}ms`
}

function statistics(row: WindowsPingRow & { readonly kind: 'statistics' }): string {
  const { sent, times } = row
  const lost = sent - times.length
  const share = Math.floor((lost * 100) / sent)
  const counts = `    Packets: Sent = ${sent}, Received = ${times.length}, Lost = ${lost} (${share}% loss)`
  const head = `\nPing statistics for ${formatIpv4(row.address)}:\n${counts},\n`
  const tail = row.broken ? 'Control-C\n' : ''
  if (times.length === 0) return head + tail
  const [least, most] = [Math.min(...times), Math.max(...times)].map(milliseconds)
  const average = milliseconds(times.reduce((sum, us) => sum + us, 0) / times.length)
  const trip = `    Minimum = ${least}ms, Maximum = ${most}ms, Average = ${average}ms\n`
  return `${head}Approximate round trip times in milli-seconds:\n${trip}${tail}`
}
