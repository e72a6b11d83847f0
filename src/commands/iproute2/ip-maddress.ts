/** ip-maddress(8): the multicast addresses that devices listen to. ip/ipmaddr.c. Not modelled: add, delete. */
import { Fields } from '../../render/iproute2/fields.ts'
import { ipv4Groups, ipv6Groups, multicastList } from '../../sim/kernel/link/multicast.ts'
import type { Link } from '../../sim/kernel/link/types.ts'
import { findLink } from '../../sim/kernel/netlink/link.ts'
import { deviceSettings } from '../../sim/kernel/sysctl/settings.ts'
import { formatIpv4 } from '../../sim/wire/ipv4-address.ts'
import { notModelled } from '../not-modelled.ts'
import { type Ip, show } from './environment.ts'
import { GiveUp, matches, type Words } from './words.ts'

const USAGE = `Usage: ip maddr [ add | del ] MULTIADDR dev STRING
       ip maddr show [ dev STRING ]
`

export function ipMaddress(ip: Ip, words: Words): number {
  const verb = words.more ? words.take() : 'show'
  if (matches(verb, 'add', 'delete')) return notModelled(ip.context, `ip maddress ${verb}`)
  if (matches(verb, 'help')) throw new GiveUp(USAGE, 255)
  if (!matches(verb, 'list', 'show', 'lst')) {
    throw new GiveUp(`Command "${verb}" is unknown, try "ip maddr help".\n`, 255)
  }
  let only: string | null = null
  while (words.more) {
    const word = words.take()
    only = word === 'dev' ? words.value() : word
  }
  const links = only === null ? [...ip.netns.links.values()] : [findLink(ip.netns, only)]
  const rows = links
    .filter((link): link is Link => link !== undefined)
    .sort((x, y) => x.ifindex - y.ifindex)
    .flatMap((link) => rowsOf(ip, link))
  return show(ip, rows)
}

type Group = readonly [family: 'link' | 'inet' | 'inet6', address: string]

function groupsOf(ip: Ip, link: Link): Group[] {
  const { family } = ip.options
  const isOn = deviceSettings(ip.netns, link.ifindex).disableIpv6 === 0
  const groups: Group[] = []
  if ((family === null || family === 'link') && link.kind !== 'loopback') {
    for (const mac of multicastList(link)) groups.push(['link', mac])
  }
  if (family === null || family === 4) {
    for (const group of ipv4Groups(link)) groups.push(['inet', formatIpv4(group)])
  }
  if (family === null || family === 6)
    for (const group of ipv6Groups(link, isOn)) groups.push(['inet6', group])
  return groups
}

/** With -o the device stands before each address. */
function rowsOf(ip: Ip, link: Link): Fields[] {
  const groups = groupsOf(ip, link)
  if (groups.length === 0) return []
  const head = `${link.ifindex}:\t${link.name}\n`
  const line = ([family, address]: Group): string => `\t${family.padEnd(5)} ${address}\n`
  if (ip.options.oneline && !ip.options.json) {
    return groups.map((group) => new Fields().put(head + line(group)))
  }
  const maddr = groups.map(([family, address]) =>
    family === 'link' ? { link: address } : { family, address },
  )
  return [
    new Fields()
      .only('ifindex', link.ifindex)
      .only('ifname', link.name)
      .only('maddr', maddr)
      .put(head + groups.map(line).join('')),
  ]
}
