/** dig(1): the command line. */
import { type DnsClientOptions, dnsClientProgram } from '../../sim/process/dns-client.ts'
import { DNS_TYPES, reverseName } from '../../sim/wire/dns.ts'
import { parseIpv4 } from '../../sim/wire/ipv4-address.ts'
import type { Command } from '../context.ts'
import { notModelled } from '../not-modelled.ts'
import { toolVersions } from '../tool-versions.ts'

type Mutable = { -readonly [K in keyof DnsClientOptions]: DnsClientOptions[K] }

const ALL = ['cmd', 'comments', 'question', 'answer', 'authority', 'additional', 'stats']
const HARMLESS = new Set([
  'cmd',
  'edns',
  'cookie',
  'adflag',
  'ignore',
  'fail',
  'class',
  'ttlid',
  'rrcomments',
  'multiline',
])

export const dig: Command = (context) => {
  const options: Mutable = {
    tool: 'dig',
    version: toolVersions(context.world).bind,
    words: context.argv.slice(1).join(' '),
    asked: '.',
    questions: [],
    isReverse: false,
    server: null,
    port: 53,
    timeoutUs: 5_000_000,
    tries: 3,
    short: false,
    sections: [...ALL],
    search: false,
    edns: true,
    tcp: false,
    recursion: true,
  }
  let type: number | null = null
  const names: string[] = []
  for (let i = 1; i < context.argv.length; i++) {
    const word = context.argv[i]!
    if (word.startsWith('@')) options.server = word.slice(1)
    else if (word.startsWith('+')) {
      if (!plus(options, word.slice(1))) return notModelled(context, `dig ${word}`)
    } else if (word === '-x') {
      const address = parseIpv4(context.argv[++i] ?? '')
      if (address === null) {
        context.err(`dig: '${context.argv[i] ?? ''}' is not a valid IP address\n`)
        return 1
      }
      names.push(reverseName(address))
      options.isReverse = true
      type ??= 12
    } else if (word === '-p') options.port = Number(context.argv[++i])
    else if (word === '-t' || word === '-q' || word === '-c') {
      const value = context.argv[++i] ?? ''
      if (word === '-t') type = DNS_TYPES.get(value.toUpperCase()) ?? type
      if (word === '-q') names.push(value)
    } else if (word === '-4') continue
    else if (word === '-v') {
      context.err(`DiG ${options.version}\n`)
      return 0
    } else if (word.startsWith('-')) return notModelled(context, `dig ${word}`)
    else if (DNS_TYPES.has(word.toUpperCase())) type = DNS_TYPES.get(word.toUpperCase()) ?? null
    else if (word.toUpperCase() !== 'IN') names.push(word)
  }
  const [first] = names
  options.asked = first ?? '.'
  options.questions =
    names.length === 0 ? [{ name: '', type: type ?? 2 }] : names.map((name) => ({ name, type: type ?? 1 }))
  return context.become(dnsClientProgram(options))
}

/** `+[no]keyword[=value]`; false: not known here. */
function plus(options: Mutable, text: string): boolean {
  const [keyword = '', value = ''] = text.split('=')
  const off = keyword.startsWith('no')
  const name = off ? keyword.slice(2) : keyword
  if (name === 'all') options.sections = off ? [] : [...ALL]
  else if (ALL.includes(name)) {
    const others = options.sections.filter((section) => section !== name)
    options.sections = off ? others : [...others, name]
  } else if (name === 'short') options.short = !off
  else if (name === 'time' || name === 'timeout') options.timeoutUs = Math.max(1, Number(value)) * 1e6
  else if (name === 'tries') options.tries = Math.max(1, Number(value))
  else if (name === 'retry') options.tries = Number(value) + 1
  else if (name === 'search') options.search = !off
  else if (name === 'recurse' || name === 'rec') options.recursion = !off
  else if (name === 'edns') options.edns = !off
  else if (name === 'tcp' || name === 'vc') options.tcp = !off
  else return HARMLESS.has(name)
  return true
}
