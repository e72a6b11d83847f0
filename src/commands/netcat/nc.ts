/** nc(1) of OpenBSD and nc of busybox: the command lines. */

import { servicePort } from '../../render/services.ts'
import { type NetcatOptions, netcatProgram } from '../../sim/process/netcat.ts'
import { parseIp } from '../../sim/wire/ip-address.ts'
import { busyboxUsage } from '../busybox/usage.ts'
import type { Command, CommandContext } from '../context.ts'
import { type OptionError, parseOptions } from '../getopt.ts'
import { notModelled } from '../not-modelled.ts'

type Mutable = { -readonly [K in keyof NetcatOptions]: NetcatOptions[K] }

const OPENBSD_USAGE = `usage: nc [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]
	  [-m minttl] [-O length] [-P proxy_username] [-p source_port]
	  [-q seconds] [-s sourceaddr] [-T keyword] [-V rtable] [-W recvlimit]
	  [-w timeout] [-X proxy_protocol] [-x proxy_address[:port]]
	  [destination] [port]
`
const OPENBSD_HELP = `${OPENBSD_USAGE}	Command Summary:
		-4		Use IPv4
		-6		Use IPv6
		-b		Allow broadcast
		-C		Send CRLF as line-ending
		-D		Enable the debug socket option
		-d		Detach from stdin
		-F		Pass socket fd
		-h		This help text
		-I length	TCP receive buffer length
		-i interval	Delay interval for lines sent, ports scanned
		-k		Keep inbound sockets open for multiple connects
		-l		Listen mode, for inbound connects
		-M ttl		Outgoing TTL / Hop Limit
		-m minttl	Minimum incoming TTL / Hop Limit
		-N		Shutdown the network socket after EOF on stdin
		-n		Suppress name/port resolutions
		-O length	TCP send buffer length
		-P proxyuser	Username for proxy authentication
		-p port		Specify local port for remote connects
		-q secs		quit after EOF on stdin and delay of secs
		-r		Randomize remote ports
		-S		Enable the TCP MD5 signature option
		-s sourceaddr	Local source address
		-T keyword	TOS value
		-t		Answer TELNET negotiation
		-U		Use UNIX domain socket
		-u		UDP mode
		-V rtable	Specify alternate routing table
		-v		Verbose
		-W recvlimit	Terminate after receiving a number of packets
		-w timeout	Timeout for connects and final net reads
		-X proto	Proxy protocol: "4", "5" (SOCKS) or "connect"
		-x addr[:port]	Specify proxy address and port
		-Z		DCCP mode
		-z		Zero-I/O mode [used for scanning]
	Port numbers can be individual or ranges: lo-hi [inclusive]
`
const BUSYBOX_USAGE = `Usage: nc [OPTIONS] HOST PORT  - connect
nc [OPTIONS] -l -p PORT [HOST] [PORT]  - listen

	-e PROG	Run PROG after connect (must be last)
	-l	Listen mode, for inbound connects
	-lk	With -e, provides persistent server
	-p PORT	Local port
	-s ADDR	Local address
	-w SEC	Timeout for connects and final net reads
	-i SEC	Delay interval for lines sent
	-n	Don't do DNS resolution
	-u	UDP mode
	-b	Allow broadcasts
	-v	Verbose
	-o FILE	Hex dump traffic
	-z	Zero-I/O mode (scanning)
`

function defaults(dialect: 'openbsd' | 'busybox'): Mutable {
  return {
    dialect,
    host: '',
    ports: [],
    listen: false,
    keep: false,
    udp: false,
    scan: false,
    verbose: false,
    numeric: false,
    shutdownAtEnd: false,
    timeoutUs: null,
    localPort: 0,
    source: null,
    quitAfterUs: null,
    useInput: true,
  }
}

const UNMODELLED = new Set(['e', 'U', 'x', 'X', 'S', 'o', 'T', 'V', 'M', 'm', 'F', 'Z'])

function apply(options: Mutable, name: string, value: string): void {
  if (name === 'l') options.listen = true
  if (name === 'k') options.keep = true
  if (name === 'u') options.udp = true
  if (name === 'z') options.scan = true
  if (name === 'C') options.crlf = true
  if (name === 'v') options.verbose = true
  if (name === 'n') options.numeric = true
  if (name === 'N') options.shutdownAtEnd = true
  if (name === 'd') options.useInput = false
  if (name === 'w') options.timeoutUs = Number(value) * 1e6
  if (name === 'q') options.quitAfterUs = Math.max(0, Number(value)) * 1e6
  if (name === 'p') options.localPort = Number(value)
  if (name === 's') options.source = parseIp(value)
  if (name === '4' || name === '6') options.family = name === '4' ? 4 : 6
}

/** `80`, `80-90`, `http`. */
function ports(text: string, udp: boolean): number[] | null {
  const range = /^(\d+)-(\d+)$/.exec(text)
  if (range !== null) {
    const [low, high] = [Number(range[1]), Number(range[2])]
    return Array.from({ length: Math.max(0, high - low + 1) }, (_, i) => low + i)
  }
  const port = /^\d+$/.test(text) ? Number(text) : servicePort(text, udp ? 'udp' : 'tcp')
  return port === undefined || port < 1 || port > 65535 ? null : [port]
}

function run(context: CommandContext, dialect: 'openbsd' | 'busybox') {
  const usage = (error: OptionError | 'operands' | null): number => {
    if (dialect === 'busybox') return busyboxUsage(context, 'nc', BUSYBOX_USAGE, error)
    if (error !== null && error !== 'operands') context.err(`nc: invalid option -- '${error.option}'\n`)
    context.err(OPENBSD_USAGE)
    return 1
  }
  const short =
    dialect === 'openbsd' ? '46bCDdFhI:i:klM:m:NnO:P:p:q:rSs:T:tUuV:vW:w:X:x:Zz' : 'hnlkuvzbp:s:w:i:o:e:'
  const parsed = parseOptions(context.argv, { short, long: { help: 'flag' } })
  if (!parsed.ok) return usage(parsed.error)
  const options = defaults(dialect)
  for (const { name, value } of parsed.value.options) {
    if (name === 'h' && dialect === 'openbsd') {
      context.err(`OpenBSD netcat (Debian patchlevel 1.219-1)\n${OPENBSD_HELP}`)
      return 1
    }
    if (name === 'h' || name === 'help') return usage(null)
    if (UNMODELLED.has(name)) return notModelled(context, `nc -${name}`)
    apply(options, name, value)
  }
  const [first, second] = parsed.value.operands
  const portText = second ?? (options.listen && options.localPort === 0 ? first : undefined)
  if (options.listen) options.source = second === undefined ? options.source : parseIp(first ?? '')
  else options.host = first ?? ''
  if (options.listen && dialect === 'openbsd' && first === undefined && options.localPort === 0) {
    context.err('nc: missing port number\n')
    return 1
  }
  if (!options.listen && (first === undefined || second === undefined)) {
    if (dialect === 'openbsd' && first !== undefined) {
      context.err('nc: missing port number\n')
      return 1
    }
    return usage('operands')
  }
  const list = portText === undefined ? [options.localPort] : ports(portText, options.udp)
  if (list === null) {
    context.err(
      dialect === 'openbsd' ? `nc: port number invalid: ${portText}\n` : `nc: invalid port '${portText}'\n`,
    )
    return 1
  }
  options.ports = list
  if (options.listen) options.localPort = 0
  return context.become(netcatProgram(options))
}

export const nc: Command = (context) => run(context, 'openbsd')
export const busyboxNc: Command = (context) => run(context, 'busybox')
