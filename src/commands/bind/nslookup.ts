/** nslookup(1) of BIND 9.18 and nslookup of busybox: the command lines. bind9 bin/dig/nslookup.c. Not modelled: interactive mode, -d2. */
import { type DnsClientOptions, dnsClientProgram } from '../../sim/process/dns-client.ts'
import { readResolverConfig } from '../../sim/process/host-lookup.ts'
import { DNS_TYPES, parseDnsClass, parseDnsType, reverseName } from '../../sim/wire/dns.ts'
import { formatIpv4, parseIpv4 } from '../../sim/wire/ipv4-address.ts'
import { busyboxUsage } from '../busybox/usage.ts'
import type { Command, CommandContext } from '../context.ts'
import { notModelled } from '../not-modelled.ts'
import { toolVersions } from '../tool-versions.ts'

type Mutable = { -readonly [K in keyof DnsClientOptions]: DnsClientOptions[K] } & {
  type: number | null
  class: number
}

const USAGE = `Usage:
   nslookup [-opt ...]             # interactive mode using default server
   nslookup [-opt ...] - server    # interactive mode using 'server'
   nslookup [-opt ...] host        # just look up 'host' using default server
   nslookup [-opt ...] host server # just look up 'host' using 'server'
`
const ANY = 255

function defaults(context: CommandContext, tool: 'nslookup' | 'busybox'): Mutable {
  return {
    tool,
    version: toolVersions(context.world).bind,
    words: context.argv.slice(1).join(' '),
    asked: '',
    questions: [],
    isReverse: false,
    server: null,
    port: 53,
    timeoutUs: tool === 'busybox' ? 2_500_000 : 5_000_000,
    tries: tool === 'busybox' ? 2 : 3,
    short: false,
    sections: [],
    search: true,
    edns: null,
    tcp: false,
    flags: { recursionDesired: true },
    type: null,
    class: 1,
  }
}

function withQuestions(drafted: Mutable, asked: string): DnsClientOptions {
  const { type, class: kind, ...options } = drafted
  const address = parseIpv4(asked)
  const name = address === null ? asked : reverseName(address)
  const types = address !== null ? [12] : type === null ? [1, 28] : [type]
  const questions = types.map((one) => ({ name, type: one, class: kind }))
  const tcp = options.tcp || (types[0] === ANY && options.tool === 'nslookup')
  return { ...options, asked, isReverse: address !== null, oneType: type !== null, questions, tcp }
}

export const nslookup: Command = (context) => {
  const options = defaults(context, 'nslookup')
  const operands: string[] = []
  for (const word of context.argv.slice(1)) {
    if (word.startsWith('-') && word !== '-' && operands.length === 0) {
      const status = setOption(context, options, word.slice(1))
      if (status !== null) return status
    } else operands.push(word)
  }
  const [name, server, extra] = operands
  if (extra !== undefined) {
    context.err(USAGE)
    return 1
  }
  if (name === undefined || name === '-') return notModelled(context, 'nslookup (interactive)')
  options.server = server ?? null
  return context.become(dnsClientProgram(withQuestions(options, name)))
}

/** Each name can be cut short to what stands first. */
const SETTINGS: readonly (readonly [least: string, full: string])[] = [
  ['all', 'all'],
  ['cl', 'class'],
  ['ty', 'type'],
  ['q', 'querytype'],
  ['do', 'domain'],
  ['srchl', 'srchlist'],
  ['srch', 'srchlist'],
  ['po', 'port'],
  ['ti', 'timeout'],
  ['rec', 'recurse'],
  ['norec', 'norecurse'],
  ['ret', 'retry'],
  ['def', 'defname'],
  ['nodef', 'nodefname'],
  ['vc', 'vc'],
  ['novc', 'novc'],
  ['deb', 'debug'],
  ['nodeb', 'nodebug'],
  ['d2', 'd2'],
  ['nod2', 'nod2'],
  ['sea', 'search'],
  ['nosea', 'nosearch'],
  ['sil', 'silent'],
  ['fail', 'fail'],
  ['nofail', 'nofail'],
  ['ndots', 'ndots'],
  ['version', 'version'],
  ['v', 'version'],
]

/** A status: it ends there. */
function setOption(context: CommandContext, options: Mutable, text: string): number | null {
  const equals = text.indexOf('=')
  const given = (equals < 0 ? text : text.slice(0, equals)).toLowerCase()
  const value = equals < 0 ? '' : text.slice(equals + 1)
  const fits = ([least, full]: readonly [string, string]): boolean =>
    (given.startsWith(least) && full.startsWith(given)) || (full === 'querytype' && given === 'query')
  const name = SETTINGS.find(fits)?.[1]
  if (name === undefined || ((name === 'type' || name === 'querytype') && equals < 0)) {
    context.out(`*** Invalid option: ${text}\n`)
    return null
  }
  if (name === 'd2') return notModelled(context, 'nslookup -d2')
  if (name === 'version') {
    context.out(`nslookup ${options.version}\n`)
    return 0
  }
  if (name === 'all') context.out(allSettings(context, options))
  else apply(context, options, name, value)
  return null
}

function apply(context: CommandContext, options: Mutable, name: string, value: string): void {
  const off = name.startsWith('no')
  const number = Number.parseInt(value, 10)
  if (name === 'type' || name === 'querytype') {
    const type = parseDnsType(value)
    if (type === null) context.out(`unknown query type: ${value}\n`)
    else options.type = type
  }
  if (name === 'class') {
    const kind = parseDnsClass(value)
    if (kind === null) context.out(`unknown query class: ${value}\n`)
    else options.class = kind
  }
  if (name === 'port' && number >= 0) options.port = number
  if (name === 'timeout' && number > 0) options.timeoutUs = number * 1e6
  if (name === 'retry' && number > 0) options.tries = number
  if (name.endsWith('recurse')) options.flags = off ? {} : { recursionDesired: true }
  if (name === 'vc' || name === 'novc') options.tcp = !off
  if (name.endsWith('debug')) options.verbose = !off
  if (name.endsWith('search')) options.search = !off
}

function allSettings(context: CommandContext, options: Mutable): string {
  const config = readResolverConfig({ sim: context.world, kernel: context.kernel, process: context.process })
  const servers = config.servers.map((one) => {
    const address = formatIpv4(one)
    return `Default server: ${address}\nAddress: ${address}#${options.port}\n`
  })
  const type = [...DNS_TYPES].find(([, one]) => one === (options.type ?? 1))?.[0] ?? 'A'
  return `${servers.join('')}
Set options:
  ${options.tcp ? 'vc' : 'novc'}\t\t\t${options.verbose ? 'debug' : 'nodebug'}\t\tnod2
  ${options.search ? 'search' : 'nosearch'}\t\t${options.flags.recursionDesired ? 'recurse' : 'norecurse'}
  timeout = ${options.timeoutUs === 5_000_000 ? 0 : options.timeoutUs / 1e6}\t\tretry = ${options.tries}\tport = ${options.port}\tndots = ${config.ndots}
  querytype = ${type.padEnd(8)}\tclass = ${options.class === 1 ? 'IN' : 'CH'}
  srchlist = ${config.search.join('/')}
`
}

const BUSYBOX_USAGE = `Usage: nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]

Query DNS about HOST

QUERY_TYPE: soa,ns,a,aaaa,cname,mx,txt,ptr,srv,any
`
const BUSYBOX_TYPES = new Set(['SOA', 'NS', 'A', 'AAAA', 'CNAME', 'MX', 'TXT', 'PTR', 'SRV', 'ANY'])

export const busyboxNslookup: Command = (context) => {
  if (context.argv.includes('--help')) return busyboxUsage(context, 'nslookup', BUSYBOX_USAGE, null)
  const options = defaults(context, 'busybox')
  const operands: string[] = []
  for (const word of context.argv.slice(1)) {
    const type = /^-(?:type|querytype|query|q|t|ty)=(.*)$/.exec(word)?.[1]
    if (type !== undefined) {
      if (!BUSYBOX_TYPES.has(type.toUpperCase())) {
        context.err(`nslookup: invalid query type "${type}"\n`)
        return 1
      }
      options.type = parseDnsType(type)
    } else if (word === '-debug') return notModelled(context, 'nslookup -debug')
    else if (word.startsWith('-')) {
      context.err(`nslookup: invalid query type "${word}"\n`)
      return 1
    } else operands.push(word)
  }
  const [name, server] = operands
  if (name === undefined) return busyboxUsage(context, 'nslookup', BUSYBOX_USAGE, 'operands')
  options.server = server ?? null
  return context.become(dnsClientProgram(withQuestions(options, name)))
}
