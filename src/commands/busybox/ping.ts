/** ping of busybox: the command line. busybox networking/ping.c */
import { type PingOptions, pingProgram } from '../../sim/process/ping.ts'
import { parseIp } from '../../sim/wire/ip-address.ts'
import type { Command } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { notModelled } from '../not-modelled.ts'
import { busyboxUsage } from './usage.ts'

const USAGE = `Usage: ping [OPTIONS] HOST

Send ICMP ECHO_REQUESTs to HOST

	-4,-6		Force IP or IPv6 name resolution
	-c CNT		Send only CNT pings
	-s SIZE		Send SIZE data bytes in packets (default 56)
	-i SECS		Interval
	-A		Ping as soon as reply is received
	-t TTL		Set TTL
	-I IFACE/IP	Source interface or IP address
	-W SEC		Seconds to wait for the first response (default 10)
			(after all -c CNT packets are sent)
	-w SEC		Seconds until ping exits (default:infinite)
			(can exit earlier with -c CNT)
	-q		Quiet, only display output at start/finish
	-p HEXBYTE	Payload pattern
`

type Mutable = { -readonly [K in keyof PingOptions]: PingOptions[K] }

const NUMERIC = new Set(['c', 's', 't', 'W', 'w'])

export const busyboxPing: Command = (context) => {
  const parsed = parseOptions(context.argv, { short: 'qAvc:s:t:w:W:I:np:i:46', long: { help: 'flag' } })
  if (!parsed.ok) return busyboxUsage(context, 'ping', USAGE, parsed.error)
  const options: Mutable = {
    dialect: 'busybox',
    version: '',
    target: parsed.value.operands[0] ?? '',
    family: context.argv[0]?.endsWith('ping6') === true ? 6 : null,
    count: null,
    intervalUs: 1_000_000,
    lingerUs: 10_000_000,
    deadlineUs: null,
    size: 56,
    ttl: null,
    quiet: false,
    numeric: true,
    timestamps: false,
    device: null,
    source: null,
    dontFragment: 'want',
    audible: false,
    broadcast: false,
  }
  for (const { name, value } of parsed.value.options) {
    if (name === 'help') return busyboxUsage(context, 'ping', USAGE, null)
    if (name === '4' || name === '6') options.family = name === '4' ? 4 : 6
    if (name === 'A') return notModelled(context, `ping -${name}`)
    if (NUMERIC.has(name) && !/^\d+$/.test(value)) {
      context.err(`ping: invalid number '${value}'\n`)
      return 1
    }
    apply(options, name, value)
  }
  if (parsed.value.operands.length !== 1) return busyboxUsage(context, 'ping', USAGE, 'operands')
  return context.become(pingProgram(options))
}

function apply(options: Mutable, name: string, value: string): void {
  const number = Number(value)
  if (name === 'c' && number > 0) options.count = number
  if (name === 's') options.size = number
  if (name === 't') options.ttl = number
  if (name === 'w') options.deadlineUs = number * 1e6
  if (name === 'W') options.lingerUs = number * 1e6
  if (name === 'i') options.intervalUs = Math.round(number * 1e6)
  if (name === 'q') options.quiet = true
  if (name === 'I') {
    const source = parseIp(value)
    if (source === null) options.device = value
    else options.source = source
  }
}
