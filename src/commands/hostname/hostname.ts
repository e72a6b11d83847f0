/** hostname(1) of Debian (3.23) and of busybox (1.35, networking/hostname.c). Names are looked up in /etc/hosts alone. */
import { errorText } from '../../render/iproute2/errno.ts'
import { readFile } from '../../sim/kernel/fs/files.ts'
import { formatIpv4, parseIpv4 } from '../../sim/wire/ipv4-address.ts'
import { HOSTNAME_USAGE as BUSYBOX_USAGE } from '../busybox/ip-usage.ts'
import { busyboxUsage } from '../busybox/usage.ts'
import type { Command, CommandContext } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { HOSTNAME_USAGE } from '../net-tools/usage.ts'
import { notModelled } from '../not-modelled.ts'
import { sentence } from '../util-linux/usage.ts'

function currentName({ kernel, process }: CommandContext): string {
  return kernel.utsNamespaces.get(process.utsns)?.hostname ?? kernel.host
}

interface HostsEntry {
  readonly address: string
  readonly names: readonly string[]
}

function hostsEntries(context: CommandContext): HostsEntry[] {
  const text = readFile(context.world, context.kernel, context.process, '/etc/hosts')
  if (!text.ok) return []
  return text.value.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/)
    return parseIpv4(address) === null || names.length === 0 ? [] : [{ address, names }]
  })
}

/** False: it may not. */
function setName({ kernel, process }: CommandContext, name: string): boolean {
  const uts = kernel.utsNamespaces.get(process.utsns)
  if (uts === undefined || !process.capabilities.has('SYS_ADMIN')) return false
  uts.hostname = name
  return true
}

function fileName(context: CommandContext, path: string): { name: string } | { error: string } {
  const text = readFile(context.world, context.kernel, context.process, path)
  if (!text.ok) return { error: errorText(text.error.code) }
  const line = text.value.split('\n').find((one) => one.trim() !== '' && !one.startsWith('#'))
  return { name: (line ?? '').trim() }
}

export const hostname: Command = (context) => {
  const parsed = parseOptions(context.argv, {
    short: 'aAdfbF:h?iIsVy',
    long: {
      fqdn: 'flag',
      long: 'flag',
      short: 'flag',
      'ip-address': 'flag',
      'all-ip-addresses': 'flag',
      domain: 'flag',
      alias: 'flag',
      file: 'value',
      'all-fqdns': 'flag',
      boot: 'flag',
      yp: 'flag',
      nis: 'flag',
      help: 'flag',
      version: 'flag',
    },
  })
  if (!parsed.ok) {
    context.err(`hostname: ${sentence(parsed.error)}\n${HOSTNAME_USAGE}`)
    return 255
  }
  const { options, operands } = parsed.value
  const first = options[0]
  const name = currentName(context)
  if (first === undefined) {
    if (operands[0] === undefined) {
      context.out(`${name}\n`)
      return 0
    }
    return setOrFail(context, operands[0])
  }
  return option(context, first.name, first.value, name)
}

function setOrFail(context: CommandContext, name: string): number {
  if (setName(context, name)) return 0
  context.err('hostname: you must be root to change the host name\n')
  return 1
}

function option(context: CommandContext, letter: string, value: string, name: string): number {
  const found = hostsEntries(context).find((entry) => entry.names.includes(name))
  const print = (text: string): number => {
    context.out(`${text}\n`)
    return 0
  }
  switch (letter) {
    case 'h':
    case 'help':
      context.out(HOSTNAME_USAGE)
      return 0
    case 'V':
    case 'version':
      return print('hostname 3.23')
    case 's':
    case 'short':
      return print(name.split('.')[0] ?? name)
    case 'b':
    case 'boot':
      return print(name)
    case 'I':
    case 'all-ip-addresses':
      context.out(
        `${ownAddresses(context)
          .map((address) => `${address} `)
          .join('')}\n`,
      )
      return 0
    case 'F':
    case 'file': {
      const read = fileName(context, value)
      if ('name' in read) return setOrFail(context, read.name)
      context.err(`hostname: ${read.error}\n`)
      return 1
    }
    case 'i':
    case 'ip-address':
    case 'f':
    case 'fqdn':
    case 'long':
    case 'd':
    case 'domain':
    case 'a':
    case 'alias':
      return lookedUp(context, letter, found)
    default:
      return notModelled(context, `hostname ${letter.length > 1 ? '--' : '-'}${letter}`)
  }
}

/** getifaddrs: all but loopback and link-local IPv6 addresses. */
function ownAddresses({ netns }: CommandContext): string[] {
  const addresses: string[] = []
  for (const link of [...netns.links.values()].sort((x, y) => x.ifindex - y.ifindex)) {
    if (link.kind === 'loopback' || !link.up) continue
    addresses.push(...link.addresses.map((own) => formatIpv4(own.address)))
    addresses.push(...link.addresses6.filter((own) => own.scope === 'global').map((own) => own.address))
  }
  return addresses
}

function lookedUp(context: CommandContext, letter: string, found: HostsEntry | undefined): number {
  if (found === undefined) {
    context.err('hostname: Name or service not known\n')
    return 1
  }
  const full = found.names[0] ?? ''
  const domain = full.includes('.') ? full.slice(full.indexOf('.') + 1) : ''
  const text =
    letter === 'i' || letter === 'ip-address'
      ? found.address
      : letter === 'd' || letter === 'domain'
        ? domain
        : letter === 'a' || letter === 'alias'
          ? found.names.slice(1).join(' ')
          : full
  if (text !== '' || letter === 'a') context.out(`${text}\n`)
  return 0
}

export const busyboxHostname: Command = (context) => {
  const parsed = parseOptions(context.argv, { short: 'dfisF:v', long: { help: 'flag' } })
  if (!parsed.ok) return busyboxUsage(context, 'hostname', BUSYBOX_USAGE, parsed.error)
  const { options, operands } = parsed.value
  const names = new Set(options.map((one) => one.name))
  if (names.has('help')) return busyboxUsage(context, 'hostname', BUSYBOX_USAGE, null)
  const name = currentName(context)
  if (names.has('d') || names.has('f') || names.has('i')) return busyboxLookup(context, names, name)
  if (names.has('s')) {
    context.out(`${name.split('.')[0]}\n`)
    return 0
  }
  const file = options.find((one) => one.name === 'F')?.value
  const read = file === undefined ? null : fileName(context, file)
  if (read !== null && 'error' in read) {
    context.err(`hostname: can't open '${file}': ${read.error}\n`)
    return 1
  }
  const wanted = read?.name ?? operands[0]
  if (wanted === undefined) {
    context.out(`${name}\n`)
    return 0
  }
  if (setName(context, wanted)) return 0
  context.err('hostname: sethostname: Operation not permitted\n')
  return 1
}

function busyboxLookup(context: CommandContext, names: ReadonlySet<string>, name: string): number {
  const entries = hostsEntries(context).filter((entry) => entry.names.includes(name))
  const first = entries[0]
  if (first === undefined) {
    context.err(`hostname: ${name}: Host name lookup failure\n`)
    return 1
  }
  const full = first.names[0] ?? name
  if (names.has('f')) context.out(`${full}\n`)
  else if (names.has('d')) context.out(full.includes('.') ? `${full.slice(full.indexOf('.') + 1)}\n` : '')
  else context.out(`${entries.map((entry) => entry.address).join(' ')}\n`)
  return 0
}
