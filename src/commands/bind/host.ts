/** host(1) of BIND 9.18: the command line. bind9 bin/dig/host.c. Not modelled: -C, -l (zone transfers), -6. */
import { type DnsClientOptions, dnsClientProgram } from '../../sim/process/dns-client.ts'
import { parseDnsClass, parseDnsType, reverseName, reverseName6 } from '../../sim/wire/dns.ts'
import { parseIpv4 } from '../../sim/wire/ipv4-address.ts'
import { parseIpv6 } from '../../sim/wire/ipv6-address.ts'
import type { Command, CommandContext } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { notModelled } from '../not-modelled.ts'
import { toolVersions } from '../tool-versions.ts'

const USAGE = `Usage: host [-aCdilrTvVw] [-c class] [-N ndots] [-t type] [-W time]
            [-R number] [-m flag] [-p port] hostname [server]
       -a is equivalent to -v -t ANY
       -A is like -a but omits RRSIG, NSEC, NSEC3
       -c specifies query class for non-IN data
       -C compares SOA records on authoritative nameservers
       -d is equivalent to -v
       -l lists all hosts in a domain, using AXFR
       -m set memory debugging flag (trace|record|usage)
       -N changes the number of dots allowed before root lookup is done
       -p specifies the port on the server to query
       -r disables recursive processing
       -R specifies number of retries for UDP packets
       -s a SERVFAIL response should stop query
       -t specifies the query type
       -T enables TCP/IP mode
       -U enables UDP mode
       -v enables verbose output
       -V print version number and exit
       -w specifies to wait forever for a reply
       -W specifies how long to wait for a reply
       -4 use IPv4 query transport only
       -6 use IPv6 query transport only
`
const ANY = 255
const FOREVER_US = 1e15

type Mutable = { -readonly [K in keyof DnsClientOptions]: DnsClientOptions[K] } & {
  types: number[]
  class: number
  tcpSaid: boolean
}

function defaults(context: CommandContext): Mutable {
  return {
    tool: 'host',
    version: toolVersions(context.world).bind,
    words: context.argv.slice(1).join(' '),
    asked: '',
    questions: [],
    isReverse: false,
    server: null,
    port: 53,
    timeoutUs: 5_000_000,
    tries: 2,
    short: false,
    sections: [],
    search: true,
    edns: null,
    tcp: false,
    tcpSaid: false,
    flags: { recursionDesired: true },
    types: [],
    class: 1,
  }
}

export const host: Command = (context) => {
  const usage = (complaint: string): number => {
    context.err(complaint + USAGE)
    return 1
  }
  const words = context.argv.map((word) => (word.startsWith('--') && word !== '--' ? '-:' : word))
  const parsed = parseOptions(words, { short: '46aACc:dilm:N:p:rR:st:TUvVwW:' })
  if (!parsed.ok) {
    const letter = parsed.error.option === ':' ? '-' : parsed.error.option
    const why = parsed.error.kind === 'missing' ? 'option requires an argument' : 'illegal option'
    return usage(`host: ${why} -- ${letter}\n`)
  }
  const options = defaults(context)
  for (const { name, value } of parsed.value.options) {
    const status = apply(context, options, name, value)
    if (status !== null) return status
  }
  const [name, server] = parsed.value.operands
  if (name === undefined) return usage('')
  options.server = server ?? null
  return context.become(dnsClientProgram(withQuestions(options, name)))
}

/** A status: it ends there. */
function apply(context: CommandContext, options: Mutable, name: string, value: string): number | null {
  if ('Cl6'.includes(name)) return notModelled(context, `host -${name}`)
  if (name === 'V') {
    context.err(`host ${options.version}\n`)
    return 0
  }
  if (name === 't') {
    const type = parseDnsType(value.replace(/^ixfr=.*/i, 'IXFR'))
    if (type === null) return invalid(context, 'type', value)
    options.types = [type]
    if (type === ANY && !options.tcpSaid) options.tcp = true
  }
  if (name === 'c') {
    const kind = parseDnsClass(value)
    if (kind === null) return invalid(context, 'class', value)
    options.class = kind
  }
  if (name === 'a' || name === 'A') options.types = [ANY]
  if ('aAdv'.includes(name)) options.verbose = true
  if (name === 'T' || name === 'U') {
    options.tcp = name === 'T'
    options.tcpSaid = true
  }
  if (name === 'r') options.flags = {}
  if (name === 'p') options.port = Number.parseInt(value, 10) || 0
  if (name === 'R') options.tries = Math.max(1, (Number.parseInt(value, 10) || 0) + 1)
  if (name === 'W') options.timeoutUs = Math.max(1, Number.parseInt(value, 10) || 0) * 1e6
  if (name === 'w') options.timeoutUs = FOREVER_US
  return null
}

function invalid(context: CommandContext, what: string, value: string): number {
  context.err(`host: invalid ${what}: ${value}\n\n`)
  return 2
}

function withQuestions(drafted: Mutable, asked: string): DnsClientOptions {
  const { types, class: kind, tcpSaid: _said, ...options } = drafted
  const address = parseIpv4(asked)
  const address6 = address === null ? parseIpv6(asked) : null
  const name =
    address !== null
      ? reverseName(address)
      : address6 !== null
        ? reverseName6(address6)
        : asked.replace(/\.$/, '')
  const isReverse = address !== null || address6 !== null
  const list = isReverse ? [12] : types.length > 0 ? types : kind === 1 ? [1, 28, 15] : [1]
  const questions = list.map((type) => ({ name, type, class: kind }))
  return { ...options, asked, isReverse, oneType: types.length > 0, questions }
}
