/** mtr(8) 0.95: the command line. Reports alone: the full screen display is not modelled. */
import { MTR_FIELDS } from '../../render/mtr/mtr.ts'
import { type MtrOptions, mtrProgram } from '../../sim/process/mtr.ts'
import { parseIpv4 } from '../../sim/wire/ipv4-address.ts'
import type { Command, CommandContext } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { numberOption } from '../iputils/values.ts'
import { notModelled } from '../not-modelled.ts'

export const MTR_USAGE = `
Usage:
 mtr [options] hostname

 -F, --filename FILE        read hostname(s) from a file
 -4                         use IPv4 only
 -6                         use IPv6 only
 -u, --udp                  use UDP instead of ICMP echo
 -T, --tcp                  use TCP instead of ICMP echo
 -I, --interface NAME       use named network interface
 -a, --address ADDRESS      bind the outgoing socket to ADDRESS
 -f, --first-ttl NUMBER     set what TTL to start
 -m, --max-ttl NUMBER       maximum number of hops
 -U, --max-unknown NUMBER   maximum unknown host
 -P, --port PORT            target port number for TCP, SCTP, or UDP
 -L, --localport LOCALPORT  source port number for UDP
 -s, --psize PACKETSIZE     set the packet size used for probing
 -B, --bitpattern NUMBER    set bit pattern to use in payload
 -i, --interval SECONDS     ICMP echo request interval
 -G, --gracetime SECONDS    number of seconds to wait for responses
 -Q, --tos NUMBER           type of service field in IP header
 -e, --mpls                 display information from ICMP extensions
 -Z, --timeout SECONDS      seconds to keep probe sockets open
 -M, --mark MARK            mark each sent packet
 -r, --report               output using report mode
 -w, --report-wide          output wide report
 -c, --report-cycles COUNT  set the number of pings sent
 -j, --json                 output json
 -x, --xml                  output xml
 -C, --csv                  output comma separated values
 -l, --raw                  output raw format
 -p, --split                split output
 -t, --curses               use curses terminal interface
     --displaymode MODE     select initial display mode
 -n, --no-dns               do not resolve host names
 -b, --show-ips             show IP numbers and host names
 -o, --order FIELDS         select output fields
 -y, --ipinfo NUMBER        select IP information in output
 -z, --aslookup             display AS number
 -h, --help                 display this help and exit
 -v, --version              output version information and exit

See the 'man 8 mtr' for details.
`

const LETTERS: Readonly<Record<string, string>> = Object.fromEntries(
  [...MTR_USAGE.matchAll(/^ -(\w), --([a-z-]+)/gm)].map(([, letter, name]) => [name, letter]),
) as Record<string, string>
const WITH_VALUE = 'FIafmUPLsBiGQZMcoy'
const UNMODELLED = new Set([
  'F',
  'T',
  '6',
  'I',
  'P',
  'L',
  'B',
  'e',
  'M',
  'p',
  't',
  'y',
  'z',
  'displaymode',
  'sctp',
])

type Mutable = { -readonly [K in keyof MtrOptions]: MtrOptions[K] }

export const mtr: Command = (context) => {
  const long: Record<string, 'flag' | 'value'> = { displaymode: 'value', sctp: 'flag' }
  for (const [name, letter] of Object.entries(LETTERS))
    long[name] = WITH_VALUE.includes(letter) ? 'value' : 'flag'
  const parsed = parseOptions(context.argv, {
    short: `hv46F:rwxtglCjpnbo:y:zuTSI:a:f:m:U:P:L:s:B:i:G:Q:eZ:M:c:`,
    long,
  })
  if (!parsed.ok) {
    const { kind, option, isLong } = parsed.error
    const missing = isLong
      ? `option '--${option}' requires an argument`
      : `option requires an argument -- '${option}'`
    const unknown = isLong ? `unrecognized option '--${option}'` : `invalid option -- '${option}'`
    context.err(`mtr: ${kind === 'missing' ? missing : unknown}\n${MTR_USAGE}`)
    return 1
  }
  const options = defaults()
  let isReport = false
  for (const { name, value } of parsed.value.options) {
    const letter = name.length === 1 ? name : (LETTERS[name] ?? name)
    if (letter === 'h' || letter === 'v') {
      context.out(letter === 'h' ? MTR_USAGE : 'mtr 0.95\n')
      return 0
    }
    if (UNMODELLED.has(letter)) return notModelled(context, `mtr ${name.length === 1 ? '-' : '--'}${name}`)
    if ('rwjxCl'.includes(letter)) isReport = true
    const status = apply(context, options, letter, value)
    if (status !== null) return status
  }
  if (!isReport) return notModelled(context, 'mtr without --report')
  options.target = parsed.value.operands[0] ?? '127.0.0.1'
  return context.become(mtrProgram(options))
}

function defaults(): Mutable {
  return {
    target: '',
    format: 'report',
    wide: false,
    numeric: false,
    showIps: false,
    cycles: 10,
    intervalUs: 1_000_000,
    graceUs: 5_000_000,
    firstTtl: 1,
    maxTtl: 30,
    maxUnknown: 12,
    size: 64,
    udp: false,
    fields: 'LS NABWV',
    tos: 0,
    source: null,
  }
}

const FORMATS: Readonly<Record<string, MtrOptions['format']>> = { j: 'json', x: 'xml', C: 'csv', l: 'raw' }

/** Null: go on; else the exit status. */
function apply(context: CommandContext, options: Mutable, letter: string, value: string): number | null {
  const format = FORMATS[letter]
  if (format !== undefined) options.format = format
  else if (letter === 'w') options.wide = true
  else if (letter === 'n') options.numeric = true
  else if (letter === 'b') options.showIps = true
  else if (letter === 'u') options.udp = true
  else if (letter === 'a') {
    options.source = parseIpv4(value)
    if (options.source === null) {
      context.err(`mtr: Bad interface address: ${value}\n`)
      return 1
    }
  } else if (letter === 'o') {
    const wrong = [...value].find((one) => !MTR_FIELDS.includes(one))
    if (wrong !== undefined) {
      context.err(`Unknown field identifier: ${wrong}\n`)
      return 1
    }
    options.fields = value
  } else if ('iGZ'.includes(letter)) return seconds(context, options, letter, value)
  else if ('fmUsQc'.includes(letter)) return number(context, options, letter, value)
  return null
}

function seconds(context: CommandContext, options: Mutable, letter: string, value: string): number | null {
  const given = /^\d*\.?\d+$/.test(value) ? Number(value) : Number.NaN
  if (Number.isNaN(given)) {
    context.err(`mtr: invalid argument: '${value}'\n`)
    return 1
  }
  if (given <= 0) {
    context.err(`mtr: ${letter === 'i' ? 'wait time' : 'grace time'} must be positive\n`)
    return 1
  }
  if (letter === 'i') options.intervalUs = Math.round(given * 1e6)
  if (letter === 'G') options.graceUs = Math.round(given * 1e6)
  return null
}

function number(context: CommandContext, options: Mutable, letter: string, value: string): number | null {
  const given = numberOption(context, 'mtr', value, 0, 2147483647)
  if (given === null) return 1
  if (letter === 'c') options.cycles = Math.max(1, given)
  if (letter === 'f') options.firstTtl = Math.max(1, given)
  if (letter === 'm') options.maxTtl = Math.min(Math.max(1, given), 30)
  if (letter === 'U') options.maxUnknown = Math.max(1, given)
  if (letter === 's') options.size = Math.max(28, given)
  if (letter === 'Q') options.tos = given & 255
  return null
}
