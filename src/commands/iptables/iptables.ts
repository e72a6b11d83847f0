/**
 * iptables and ip6tables 1.8.9 over nf_tables: the same program, by the name it is called. iptables(8).
 * Not modelled: waiting for the xtables lock (nobody else holds it), names of hosts in rules.
 */
import type { Command, CommandContext } from '../context.ts'
import { notModelled } from '../not-modelled.ts'
import { listedChains } from './chains.ts'
import type { CommandLine } from './command-line.ts'
import { parseCommandLine } from './command-line.ts'
import { IPTABLES_VERSION, IptablesError, NotModelled, plainText, UsageError, usageText } from './errors.ts'
import type { Site } from './execute.ts'
import { checkDevices, execute, tableOf } from './execute.ts'
import { helpText } from './help.ts'
import { lookUpNames } from './host-names.ts'

const NOT_PERMITTED = 'Could not fetch rule set generation id: Permission denied (you must be root)'

export function programName(context: CommandContext): string {
  return (context.argv[0] ?? 'iptables').split('/').pop()!.replace(/-nft$/, '')
}

export function familyOf(program: string): 4 | 6 {
  return program.startsWith('ip6') ? 6 : 4
}

export function siteOf(context: CommandContext): Site {
  const program = programName(context)
  return { program, netns: context.netns, family: familyOf(program), hostName: () => undefined }
}

/** False, with the message printed, for a process without CAP_NET_ADMIN. */
export function mayEdit(context: CommandContext): boolean {
  if (context.process.capabilities.has('NET_ADMIN')) return true
  context.err(`${programName(context)} ${IPTABLES_VERSION}: ${NOT_PERMITTED}\n`)
  return false
}

export const iptables: Command = async (context) => {
  const site = siteOf(context)
  try {
    return await run(context, site)
  } catch (error) {
    return explain(context, site.program, error)
  }
}

async function run(context: CommandContext, site: Site): Promise<number> {
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
  context.out(execute(line.command === 'L' && !line.numeric ? await named(context, site, line) : site, line))
  return 0
}

/** A listing without `-n` knows its addresses by name. */
async function named(context: CommandContext, site: Site, line: CommandLine): Promise<Site> {
  if (site.family === 6) return site
  const chains = listedChains(site.netns, site.family, tableOf(site, line.table))
  const shown = line.chain === null ? chains : chains.filter(({ chain }) => chain.name === line.chain)
  const names = await lookUpNames(context, shown)
  return { ...site, hostName: (address) => names.get(address) }
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
