/** host(1), nslookup(1) of BIND and of busybox, getent(1): the command lines. */
import { type DnsClientOptions, dnsClientProgram } from '../../sim/process/dns-client.ts'
import { getentProgram } from '../../sim/process/getent.ts'
import { DNS_TYPES, reverseName } from '../../sim/wire/dns.ts'
import { parseIpv4 } from '../../sim/wire/ipv4-address.ts'
import { busyboxUsage } from '../busybox/usage.ts'
import type { Command, CommandContext } from '../context.ts'
import { notModelled } from '../not-modelled.ts'
import { toolVersions } from '../tool-versions.ts'

type Tool = 'host' | 'nslookup' | 'busybox'

const DEFAULT_TYPES: Readonly<Record<Tool, readonly number[]>> = {
  host: [1, 28, 15],
  nslookup: [1, 28],
  busybox: [1, 28],
}
const TIMES: Readonly<Record<Tool, { readonly timeoutUs: number; readonly tries: number }>> = {
  host: { timeoutUs: 5_000_000, tries: 2 },
  nslookup: { timeoutUs: 5_000_000, tries: 3 },
  busybox: { timeoutUs: 2_500_000, tries: 2 },
}

function optionsOf(
  context: CommandContext,
  tool: Tool,
  name: string,
  server: string | null,
  types: readonly number[],
): DnsClientOptions {
  const address = parseIpv4(name)
  const questions =
    address === null
      ? (types.length > 0 ? types : DEFAULT_TYPES[tool]).map((type) => ({ name, type }))
      : [{ name: reverseName(address), type: 12 }]
  return {
    tool,
    version: toolVersions(context.world).bind,
    words: context.argv.slice(1).join(' '),
    asked: name,
    questions,
    isReverse: address !== null,
    server,
    port: 53,
    ...TIMES[tool],
    short: false,
    sections: [],
    search: true,
    edns: false,
    tcp: false,
    recursion: true,
  }
}

interface Words {
  readonly operands: string[]
  readonly types: number[]
  readonly unknown: string | null
}

/** `-type=a`, `-query=a`, `-q=a`, `-t a`. */
function readWords(argv: readonly string[]): Words {
  const operands: string[] = []
  const types: number[] = []
  let unknown: string | null = null
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i]!
    const attached = /^-(?:type|query|querytype|q|t)=(\w+)$/.exec(word)
    const name = attached?.[1] ?? (word === '-t' ? argv[++i] : undefined)
    if (name !== undefined) {
      const type = DNS_TYPES.get(name.toUpperCase())
      if (type === undefined) unknown = name
      else types.push(type)
    } else if (word.startsWith('-') && word !== '-4') unknown = word
    else if (word !== '-4') operands.push(word)
  }
  return { operands, types, unknown }
}

const HOST_USAGE = `Usage: host [-aCdilrTvVw] [-c class] [-N ndots] [-t type] [-W time]
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

export const host: Command = (context) => {
  const { operands, types, unknown } = readWords(context.argv)
  if (unknown !== null) return notModelled(context, `host ${unknown}`)
  const [name, server] = operands
  if (name === undefined) {
    context.err(HOST_USAGE)
    return 1
  }
  return context.become(dnsClientProgram(optionsOf(context, 'host', name, server ?? null, types)))
}

export const nslookup: Command = (context) => {
  const { operands, types, unknown } = readWords(context.argv)
  const [name, server] = operands
  if (unknown !== null || name === undefined) return notModelled(context, context.argv.join(' '))
  return context.become(dnsClientProgram(optionsOf(context, 'nslookup', name, server ?? null, types)))
}

const NSLOOKUP_USAGE = `Usage: nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]

Query DNS about HOST

QUERY_TYPE: soa,ns,a,aaaa,cname,mx,txt,ptr,srv,any
`

export const busyboxNslookup: Command = (context) => {
  if (context.argv.includes('--help')) return busyboxUsage(context, 'nslookup', NSLOOKUP_USAGE, null)
  const { operands, types, unknown } = readWords(context.argv)
  const [name, server] = operands
  if (unknown !== null) {
    context.err(`nslookup: invalid query type "${unknown}"\n`)
    return 1
  }
  if (name === undefined) return busyboxUsage(context, 'nslookup', NSLOOKUP_USAGE, 'operands')
  return context.become(dnsClientProgram(optionsOf(context, 'busybox', name, server ?? null, types)))
}

export const getent: Command = (context) => {
  const [, database, ...keys] = context.argv
  if (database === undefined) {
    context.err(
      "getent: wrong number of arguments\nTry `getent --help' or `getent --usage' for more information.\n",
    )
    return 1
  }
  if (database === 'hosts' || database === 'ahosts') return context.become(getentProgram(database, keys))
  if (database === 'ahostsv4') return context.become(getentProgram('ahosts', keys))
  return notModelled(context, `getent ${database}`)
}
