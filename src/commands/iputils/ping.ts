/** ping(8) of iputils: the command line. */
import { type PingOptions, pingProgram } from '../../sim/process/ping.ts'
import { parseIp } from '../../sim/wire/ip-address.ts'
import type { Command, CommandContext } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { notModelled } from '../not-modelled.ts'
import { toolVersions } from '../tool-versions.ts'

const SHORT = '4c:dDi:I:l:Lm:M:nN:OAbBfp:qQ:rRs:S:t:T:UvVw:W:6aCF:hHe:x'
const UNMODELLED = new Set(['f', 'l', 'm', 'N', 'R', 'T', 'Q', 'S', 'F'])

type Mutable = { -readonly [K in keyof PingOptions]: PingOptions[K] }

function defaults(context: CommandContext): Mutable {
  return {
    dialect: 'iputils',
    version: toolVersions(context.world).iputils,
    target: '',
    family: context.argv[0]?.endsWith('ping6') === true ? 6 : null,
    count: null,
    intervalUs: 1_000_000,
    lingerUs: 10_000_000,
    deadlineUs: null,
    size: 56,
    ttl: null,
    quiet: false,
    numeric: false,
    timestamps: false,
    device: null,
    source: null,
    dontFragment: 'want',
    audible: false,
    broadcast: false,
  }
}

export const ping: Command = (context) => {
  const parsed = parseOptions(context.argv, { short: SHORT })
  if (!parsed.ok) return usageError(context, parsed.error)
  const options = defaults(context)
  for (const { name, value } of parsed.value.options) {
    if (UNMODELLED.has(name)) return notModelled(context, `ping -${name}`)
    if (name === 'V') {
      context.out(`ping from iputils ${options.version}\n`)
      return 0
    }
    if (name === 'h') return usage(context)
    const wrong = apply(options, name, value)
    if (wrong !== null) {
      context.err(`ping: ${wrong}\n`)
      return 1
    }
  }
  const target = parsed.value.operands.at(-1)
  if (target === undefined) {
    context.err('ping: usage error: Destination address required\n')
    return 1
  }
  options.target = target
  if (parseIp(target.split('%')[0] ?? '') !== null) options.numeric = true
  if (options.intervalUs < 2000 && context.process.uid !== 0) {
    context.err('ping: cannot flood, minimal interval for user must be >= 2 ms, use -i 0.002 (or higher)\n')
    return 2
  }
  return context.become(pingProgram(options))
}

function usageError(
  context: CommandContext,
  error: { readonly kind: string; readonly option: string },
): number {
  const what = error.kind === 'missing' ? 'option requires an argument' : 'invalid option'
  context.err(`ping: ${what} -- '${error.option}'\n`)
  context.err(USAGE)
  return 2
}

/** A whole number in the range, or the wording of why not. */
function whole(value: string, low: number, high: number): number | string {
  if (!/^[+-]?\d+$/.test(value)) return `invalid argument: '${value}'`
  const number = Number(value)
  if (number < low || number > high)
    return `invalid argument: '${value}': out of range: ${low} <= value <= ${high === Number.MAX_SAFE_INTEGER ? '9223372036854775807' : high}`
  return number
}

function seconds(value: string): number | string {
  if (!/^\d*\.?\d+$/.test(value)) return `bad timing interval: ${value}`
  return Math.round(Number(value) * 1e6)
}

/** Null, or what is wrong. */
function apply(options: Mutable, name: string, value: string): string | null {
  const number = (low: number, high: number, set: (n: number) => void): string | null => {
    const result = whole(value, low, high)
    if (typeof result === 'string') return result
    set(result)
    return null
  }
  const time = (set: (us: number) => void, problem: string): string | null => {
    const result = seconds(value)
    if (typeof result === 'string') return `${problem}: ${value}`
    set(result)
    return null
  }
  switch (name) {
    case 'c':
      return number(1, Number.MAX_SAFE_INTEGER, (n) => (options.count = n))
    case 's':
      return number(0, 65507, (n) => (options.size = n))
    case 't':
      return number(0, 255, (n) => (options.ttl = n))
    case 'i':
      return time((us) => (options.intervalUs = us), 'bad timing interval')
    case 'W':
      return time((us) => (options.lingerUs = us), 'bad linger time')
    case 'w':
      return number(0, 2147483647, (n) => (options.deadlineUs = n * 1e6))
    case 'I': {
      const source = parseIp(value)
      if (source === null) options.device = value
      else options.source = source
      return null
    }
    case 'M':
      if (value !== 'do' && value !== 'want' && value !== 'dont') return `invalid -M argument: ${value}`
      options.dontFragment = value
      return null
    default:
      return flag(options, name)
  }
}

function flag(options: Mutable, name: string): null {
  if (name === '4' || name === '6') options.family = name === '4' ? 4 : 6
  if (name === 'q') options.quiet = true
  if (name === 'n') options.numeric = true
  if (name === 'D') options.timestamps = true
  if (name === 'a') options.audible = true
  if (name === 'b') options.broadcast = true
  if (name === 'A') options.intervalUs = 200_000
  return null
}

const USAGE = `
Usage
  ping [options] <destination>

Options:
  <destination>      dns name or ip address
  -a                 use audible ping
  -A                 use adaptive ping
  -B                 sticky source address
  -c <count>         stop after <count> replies
  -C                 call connect() syscall on socket creation
  -D                 print timestamps
  -d                 use SO_DEBUG socket option
  -e <identifier>    define identifier for ping session, default is random for
                     SOCK_RAW and kernel defined for SOCK_DGRAM
                     Imply using SOCK_RAW (for IPv4 only for identifier 0)
  -f                 flood ping
  -h                 print help and exit
  -I <interface>     either interface name or address
  -i <interval>      seconds between sending each packet
  -L                 suppress loopback of multicast packets
  -l <preload>       send <preload> number of packages while waiting replies
  -m <mark>          tag the packets going out
  -M <pmtud opt>     define mtu discovery, can be one of <do|dont|want>
  -n                 no dns name resolution
  -O                 report outstanding replies
  -p <pattern>       contents of padding byte
  -q                 quiet output
  -Q <tclass>        use quality of service <tclass> bits
  -s <size>          use <size> as number of data bytes to be sent
  -S <size>          use <size> as SO_SNDBUF socket option value
  -t <ttl>           define time to live
  -U                 print user-to-user latency
  -v                 verbose output
  -V                 print version and exit
  -w <deadline>      reply wait <deadline> in seconds
  -W <timeout>       time to wait for response

IPv4 options:
  -4                 use IPv4
  -b                 allow pinging broadcast
  -R                 record route
  -T <timestamp>     define timestamp, can be one of <tsonly|tsandaddr|tsprespec>

IPv6 options:
  -6                 use IPv6
  -F <flowlabel>     define flow label, default is random
  -N <nodeinfo opt>  use icmp6 node info query, try <help> as argument

For more details see ping(8).
`

function usage(context: CommandContext): number {
  context.err(USAGE)
  return 2
}
