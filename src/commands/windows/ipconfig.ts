/** ipconfig.exe: adapters with their addresses. Not modelled: `/release`, `/renew`, `/flushdns`. */
import type { Link } from '../../sim/kernel/link/types.ts'
import { listRoutes } from '../../sim/kernel/netlink/route.ts'
import { formatIpv4, maskOf } from '../../sim/wire/ipv4-address.ts'
import type { CommandContext } from '../context.ts'
import { notModelled } from '../not-modelled.ts'

export function ipconfig(context: CommandContext): number {
  const word = context.argv[1]?.toLowerCase()
  const isAll = word === '/all' || word === '-all'
  if (word !== undefined && !isAll) return notModelled(context, `ipconfig ${context.argv[1]}`)
  context.out('\nWindows IP Configuration\n\n')
  if (isAll) {
    const name = context.kernel.utsNamespaces.get(context.process.utsns)?.hostname ?? ''
    context.out(`${field('Host Name')}${name}\n`)
  }
  for (const link of context.netns.links.values()) if (link.kind === 'physical') adapter(context, link, isAll)
  return 0
}

function field(name: string): string {
  return `   ${`${name} `.padEnd(35, '. ').slice(0, 35)} : `
}

function adapter(context: CommandContext, link: Link, isAll: boolean): void {
  const name = link.name === 'eth0' ? 'Ethernet' : `${link.name} (DockerNAT)`
  context.out(`\nEthernet adapter ${name}:\n\n`)
  context.out(`${field('Connection-specific DNS Suffix')}\n`)
  if (isAll) context.out(`${field('Physical Address')}${link.mac.toUpperCase().replaceAll(':', '-')}\n`)
  for (const address of link.addresses) {
    context.out(`${field('IPv4 Address')}${formatIpv4(address.address)}\n`)
    context.out(`${field('Subnet Mask')}${formatIpv4(maskOf(address.length))}\n`)
  }
  const gateway = listRoutes(context.netns).find(
    (route) => route.destination.length === 0 && route.ifindex === link.ifindex,
  )
  const via = gateway?.gateway ?? null
  context.out(`${field('Default Gateway')}${via === null ? '' : formatIpv4(via)}\n`)
}
