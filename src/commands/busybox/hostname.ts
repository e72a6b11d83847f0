/** busybox hostname. busybox networking/hostname.c */
import type { CommandContext } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { hostName, hostsEntries, setHostName } from '../hostname/names.ts'
import { notModelled } from '../not-modelled.ts'
import { busyboxUsage } from './usage.ts'

const USAGE = `Usage: hostname [-sidf] [HOSTNAME | -F FILE]

Show or set hostname or DNS domain name

	-s	Short
	-i	Addresses for the hostname
	-d	DNS domain name
	-f	Fully qualified domain name
	-F FILE	Use FILE's content as hostname
`

export function busyboxHostname(context: CommandContext): number {
  const parsed = parseOptions(context.argv, { short: 'sidfF:' })
  if (!parsed.ok) return busyboxUsage(context, 'hostname', USAGE, parsed.error)
  const name = hostName(context)
  const option = parsed.value.options.at(-1)?.name
  const wanted = parsed.value.operands[0]
  if (option === 'F') return notModelled(context, 'hostname -F')
  if (option === undefined && wanted !== undefined) {
    if (setHostName(context, wanted)) return 0
    context.err('hostname: sethostname: Operation not permitted\n')
    return 1
  }
  if (option === undefined) context.out(`${name}\n`)
  else if (option === 's') context.out(`${name.split('.')[0]}\n`)
  else return resolved(context, name, option)
  return 0
}

function resolved(context: CommandContext, name: string, option: string): number {
  const entries = hostsEntries(context, name)
  const [first] = entries
  if (first === undefined) {
    context.err(`hostname: ${name}: Unknown host\n`)
    return 1
  }
  const canonical = first[1] ?? name
  if (option === 'f') context.out(`${canonical}\n`)
  else if (option === 'd') {
    const domain = canonical.split('.').slice(1).join('.')
    if (domain !== '') context.out(`${domain}\n`)
  } else context.out(`${entries.map(([address]) => address).join(' ')}\n`)
  return 0
}
