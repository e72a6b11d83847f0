/** hostname(1) of Debian. Not modelled: NIS names, `-F`. */
import type { CommandContext } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { notModelled } from '../not-modelled.ts'
import { allAddresses, hostName, hostsEntries, setHostName } from './names.ts'

const LONG = {
  alias: 'flag',
  domain: 'flag',
  fqdn: 'flag',
  long: 'flag',
  'all-fqdns': 'flag',
  'ip-address': 'flag',
  'all-ip-addresses': 'flag',
  short: 'flag',
  nis: 'flag',
  yp: 'flag',
  file: 'value',
  boot: 'flag',
  help: 'flag',
  version: 'flag',
} as const

const SHORT_OF: Readonly<Record<string, string>> = {
  alias: 'a',
  domain: 'd',
  fqdn: 'f',
  long: 'f',
  'all-fqdns': 'A',
  'ip-address': 'i',
  'all-ip-addresses': 'I',
  short: 's',
}

export function hostname(context: CommandContext): number {
  const parsed = parseOptions(context.argv, { short: 'aAdfbF:hiIsVy', long: LONG })
  if (!parsed.ok) {
    const { option, isLong } = parsed.error
    context.err(
      isLong ? `hostname: unrecognized option '--${option}'\n` : `hostname: invalid option -- '${option}'\n`,
    )
    context.err(USAGE)
    return 255
  }
  const name = hostName(context)
  const option = parsed.value.options.at(-1)?.name
  if (option === undefined) return showOrSet(context, name, parsed.value.operands[0])
  switch (SHORT_OF[option] ?? option) {
    case 's':
      context.out(`${name.split('.')[0]}\n`)
      return 0
    case 'I':
      context.out(
        `${allAddresses(context)
          .map((address) => `${address} `)
          .join('')}\n`,
      )
      return 0
    case 'i':
    case 'f':
    case 'd':
    case 'a':
      return resolved(context, name, SHORT_OF[option] ?? option)
    case 'h':
    case 'help':
      context.out(USAGE)
      return 0
    default:
      return notModelled(context, `hostname ${option.length === 1 ? '-' : '--'}${option}`)
  }
}

function showOrSet(context: CommandContext, name: string, wanted: string | undefined): number {
  if (wanted === undefined) {
    context.out(`${name}\n`)
    return 0
  }
  if (setHostName(context, wanted)) return 0
  context.err('hostname: you must be root to change the host name\n')
  return 1
}

/** What the resolver says of the own name; /etc/hosts has it on every host and in every container. */
function resolved(context: CommandContext, name: string, what: string): number {
  const entries = hostsEntries(context, name)
  const [first] = entries
  if (first === undefined) {
    context.err('hostname: Name or service not known\n')
    return 1
  }
  const canonical = first[1] ?? name
  if (what === 'i') context.out(`${entries.map(([address]) => address).join(' ')}\n`)
  else if (what === 'f') context.out(`${canonical}\n`)
  else if (what === 'a') context.out(`${first.slice(2).join(' ')}\n`)
  else context.out(`${canonical.split('.').slice(1).join('.')}\n`)
  return 0
}

const USAGE = `Usage: hostname [-b] {hostname|-F file}         set host name (from file)
       hostname [-a|-A|-d|-f|-i|-I|-s|-y]       display formatted name
       hostname                                 display host name

       {yp,nis,}domainname {nisdomain|-F file}  set NIS domain name (from file)
       {yp,nis,}domainname                      display NIS domain name

       dnsdomainname                            display dns domain name

       hostname -V|--version|-h|--help          print info and exit

Program name:
       {yp,nis,}domainname=hostname -y
       dnsdomainname=hostname -d

Program options:
    -a, --alias            alias names
    -A, --all-fqdns        all long host names (FQDNs)
    -b, --boot             set default hostname if none available
    -d, --domain           DNS domain name
    -f, --fqdn, --long     long host name (FQDN)
    -F, --file             read host name or NIS domain name from given file
    -i, --ip-address       addresses for the host name
    -I, --all-ip-addresses all addresses for the host
    -s, --short            short host name
    -y, --yp, --nis        NIS/YP domain name

Description:
   This command can get or set the host name or the NIS domain name. You can
   also get the DNS domain or the FQDN (fully qualified domain name).
   Unless you are using bind or NIS for host lookups you can change the
   FQDN (Fully Qualified Domain Name) and the DNS domain name (which is
   part of the FQDN) in the /etc/hosts file.
`
