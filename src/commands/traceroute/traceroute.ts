/** traceroute(8) of Debian and traceroute of busybox: the command lines. */
import { type TracerouteOptions, tracerouteProgram } from '../../sim/process/traceroute.ts'
import { parseIp } from '../../sim/wire/ip-address.ts'
import { busyboxUsage } from '../busybox/usage.ts'
import type { Command } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { notModelled } from '../not-modelled.ts'
import { toolVersions } from '../tool-versions.ts'
import { TRACEROUTE_USAGE } from './usage.ts'

type Mutable = { -readonly [K in keyof TracerouteOptions]: TracerouteOptions[K] }

function defaults(dialect: 'linux' | 'busybox'): Mutable {
  return {
    dialect,
    target: '',
    numeric: false,
    probes: 3,
    firstHop: 1,
    hops: 30,
    waitUs: 5_000_000,
    icmp: false,
    size: dialect === 'linux' ? 60 : 46,
    device: null,
    source: null,
  }
}

/** False: a real option that does nothing here. */
function apply(options: Mutable, name: string, value: string): boolean {
  const number = Number(value)
  if (name === 'n') options.numeric = true
  else if (name === 'q') options.probes = number
  else if (name === 'm') options.hops = number
  else if (name === 'f') options.firstHop = number
  else if (name === 'w') options.waitUs = Math.round(Number.parseFloat(value) * 1e6)
  else if (name === 'I') options.icmp = true
  else if (name === 's') options.source = parseIp(value)
  else if (name === 'i') options.device = value
  else if (name === 'p') options.port = number
  else if (name === 'F') options.dontFragment = true
  else if (name === 't') options.tos = number & 255
  else if (name === 'N') options.together = number
  else if (name === 'T') options.tcp = true
  else if (name === '4' || name === '6') options.family = name === '4' ? 4 : 6
  else return ['l', 'd', 'r', 'e'].includes(name)
  return true
}

/** In the order in which the real one looks. */
function rangeRefusal(options: Mutable): string | null {
  if (options.firstHop < 1 || options.firstHop > options.hops) return 'first hop out of range'
  if (options.hops > 255) return 'max hops cannot be more than 255'
  return options.probes < 1 || options.probes > 10 ? 'no more than 10 probes per hop' : null
}

export const traceroute: Command = (context) => {
  const long = {
    icmp: 'flag',
    queries: 'value',
    'max-hops': 'value',
    wait: 'value',
    help: 'flag',
    version: 'flag',
    'dont-fragment': 'flag',
    first: 'value',
    gateway: 'value',
    interface: 'value',
    tcp: 'flag',
    udp: 'flag',
    'sim-queries': 'value',
    port: 'value',
    tos: 'value',
    flowlabel: 'value',
    source: 'value',
    sendwait: 'value',
    extensions: 'flag',
    'as-path-lookups': 'flag',
    module: 'value',
    options: 'value',
    sport: 'value',
    fwmark: 'value',
    udplite: 'flag',
    dccp: 'flag',
    protocol: 'value',
    mtu: 'flag',
    back: 'flag',
    debug: 'flag',
  } as const
  // `-UL` is one option of two letters.
  const argv = context.argv.map((word) => (word === '-UL' ? '--udplite' : word))
  const parsed = parseOptions(argv, { short: '46dDFTIUf:g:i:m:N:np:q:rs:t:w:AVez:l:M:O:P:u', long })
  if (!parsed.ok) {
    if (parsed.error.kind === 'missing') {
      const { isLong, option } = parsed.error
      context.err(`Option \`${isLong ? '--' : '-'}${option}' (argc 1) requires an argument\n`)
      return 2
    }
    context.err(`Bad option \`${parsed.error.isLong ? '--' : '-'}${parsed.error.option}' (argc 1)\n`)
    return 2
  }
  const options = defaults('linux')
  if (context.argv[0]?.endsWith('traceroute6') === true) options.family = 6
  const names: Readonly<Record<string, string>> = {
    icmp: 'I',
    queries: 'q',
    'max-hops': 'm',
    wait: 'w',
    first: 'f',
    source: 's',
    udp: 'U',
    'sim-queries': 'N',
    'dont-fragment': 'F',
    interface: 'i',
    tcp: 'T',
    port: 'p',
    tos: 't',
    flowlabel: 'l',
    debug: 'd',
    extensions: 'e',
  }
  for (const { name, value } of parsed.value.options) {
    if (name === 'help') {
      context.err(TRACEROUTE_USAGE)
      return 0
    }
    if (name === 'V' || name === 'version') {
      context.err(
        `Modern traceroute for Linux, version ${toolVersions(context.world).traceroute}\nCopyright (c) 2016  Dmitry Butskoy,   License: GPL v2 or any later\n`,
      )
      return 0
    }
    if (!apply(options, names[name] ?? name, value))
      return notModelled(context, `traceroute ${name.length === 1 ? '-' : '--'}${name}`)
  }
  const refusal = rangeRefusal(options)
  if (refusal !== null) {
    context.err(`${refusal}\n`)
    return 2
  }
  const [target, size] = parsed.value.operands
  if (target === undefined) {
    context.err(TRACEROUTE_USAGE)
    return 0
  }
  options.target = target
  if (size !== undefined && !/^\d+$/.test(size)) {
    context.err(
      `Cannot handle "packetlen" cmdline arg \`${size}' on position 2 (argc ${context.argv.length - 1})\n`,
    )
    return 2
  }
  if (size !== undefined) options.size = Math.max(28, Number(size))
  return context.become(tracerouteProgram(options))
}

const USAGE = `Usage: traceroute [-46IFlnrv] [-f 1ST_TTL] [-m MAXTTL] [-q PROBES] [-p PORT]
	[-t TOS] [-w WAIT_SEC] [-s SRC_IP] [-i IFACE]
	[-z PAUSE_MSEC] HOST [BYTES]

Trace the route to HOST

	-4,-6	Force IP or IPv6 name resolution
	-F	Set don't fragment bit
	-I	Use ICMP ECHO instead of UDP datagrams
	-l	Display TTL value of the returned packet
	-n	Print numeric addresses
	-r	Bypass routing tables, send directly to HOST
	-v	Verbose
	-f N	First number of hops (default 1)
	-m N	Max number of hops
	-q N	Number of probes per hop (default 3)
	-p N	Base UDP port number used in probes
		(default 33434)
	-s IP	Source address
	-i IFACE Source interface
	-t N	Type-of-service in probe packets (default 0)
	-w SEC	Wait for a response (default 3)
	-z MSEC	Wait before each send
`

export const busyboxTraceroute: Command = (context) => {
  const parsed = parseOptions(context.argv, { short: 'FIlnrdvxt:i:m:p:q:s:w:z:f:46', long: { help: 'flag' } })
  if (!parsed.ok) return busyboxUsage(context, 'traceroute', USAGE, parsed.error)
  const options = defaults('busybox')
  options.waitUs = 3_000_000
  for (const { name, value } of parsed.value.options) {
    if (name === 'help') return busyboxUsage(context, 'traceroute', USAGE, null)
    if (!apply(options, name, value)) return notModelled(context, `traceroute -${name}`)
  }
  const [target, size] = parsed.value.operands
  if (target === undefined) return busyboxUsage(context, 'traceroute', USAGE, 'operands')
  options.target = target
  if (size !== undefined) options.size = Math.max(28, Number(size))
  return context.become(tracerouteProgram(options))
}
