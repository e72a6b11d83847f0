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
    context.out(`${LABELS.host}${name}\n`)
  }
  for (const link of context.netns.links.values()) if (link.kind === 'physical') adapter(context, link, isAll)
  return 0
}

/** The labels stand in the program with their dots. */
const LABELS = {
  host: '   Host Name . . . . . . . . . . . . : ',
  suffix: '   Connection-specific DNS Suffix  . : ',
  physical: '   Physical Address. . . . . . . . . : ',
  address: '   IPv4 Address. . . . . . . . . . . : ',
  mask: '   Subnet Mask . . . . . . . . . . . : ',
  gateway: '   Default Gateway . . . . . . . . . : ',
}

function adapter(context: CommandContext, link: Link, isAll: boolean): void {
  const name = link.name === 'eth0' ? 'Ethernet' : `${link.name} (DockerNAT)`
  context.out(`\nEthernet adapter ${name}:\n\n`)
  context.out(`${LABELS.suffix}\n`)
  if (isAll) context.out(`${LABELS.physical}${link.mac.toUpperCase().replaceAll(':', '-')}\n`)
  for (const address of link.addresses) {
    context.out(`${LABELS.address}${formatIpv4(address.address)}\n`)
    context.out(`${LABELS.mask}${formatIpv4(maskOf(address.length))}\n`)
  }
  const gateway = listRoutes(context.netns).find(
    (route) => route.destination.length === 0 && route.ifindex === link.ifindex,
  )
  const via = gateway?.gateway ?? null
  context.out(`${LABELS.gateway}${via === null ? '' : formatIpv4(via)}\n`)
}
