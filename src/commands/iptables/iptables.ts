/**
 * iptables and ip6tables 1.8.9 over nf_tables: the same program, by the name it is called. iptables(8).
 * Not modelled: waiting for the xtables lock (nobody else holds it), names of hosts in rules.
 */
import { readFile } from '../../sim/kernel/fs/files.ts'
import { formatIpv4 } from '../../sim/wire/ipv4-address.ts'
import type { Command, CommandContext } from '../context.ts'
import { notModelled } from '../not-modelled.ts'
import { parseCommandLine } from './command-line.ts'
import { IPTABLES_VERSION, IptablesError, NotModelled, plainText, UsageError, usageText } from './errors.ts'
import type { Site } from './execute.ts'
import { checkDevices, execute, tableOf } from './execute.ts'
import { helpText } from './help.ts'

const NOT_PERMITTED = 'Could not fetch rule set generation id: Permission denied (you must be root)'

export function programName(context: CommandContext): string {
  return (context.argv[0] ?? 'iptables').split('/').pop()!.replace(/-nft$/, '')
}

export function familyOf(program: string): 4 | 6 {
  return program.startsWith('ip6') ? 6 : 4
}

/** Names that /etc/hosts knows. Not modelled: asking the name server. */
function hostNames(context: CommandContext): (address: number) => string | undefined {
  let lines: string[] | null = null
  return (address) => {
    if (lines === null) {
      const file = readFile(context.world, context.kernel, context.process, '/etc/hosts')
      lines = file.ok ? file.value.split('\n') : []
    }
    const text = formatIpv4(address)
    return lines.map((line) => line.trim().split(/\s+/)).find(([first]) => first === text)?.[1]
  }
}

export function siteOf(context: CommandContext): Site {
  const program = programName(context)
  return { program, netns: context.netns, family: familyOf(program), hostName: hostNames(context) }
}

/** False, with the message printed, for a process without CAP_NET_ADMIN. */
export function mayEdit(context: CommandContext): boolean {
  if (context.process.capabilities.has('NET_ADMIN')) return true
  context.err(`${programName(context)} ${IPTABLES_VERSION}: ${NOT_PERMITTED}\n`)
  return false
}

export const iptables: Command = (context) => {
  const site = siteOf(context)
  try {
    return run(context, site)
  } catch (error) {
    return explain(context, site.program, error)
  }
}

function run(context: CommandContext, site: Site): number {
  const line = parseCommandLine(context.argv.slice(1), site.family)
  if (line.warnings !== '') context.err(line.warnings)
  if (line.command === 'h') {
    context.out(helpText(site.program))
    return 0
  }
  if (line.command === 'V') {
    context.out(`${site.program} ${IPTABLES_VERSION}\n`)
    return 0
  }
  if (line.command === null) throw new UsageError('no command specified')
  checkDevices(line)
  tableOf(site, line.table)
  if (!mayEdit(context)) return 4
  context.out(execute(site, line))
  return 0
}

function explain(context: CommandContext, program: string, error: unknown): number {
  if (error instanceof NotModelled) return notModelled(context, error.message)
  if (error instanceof UsageError) {
    context.err(usageText(program, error))
    return 2
  }
  if (!(error instanceof IptablesError)) throw error
  context.err(
    error.status === 1 && !error.text.startsWith(program) ? plainText(program, error.text) : error.text,
  )
  return error.status
}
