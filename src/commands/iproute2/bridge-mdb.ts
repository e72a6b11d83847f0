/**
 * `bridge mdb show`: the groups that hosts behind the ports have reported, newest first. bridge/mdb.c, net/bridge/br_mdb.c.
 * Not modelled: entries set by hand, IPv4 groups, routers.
 */
import type { Link } from '../../sim/kernel/link/types.ts'
import { solicitedNode } from '../../sim/wire/ipv6-address.ts'
import { notModelled } from '../not-modelled.ts'
import type { Ip } from './environment.ts'
import { MDB_USAGE } from './usage.ts'
import { GiveUp, matches, type Words } from './words.ts'

/** Without a querier a membership is forgotten after that time; nobody repeats it. */
const MEMBERSHIP_US = 260_000_000
const ALL_SNOOPERS = 'ff02::6a'

export function mdbObject(ip: Ip, words: Words): number {
  const verb = words.more ? words.take() : 'show'
  if (matches(verb, 'add', 'append', 'replace', 'delete'))
    return notModelled(ip.context, `bridge mdb ${verb}`)
  if (matches(verb, 'help')) throw new GiveUp(MDB_USAGE, 255)
  if (!matches(verb, 'show', 'lst', 'list'))
    throw new GiveUp(`Command "${verb}" is unknown, try "bridge mdb help".\n`, 255)
  let only: string | null = null
  while (words.more) {
    const word = words.take()
    const name = word === 'dev' ? words.value() : word
    if (![...ip.netns.links.values()].some((link) => link.name === name))
      throw new GiveUp(`Cannot find device "${name}"\n`, 255)
    only = name
  }
  const rows = [...ip.netns.links.values()]
    .filter((link) => link.kind === 'bridge' && (only === null || link.name === only))
    .flatMap((bridge) =>
      groupsOf(ip, bridge).map((one) => ({ index: bridge.ifindex, dev: bridge.name, ...one })),
    )
  if (ip.options.json) {
    const mdb = rows.map((row) => ({ ...row, state: 'temp', flags: [] }))
    ip.context.out(`${JSON.stringify([{ mdb, router: {} }])}\n`)
    return 0
  }
  ip.context.out(rows.map(({ dev, port, grp }) => `dev ${dev} port ${port} grp ${grp} temp\n`).join(''))
  return 0
}

function groupsOf(ip: Ip, bridge: Link): { port: string; grp: string }[] {
  if (bridge.kind !== 'bridge' || !bridge.up) return []
  const groups = (link: Link): string[] =>
    link.up
      ? link.addresses6.filter((own) => own.scope !== 'host').map((own) => solicitedNode(own.address))
      : []
  const ports = [...bridge.ports].reverse().flatMap((ifindex) => {
    const port = ip.netns.links.get(ifindex)
    const peer = port?.kind === 'veth' ? peerOf(ip, port.peer) : undefined
    const since = port?.port?.enabledUs ?? null
    if (port === undefined || peer === undefined || since === null) return []
    if (ip.context.world.nowUs - since > MEMBERSHIP_US) return []
    return groups(peer).map((grp) => ({ port: port.name, grp }))
  })
  const own = bridge.addresses6.length === 0 ? [] : [ALL_SNOOPERS, ...groups(bridge)]
  return [...ports, ...own.map((grp) => ({ port: bridge.name, grp }))]
}

function peerOf(ip: Ip, peer: { readonly host: string; readonly netns: number; readonly ifindex: number }) {
  const kernel = ip.context.world.kernels.get(peer.host)
  return kernel?.namespaces.get(peer.netns)?.links.get(peer.ifindex)
}
