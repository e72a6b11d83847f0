/** iperf3(1) 3.12: the command line. */
import { iperf3ClientProgram } from '../../sim/process/iperf3-client.ts'
import { iperf3ServerProgram } from '../../sim/process/iperf3-server.ts'
import { FASTEST_BITS } from '../../sim/process/iperf3-test.ts'
import { parseIpv4 } from '../../sim/wire/ipv4-address.ts'
import type { Command, CommandContext } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { notModelled } from '../not-modelled.ts'
import { sentence } from '../util-linux/usage.ts'
import { IPERF3_USAGE } from './usage.ts'

const LETTERS: Readonly<Record<string, string>> = {
  ...{
    port: 'p',
    format: 'f',
    interval: 'i',
    pidfile: 'I',
    file: 'F',
    affinity: 'A',
    bind: 'B',
    verbose: 'V',
  },
  ...{
    json: 'J',
    debug: 'd',
    version: 'v',
    help: 'h',
    server: 's',
    daemon: 'D',
    'one-off': '1',
    client: 'c',
  },
  ...{
    xbind: 'X',
    udp: 'u',
    bitrate: 'b',
    bandwidth: 'b',
    time: 't',
    bytes: 'n',
    blockcount: 'k',
    length: 'l',
  },
  ...{ parallel: 'P', reverse: 'R', window: 'w', congestion: 'C', 'set-mss': 'M', 'no-delay': 'N' },
  ...{ version4: '4', version6: '6', tos: 'S', flowlabel: 'L', zerocopy: 'Z', omit: 'O', title: 'T' },
}
const FLAGS = 'VJdvhsD1uRN46Z'
const LONG_FLAGS = ['forceflush', 'sctp', 'bidir', 'get-server-output', 'udp-counters-64bit', 'dont-fragment']
const LONG_VALUES = [
  ...['bind-dev', 'logfile', 'rcv-timeout', 'snd-timeout', 'server-bitrate-limit', 'idle-timeout'],
  ...['rsa-private-key-path', 'authorized-users-path', 'time-skew-threshold', 'nstreams', 'connect-timeout'],
  ...['pacing-timer', 'fq-rate', 'cport', 'dscp', 'extra-data', 'username', 'rsa-public-key-path'],
]
const MODELLED = 'pfiBs1cubtnklPR4NZwVvh'

interface Wish {
  [letter: string]: string
}

export const iperf3: Command = (context) => {
  const parsed = parseOptions(context.argv, {
    short: 'p:f:i:D1VJvsc:ub:t:n:k:l:P:Rw:B:M:N46S:L:ZO:F:A:T:C:dI:hX:',
    long: {
      timestamps: 'optional',
      'repeating-payload': 'flag',
      ...Object.fromEntries(LONG_FLAGS.map((name) => [name, 'flag'] as const)),
      ...Object.fromEntries(LONG_VALUES.map((name) => [name, 'value'] as const)),
      ...Object.fromEntries(
        Object.entries(LETTERS).map(
          ([name, letter]) => [name, FLAGS.includes(letter) ? 'flag' : 'value'] as const,
        ),
      ),
      debug: 'optional',
    },
  })
  if (!parsed.ok) {
    context.err(`iperf3: ${sentence(parsed.error)}\n${IPERF3_USAGE}`)
    return 1
  }
  const wish: Wish = {}
  for (const { name, value } of parsed.value.options) {
    const letter = LETTERS[name] ?? name
    if (letter === 'h' || letter === 'v') {
      context.out(letter === 'h' ? IPERF3_USAGE : 'iperf 3.12 (cJSON 1.7.15)\n')
      return 0
    }
    if (!MODELLED.includes(letter))
      return notModelled(context, `iperf3 ${name.length === 1 ? '-' : '--'}${name}`)
    wish[letter] = value
  }
  return run(context, wish)
}

function wrong(context: CommandContext, why: string, usage = true): number {
  if (usage) context.out(IPERF3_USAGE)
  context.err(`iperf3: parameter error - ${why}\n`)
  return 1
}

function run(context: CommandContext, wish: Wish): number | Promise<number> {
  if (wish.s !== undefined && wish.c !== undefined) return wrong(context, 'cannot be both server and client')
  if (wish.s === undefined && wish.c === undefined)
    return wrong(context, 'must either be a client (-c) or server (-s)')
  const port = Number(wish.p ?? 5201)
  if (!(port >= 1 && port <= 65535)) return wrong(context, 'unable to set port', true)
  const format = wish.f ?? 'a'
  if (!'kmgtKMGTaA'.includes(format) || format.length !== 1)
    return wrong(context, 'bad format specifier (valid formats are in the set [kmgtKMGT])')
  const intervalUs = Math.round(Number(wish.i ?? 1) * 1e6)
  if (!(intervalUs >= 100_000 && intervalUs <= 60e6) && intervalUs !== 0)
    return wrong(context, 'invalid report interval (min = 0.1, max = 60 seconds)')
  if (wish.s !== undefined) {
    const address = wish.B === undefined ? null : parseIpv4(wish.B)
    const oneOff = wish['1'] !== undefined
    return context.become(iperf3ServerProgram({ port, address, oneOff, intervalUs, format }))
  }
  return client(context, wish, port, intervalUs, format)
}

const DEFAULT_UDP_BITS = 1024 * 1024
const DEFAULT_TCP_LENGTH = 131_072

function client(
  context: CommandContext,
  wish: Wish,
  port: number,
  intervalUs: number,
  format: string,
): number | Promise<number> {
  const udp = wish.u !== undefined
  const time = Number(wish.t ?? 10)
  if (!(time >= 0 && time <= 86400))
    return wrong(context, 'test duration valid values are 0 to 86400 seconds')
  const parallel = Number(wish.P ?? 1)
  if (!(parallel >= 1 && parallel <= 128))
    return wrong(context, 'number of parallel streams too large (maximum = 128)')
  const asked = wish.b === undefined ? (udp ? DEFAULT_UDP_BITS : 0) : scaled(wish.b, 1000)
  const bits = asked === 0 ? FASTEST_BITS / parallel : Math.min(asked, FASTEST_BITS)
  const length = wish.l === undefined ? (udp ? 0 : DEFAULT_TCP_LENGTH) : scaled(wish.l, 1024)
  if (udp && length !== 0 && (length < 16 || length > 65507))
    return wrong(context, 'block size invalid (minimum = 16 bytes, maximum = 65507 bytes)')
  const bytes = wish.k === undefined ? scaled(wish.n ?? '0', 1024) : scaled(wish.k, 1000) * length
  const parameters = { udp, time, bytes, parallel, length, bits, reverse: wish.R !== undefined }
  const source = wish.B === undefined ? null : parseIpv4(wish.B)
  return context.become(
    iperf3ClientProgram({ host: wish.c ?? '', port, source, parameters, intervalUs, format }),
  )
}

/** `10M`: unit_atof_rate counts in thousands, unit_atof in 1024s. */
function scaled(text: string, base: number): number {
  const [, number = '0', letter = ''] = /^([\d.]+)([kmgtKMGT]?)/.exec(text) ?? []
  return Math.floor(Number(number) * base ** ('kmgt'.indexOf(letter.toLowerCase()) + 1 || 0))
}
