/** tcpdump(1): the command line. */
import { hasCarrier } from '../../sim/kernel/link/state.ts'
import type { Link } from '../../sim/kernel/link/types.ts'
import { type TcpdumpOptions, tcpdumpProgram } from '../../sim/process/tcpdump.ts'
import type { Command, CommandContext } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { notModelled } from '../not-modelled.ts'
import { toolVersions } from '../tool-versions.ts'

const SHORT = 'AbB:c:C:dDeE:fF:G:hHi:IjJ:KlLm:M:nNOpqQ:r:s:StT:uUvV:w:W:xXy:Yz:Z:#'
const LONG = {
  help: 'flag',
  version: 'flag',
  interface: 'value',
  number: 'flag',
  'immediate-mode': 'flag',
  print: 'flag',
  count: 'flag',
  direction: 'value',
  'list-interfaces': 'flag',
  'dont-verify-checksums': 'flag',
  'no-promiscuous-mode': 'flag',
  'packet-buffered': 'flag',
  'snapshot-length': 'value',
  'buffer-size': 'value',
  'absolute-tcp-sequence-numbers': 'flag',
  'monitor-mode': 'flag',
  'time-stamp-type': 'value',
  'list-time-stamp-types': 'flag',
  'list-data-link-types': 'flag',
  linktype: 'value',
  'relinquish-privileges': 'value',
  'time-stamp-precision': 'value',
  micro: 'flag',
  nano: 'flag',
} as const
const UNMODELLED = new Set([
  'nano',
  'monitor-mode',
  'list-data-link-types',
  'list-time-stamp-types',
  'C',
  'd',
  'E',
  'F',
  'G',
  'T',
  'V',
  'W',
  'z',
  'L',
  'count',
  'print',
])

type Mutable = { -readonly [K in keyof TcpdumpOptions]: TcpdumpOptions[K] }

function defaults(version: string): Mutable {
  return {
    version,
    device: null,
    filter: '',
    count: null,
    numeric: false,
    linkLevel: false,
    verbosity: 0,
    quick: false,
    times: 0,
    hex: 'none',
    absolute: false,
    promiscuous: true,
    snapshotLength: 262144,
    direction: 'inout',
    readFrom: null,
    writeTo: null,
    number: false,
  }
}

export const tcpdump: Command = (context) => {
  const { tcpdump: version } = toolVersions(context.world)
  const parsed = parseOptions(context.argv, { short: SHORT, long: LONG })
  if (!parsed.ok) {
    const { option, isLong, kind } = parsed.error
    if (kind === 'missing') context.err(`tcpdump: option requires an argument -- '${option}'\n`)
    else
      context.err(
        `tcpdump: ${isLong ? `unrecognized option '--${option}'` : `invalid option -- '${option}'`}\n`,
      )
    return usage(context, true)
  }
  const options = defaults(version)
  options.filter = parsed.value.operands.join(' ')
  for (const { name, value } of parsed.value.options) {
    if (name === 'h' || name === 'help') return usage(context, false)
    if (name === 'version') return versions(context, false)
    if (name === 'time-stamp-precision' && value !== 'micro')
      return notModelled(context, `tcpdump --time-stamp-precision=${value}`)
    if (name === 'D' || name === 'list-interfaces') return listDevices(context)
    if (UNMODELLED.has(name))
      return notModelled(context, name.length === 1 ? `tcpdump -${name}` : `tcpdump --${name}`)
    if (name === 'c' && !(Number(value) > 0)) {
      context.err(`tcpdump: invalid packet count ${value}\n`)
      return 1
    }
    if (name === 's' && !(/^\d+$/.test(value) && Number(value) <= 262144)) {
      context.err(`tcpdump: invalid snaplen ${value} (must be >= 0 and <= 262144)\n`)
      return 1
    }
    apply(options, name, value)
  }
  return context.become(tcpdumpProgram(options))
}

function apply(options: Mutable, name: string, value: string): void {
  if (name === 'i' || name === 'interface') options.device = value
  if (name === 'c') options.count = Number(value)
  if (name === 'r') options.readFrom = value
  if (name === 'w') options.writeTo = value
  if (name === 's' || name === 'snapshot-length') options.snapshotLength = Number(value) || 262144
  if ((name === 'Q' || name === 'direction') && (value === 'in' || value === 'out')) options.direction = value
  if (name === 'n') options.numeric = true
  if (name === 'e') options.linkLevel = true
  if (name === 'v') options.verbosity++
  if (name === 'q') options.quick = true
  if (name === 't') options.times++
  if (name === 'S' || name === 'absolute-tcp-sequence-numbers') options.absolute = true
  if (name === 'p' || name === 'no-promiscuous-mode') options.promiscuous = false
  if (name === '#' || name === 'number') options.number = true
  if (name === 'A') options.hex = 'ascii'
  if (name === 'x') options.hex = options.hex === 'hex' ? 'hex-link' : 'hex'
  if (name === 'X') options.hex = options.hex === 'both' ? 'both-link' : 'both'
}

function versions(context: CommandContext, toError: boolean): number {
  const { tcpdump: version, libpcap } = toolVersions(context.world)
  const text = `tcpdump version ${version}\nlibpcap version ${libpcap}\nOpenSSL 3.0.22 25 Aug 2026\n`
  if (toError) context.err(text)
  else context.out(text)
  return 0
}

const USAGE = `Usage: tcpdump [-AbdDefhHIJKlLnNOpqStuUvxX#] [ -B size ] [ -c count ] [--count]
		[ -C file_size ] [ -E algo:secret ] [ -F file ] [ -G seconds ]
		[ -i interface ] [ --immediate-mode ] [ -j tstamptype ]
		[ -M secret ] [ --number ] [ --print ] [ -Q in|out|inout ]
		[ -r file ] [ -s snaplen ] [ -T type ] [ --version ]
		[ -V file ] [ -w file ] [ -W filecount ] [ -y datalinktype ]
		[ --time-stamp-precision precision ] [ --micro ] [ --nano ]
		[ -z postrotate-command ] [ -Z user ] [ expression ]
`

function usage(context: CommandContext, wrong: boolean): number {
  versions(context, wrong)
  if (wrong) context.err(USAGE)
  else context.out(USAGE)
  return wrong ? 1 : 0
}

function listDevices(context: CommandContext): number {
  const links = [...context.netns.links.values()].sort((x, y) => meritOf(x) - meritOf(y))
  const loopbacks = links.filter((link): boolean => link.kind === 'loopback')
  let number = 1
  const say = (text: string): void => context.out(`${number++}.${text}\n`)
  const describe = (link: Link): void => {
    const isLoopback = link.kind === 'loopback'
    const connected = hasCarrier(context.world, link) ? 'Connected' : 'Disconnected'
    const flags = link.up ? ['Up', 'Running'] : []
    say(`${link.name} [${[...flags, isLoopback ? 'Loopback' : connected].join(', ')}]`)
  }
  const others = links.filter((link) => !loopbacks.includes(link))
  for (const link of others.filter((one) => one.up)) describe(link)
  say('any (Pseudo-device that captures on all interfaces) [Up, Running]')
  for (const link of loopbacks) describe(link)
  for (const link of others.filter((one) => !one.up)) describe(link)
  say('bluetooth-monitor (Bluetooth Linux Monitor) [Wireless]')
  say('nflog (Linux netfilter log (NFLOG) interface) [none]')
  say('nfqueue (Linux netfilter queue (NFQUEUE) interface) [none]')
  say('dbus-system (D-Bus system bus) [none]')
  say('dbus-session (D-Bus session bus) [none]')
  return 0
}

const meritOf = (link: Link): number => link.ifindex + (link.up ? 0 : 1e6)
