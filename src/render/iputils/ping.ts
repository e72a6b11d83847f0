/** ping as iputils prints it. iputils ping.c, ping_common.c */
import type {
  PingFailure,
  PingIcmpError,
  PingReply,
  PingRow,
  PingStart,
  PingSummary,
} from '../../sim/process/ping-rows.ts'
import type { IpAddress } from '../../sim/wire/frame.ts'
import { formatIp } from '../../sim/wire/ip-address.ts'
import { errnoText } from '../errno.ts'

export function wordPing(row: PingRow): string {
  switch (row.kind) {
    case 'start':
      return start(row)
    case 'reply':
      return reply(row)
    case 'icmp-error':
      return icmpError(row)
    case 'statistics':
      return statistics(row)
    case 'send-error':
      return sendError(row)
    default:
      return failure(row)
  }
}

function start(row: PingStart): string {
  if (typeof row.destination === 'string') {
    const from6 = row.from === null ? '' : ` from ${formatIp(row.from)} ${row.device ?? ''}:`
    return `PING ${row.target}(${row.destination})${from6} ${row.size} data bytes\n`
  }
  const from = row.from === null ? '' : ` from ${formatIp(row.from)} ${row.device ?? ''}:`
  const sizes = `${row.size}(${row.size + 28}) bytes of data.`
  return `PING ${row.target} (${formatIp(row.destination)})${from} ${sizes}\n`
}

function who(row: { readonly name: string | null; readonly address: IpAddress }): string {
  const text = formatIp(row.address)
  return row.name === null ? text : `${row.name} (${text})`
}

function stamp(time: number | null): string {
  if (time === null) return ''
  return `[${Math.floor(time / 1e6)}.${String(time % 1e6).padStart(6, '0')}] `
}

/** Ever fewer decimals the longer it took. */
export function roundTrip(us: number): string {
  if (us >= 99950) return String(Math.floor((us + 500) / 1000))
  if (us >= 9995) return (us / 1000).toFixed(1)
  return us >= 1000 ? (us / 1000).toFixed(2) : (us / 1000).toFixed(3)
}

function reply(row: PingReply): string {
  const time = row.rttUs === null ? '' : ` time=${roundTrip(row.rttUs)} ms`
  const repeated = row.repeated ? ' (DUP!)' : ''
  const answer = `icmp_seq=${row.sequence} ttl=${row.ttl}${row.length >= 24 ? time : ''}${repeated}`
  return `${stamp(row.time)}${row.length} bytes from ${who(row)}: ${answer}\n`
}

const UNREACHABLE = [
  'Destination Net Unreachable',
  'Destination Host Unreachable',
  'Destination Protocol Unreachable',
  'Destination Port Unreachable',
  '',
  'Source Route Failed',
  'Destination Net Unknown',
  'Destination Host Unknown',
  'Source Host Isolated',
  'Destination Net Prohibited',
  'Destination Host Prohibited',
  'Destination Net Unreachable for Type of Service',
  'Destination Host Unreachable for Type of Service',
  'Packet filtered',
  'Precedence Violation',
  'Precedence Cutoff',
]

function reason(row: PingIcmpError): string {
  if (row.type === 3 && row.code === 4) return `Frag needed and DF set (mtu = ${row.mtu})`
  if (row.type === 3) return UNREACHABLE[row.code] ?? `Dest Unreachable, Bad Code: ${row.code}`
  if (row.type === 11) return row.code === 0 ? 'Time to live exceeded' : 'Frag reassembly time exceeded'
  if (row.type === 5) return row.code === 1 ? 'Redirect Host' : 'Redirect Network'
  return `Bad ICMP type: ${row.type}`
}

const UNREACHABLE6 = [
  'No route',
  'Administratively prohibited',
  'Beyond scope of source address',
  'Address unreachable',
  'Port unreachable',
  'Source address failed ingress/egress policy',
  'Reject route to destination',
]

/** ping6_common.c print_icmp6 */
function reason6(row: PingIcmpError): string {
  if (row.type === 1)
    return `Destination unreachable: ${UNREACHABLE6[row.code] ?? `Unknown code ${row.code}`}`
  if (row.type === 2) return `Packet too big: mtu=${row.mtu}`
  if (row.type === 3) return `Time exceeded: ${row.code === 0 ? 'Hop limit' : 'Defragmentation failure'}`
  return 'Parameter problem: Unknown header '
}

function icmpError(row: PingIcmpError): string {
  const why = typeof row.address === 'string' ? reason6(row) : reason(row)
  return `${stamp(row.time)}From ${who(row)} icmp_seq=${row.sequence} ${why}\n`
}

function ms(us: number): string {
  return (Math.floor(us) / 1000).toFixed(3)
}

/** `%g`: six significant digits, no trailing zeros. */
export function percent(lost: number, of: number): string {
  return String(Number(((lost * 100) / of).toPrecision(6)))
}

function statistics(row: PingSummary): string {
  const repeated = row.repeated > 0 ? `, +${row.repeated} duplicates` : ''
  const errors = row.errors > 0 ? `, +${row.errors} errors` : ''
  const lost =
    row.transmitted === 0 ? '' : `, ${percent(row.transmitted - row.received, row.transmitted)}% packet loss`
  const time = row.transmitted === 0 ? '' : `, time ${Math.round(row.elapsedUs / 1000)}ms`
  const head = `\n--- ${row.target} ping statistics ---\n`
  const line = `${row.transmitted} packets transmitted, ${row.received} received${repeated}${errors}${lost}${time}\n`
  const parts: string[] = []
  if (row.received > 0 && row.timed) parts.push(`rtt min/avg/max/mdev = ${times(row)} ms`)
  if (row.pipe > 1) parts.push(`pipe ${row.pipe}`)
  return `${head}${line}${parts.join(', ')}\n`
}

function times(row: PingSummary): string {
  const average = Math.floor(row.sumUs / row.received)
  const variance = (row.sumSquares - row.sumUs ** 2 / row.received) / row.received
  return [row.minUs, average, row.maxUs, Math.sqrt(Math.max(0, variance))].map(ms).join('/')
}

function sendError(row: PingFailure): string {
  if (row.error !== 'EMSGSIZE') return `ping: sendmsg: ${errnoText(row.error)}\n`
  // The wording changed in 2024.
  const sign = Number(row.version.slice(0, 4)) >= 2024 || row.target.includes(':') ? 'mtu: ' : 'mtu='
  return `ping: local error: message too long, ${sign}${row.detail}\n`
}

function failure(row: PingFailure): string {
  if (row.error === 'ENODEV') return `ping: SO_BINDTODEVICE ${row.detail}: No such device\n`
  if (row.detail === 'broadcast') return 'WARNING: pinging broadcast address\n'
  if (row.detail === 'connect' && row.error === 'EACCES' && !row.target.includes(':'))
    return 'ping: Do you want to ping broadcast? Then -b. If not, check your local firewall rules\n'
  if (row.detail === 'bind' && row.target.includes(':'))
    return `ping: bind icmp socket: ${errnoText(row.error)}\n`
  if (row.detail === 'connect' || row.detail === 'bind')
    return `ping: ${row.detail}: ${errnoText(row.error)}\n`
  if (row.error === 'ADDRFAMILY') return `ping: ${row.target}: Address family for hostname not supported\n`
  return `ping: ${row.target}: ${errnoText(row.error)}\n`
}
