/** The packet filter's programs, by the names under which the file trees know them. */
import type { Command } from './context.ts'

type CommandLoader = () => Promise<Command> | Command

const iptables = async () => (await import('./iptables/iptables.ts')).iptables
const save = async () => (await import('./iptables/save.ts')).iptablesSave
const restore = async () => (await import('./iptables/restore.ts')).iptablesRestore

export const firewallPrograms: readonly (readonly [string, CommandLoader])[] = [
  ['iptables/iptables', iptables],
  ['iptables/ip6tables', iptables],
  ['iptables/iptables-nft', iptables],
  ['iptables/ip6tables-nft', iptables],
  ['iptables/iptables-save', save],
  ['iptables/ip6tables-save', save],
  ['iptables/iptables-restore', restore],
  ['iptables/ip6tables-restore', restore],
  ['nftables/nft', async () => (await import('./nftables/nft.ts')).nft],
  ['conntrack', async () => (await import('./conntrack/conntrack.ts')).conntrack],
]
