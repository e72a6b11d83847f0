/** ethtool(8): driver information and statistics of a device. Not modelled: everything that a real card has. */
import type { Link } from '../../sim/kernel/link/types.ts'
import { findLink } from '../../sim/kernel/netlink/link.ts'
import type { CommandContext } from '../context.ts'
import { notModelled } from '../not-modelled.ts'

const MODELLED = new Set(['-S', '--statistics', '-i', '--driver'])

export function ethtool(context: CommandContext): number {
  const [, ...words] = context.argv
  const option = words[0]?.startsWith('-') === true ? words[0] : null
  const name = option === null ? words[0] : words[1]
  if (option === '-h' || option === '--help' || option === '--version')
    return notModelled(context, `ethtool ${option}`)
  if (option !== null && !MODELLED.has(option)) return notModelled(context, `ethtool ${option}`)
  if (name === undefined) {
    context.err('ethtool: bad command line argument(s)\nFor more information run ethtool -h\n')
    return 1
  }
  const link = findLink(context.netns, name)
  if (option === null) return plain(context, name, link)
  if (option === '-i' || option === '--driver') return driver(context, link)
  return statistics(context, link)
}

function plain(context: CommandContext, name: string, link: Link | undefined): number {
  if (link === undefined) {
    context.err('netlink error: No such device\nNo data available\n')
    return 75
  }
  const up = link.up ? 'yes' : 'no'
  context.out(`Settings for ${name}:\n`)
  if (link.kind === 'veth') {
    context.out(
      '\tSupported ports: [  ]\n\tSupported link modes:   Not reported\n\tSupported pause frame use: No\n',
    )
    context.out('\tSupports auto-negotiation: No\n\tSupported FEC modes: Not reported\n')
    context.out('\tAdvertised link modes:  Not reported\n\tAdvertised pause frame use: No\n')
    context.out('\tAdvertised auto-negotiation: No\n\tAdvertised FEC modes: Not reported\n')
    context.out(
      '\tSpeed: 10000Mb/s\n\tDuplex: Full\n\tAuto-negotiation: off\n\tPort: Twisted Pair\n\tPHYAD: 0\n',
    )
    context.out('\tTransceiver: internal\n\tMDI-X: Unknown\n')
  }
  context.out(`\tLink detected: ${up}\n`)
  return 0
}

interface Driver {
  readonly name: string
  readonly version: string
  readonly firmware: string
  readonly bus: string
  readonly statistics: boolean
}

/** What drivers/net/{veth,tun}.c and net/bridge/br_device.c say of themselves. */
function driverOf(link: Link): Driver | null {
  switch (link.kind) {
    case 'bridge':
      return { name: 'bridge', version: '2.3', firmware: 'N/A', bus: 'N/A', statistics: false }
    case 'veth':
      return { name: 'veth', version: '1.0', firmware: '', bus: '', statistics: true }
    case 'dummy':
      return { name: 'dummy', version: '', firmware: '', bus: '', statistics: false }
    case 'physical':
      return { name: 'tun', version: '1.6', firmware: '', bus: 'tap', statistics: false }
    default:
      return null
  }
}

function driver(context: CommandContext, link: Link | undefined): number {
  if (link === undefined) {
    context.err('Cannot get driver information: No such device\n')
    return 71
  }
  const about = driverOf(link)
  if (about === null) {
    context.err('Cannot get driver information: Operation not supported\n')
    return 71
  }
  const rows: [string, string][] = [
    ['driver', about.name],
    ['version', about.version],
    ['firmware-version', about.firmware],
    ['expansion-rom-version', ''],
    ['bus-info', about.bus],
    ['supports-statistics', about.statistics ? 'yes' : 'no'],
    ['supports-test', 'no'],
    ['supports-eeprom-access', 'no'],
    ['supports-register-dump', 'no'],
    ['supports-priv-flags', 'no'],
  ]
  for (const [name, value] of rows) context.out(`${name}: ${value}\n`)
  return 0
}

/** Counters of the one receive and the one transmit queue of a veth; XDP is not used here, so they stay at 0. */
const VETH_COUNTERS = [
  ...['rx_queue_0_xdp_packets', 'rx_queue_0_xdp_bytes', 'rx_queue_0_drops', 'rx_queue_0_xdp_redirect'],
  ...['rx_queue_0_xdp_drops', 'rx_queue_0_xdp_tx', 'rx_queue_0_xdp_tx_errors', 'tx_queue_0_xdp_xmit'],
  'tx_queue_0_xdp_xmit_errors',
]

function statistics(context: CommandContext, link: Link | undefined): number {
  if (link === undefined) {
    context.err('Cannot get stats strings information: No such device\n')
    return 96
  }
  if (link.kind !== 'veth') {
    context.err('no stats available\n')
    return 94
  }
  context.out(`NIC statistics:\n     peer_ifindex: ${link.peer.ifindex}\n`)
  for (const name of VETH_COUNTERS) context.out(`     ${name}: 0\n`)
  return 0
}
