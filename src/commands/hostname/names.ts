/** The host's name and addresses, as both hostname programs need them. uts_namespaces(7), hosts(5) */
import { readFile } from '../../sim/kernel/fs/files.ts'
import { formatIpv4 } from '../../sim/wire/ipv4-address.ts'
import type { CommandContext } from '../context.ts'

export function hostName(context: CommandContext): string {
  return context.kernel.utsNamespaces.get(context.process.utsns)?.hostname ?? '(none)'
}

/** Lines of /etc/hosts that hold the name: address, then names. */
export function hostsEntries(context: CommandContext, name: string): string[][] {
  const text = readFile(context.world, context.kernel, context.process, '/etc/hosts')
  if (!text.ok) return []
  const lines = text.value.split('\n').map((line) => line.replace(/#.*/, '').trim().split(/\s+/))
  return lines.filter(([, ...names]) => names.includes(name))
}

export function setHostName(context: CommandContext, name: string): boolean {
  const uts = context.kernel.utsNamespaces.get(context.process.utsns)
  if (uts === undefined || !context.process.capabilities.has('SYS_ADMIN')) return false
  uts.hostname = name
  return true
}

/** `hostname -I`: addresses of all interfaces but loopback and IPv6 link-local ones. */
export function allAddresses(context: CommandContext): string[] {
  const links = [...context.netns.links.values()].filter((link) => link.up && link.kind !== 'loopback')
  const four = links.flatMap((link) => link.addresses.map((one) => formatIpv4(one.address)))
  const six = links.flatMap((link) =>
    link.addresses6.filter((one) => one.scope === 'global').map((one) => one.address),
  )
  return [...four, ...six]
}
