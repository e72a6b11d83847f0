/** `ip monitor` and `bridge monitor`: which tables to watch. ip/ipmonitor.c, bridge/monitor.c. Not modelled: `file`, `all-nsid`. */
import { type MonitorStyle, netlinkMonitorProgram } from '../../sim/process/netlink-monitor.ts'
import { notModelled } from '../not-modelled.ts'
import type { Ip } from './environment.ts'
import { BRIDGE_MONITOR_USAGE, MONITOR_USAGE } from './usage.ts'
import { deviceOr, GiveUp, matches, noSuchMaster, type Words } from './words.ts'

/** In this order: the first whose beginning is given is meant. */
const OBJECTS = [
  'link',
  'address',
  'route',
  'mroute',
  'prefix',
  'neighbor',
  'netconf',
  'rule',
  'nsid',
  'nexthop',
  'stats',
] as const

export function ipMonitor(ip: Ip, words: Words): number | Promise<number> {
  const groups = new Set<string>()
  let banner = false
  let device: string | null = null
  while (words.more) {
    const word = words.take()
    if (matches(word, 'file') && word.length > 0) {
      words.value()
      return notModelled(ip.context, 'ip monitor file')
    }
    if (matches(word, 'label')) banner = true
    else if (word === 'all') banner = true
    else if (matches(word, 'all-nsid')) return notModelled(ip.context, 'ip monitor all-nsid')
    else if (matches(word, 'help')) throw new GiveUp(MONITOR_USAGE, 255)
    else if (word === 'dev') device = words.value()
    else {
      const object = OBJECTS.find((one) => matches(word, one))
      if (object === undefined)
        throw new GiveUp(`Argument "${word}" is unknown, try "ip monitor help".\n`, 255)
      groups.add(object === 'neighbor' ? 'neigh' : object)
    }
  }
  const ifindex = device === null ? null : deviceOr(ip.netns, device, noSuchMaster).ifindex
  const wanted = groups.size > 0 ? [...groups] : [...OBJECTS, 'neigh']
  return become(ip, wanted, ifindex, { ...styleOf(ip), tool: 'ip', banner })
}

export function bridgeMonitor(ip: Ip, words: Words): number | Promise<number> {
  const groups = new Set<string>()
  let banner = false
  while (words.more) {
    const word = words.take()
    if (matches(word, 'file')) return notModelled(ip.context, 'bridge monitor file')
    if (matches(word, 'link')) groups.add('link')
    else if (matches(word, 'fdb')) groups.add('fdb')
    else if (matches(word, 'mdb', 'vlan', 'vni')) groups.add('mdb')
    else if (word === 'all') banner = true
    else if (matches(word, 'help')) throw new GiveUp(BRIDGE_MONITOR_USAGE, 255)
    else throw new GiveUp(`Argument "${word}" is unknown, try "bridge monitor help".\n`, 255)
  }
  const wanted = groups.size > 0 ? [...groups] : ['link', 'fdb']
  return become(ip, wanted, null, { ...styleOf(ip), tool: 'bridge', banner })
}

function styleOf(ip: Ip): Omit<MonitorStyle, 'tool' | 'banner'> {
  const { options } = ip
  return {
    timestamp: options.timestamp ?? 'none',
    oneline: options.oneline,
    brief: options.brief,
    color: options.color,
    details: options.details,
    statistics: options.statistics > 0,
  }
}

function become(
  ip: Ip,
  groups: readonly string[],
  ifindex: number | null,
  style: MonitorStyle,
): Promise<number> {
  const { family } = ip.options
  return ip.context.become(
    netlinkMonitorProgram({
      netns: ip.netns.id,
      groups,
      family: family === 4 || family === 6 ? family : null,
      ifindex,
      style,
    }),
  )
}
