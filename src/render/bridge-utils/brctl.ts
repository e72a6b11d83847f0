/** `brctl show`, `showmacs`, `showstp`: bridge-utils 1.7 brctl/brctl_cmd.c, brctl_disp.c; busybox prints the same. */
import type { BridgeRow, LinkRow } from '../../sim/kernel/netlink/dump.ts'
import type { ShownMac } from '../../sim/kernel/netlink/fdb.ts'

export const SHOW_HEAD = 'bridge name\tbridge id\t\tSTP enabled\tinterfaces\n'

export function bridgeId(bridge: BridgeRow): string {
  return `${bridge.priority.toString(16).padStart(4, '0')}.${bridge.idMac.replaceAll(':', '')}`
}

/** Without ports bridge-utils leaves two tabs at the end of the line, busybox none. */
export function showText(
  row: LinkRow,
  bridge: BridgeRow,
  ports: readonly string[],
  keepsTabs = true,
): string {
  const [first = '', ...others] = ports
  const tabs = ports.length > 0 || keepsTabs ? '\t\t' : ''
  const head = `${row.name}\t\t${bridgeId(bridge)}\t${bridge.stp ? 'yes' : 'no'}${tabs}${first}\n`
  return head + others.map((name) => `\t\t\t\t\t\t\t${name}\n`).join('')
}

const seconds = (hundredths: number): string => (hundredths / 100).toFixed(2).padStart(7)

export function showMacsText(macs: readonly ShownMac[]): string {
  const lines = macs.map((one) => {
    const age = (Math.floor(one.ageUs / 10_000) / 100).toFixed(2).padStart(7)
    return `${String(one.port).padStart(3)}\t${one.mac}\t${one.isLocal ? 'yes' : 'no'}\t\t${age}\n`
  })
  return `port no\tmac addr\t\tis local?\tageing timer\n${lines.join('')}`
}

export function showStpText(row: LinkRow, bridge: BridgeRow, ports: readonly LinkRow[]): string {
  const id = bridgeId(bridge)
  return (
    `${row.name}\n` +
    ` bridge id\t\t${id}\n` +
    ` designated root\t${id}\n` +
    ` root port\t\t   0\t\t\tpath cost\t\t   0\n` +
    ` max age\t\t${seconds(bridge.maxAge)}\t\t\tbridge max age\t\t${seconds(bridge.maxAge)}\n` +
    ` hello time\t\t${seconds(bridge.helloTime)}\t\t\tbridge hello time\t${seconds(bridge.helloTime)}\n` +
    ` forward delay\t\t${seconds(bridge.forwardDelay)}\t\t\tbridge forward delay\t${seconds(bridge.forwardDelay)}\n` +
    ` ageing time\t\t${seconds(bridge.ageingTime)}\n` +
    ` hello timer\t\t${seconds(bridge.helloTimer)}\t\t\ttcn timer\t\t${seconds(0)}\n` +
    ` topology change timer\t${seconds(0)}\t\t\tgc timer\t\t${seconds(bridge.gcTimer)}\n` +
    ` flags\t\t\t\n\n\n${ports.map((port) => portText(port, id)).join('')}`
  )
}

function portText(row: LinkRow, root: string): string {
  const port = row.port
  if (port === null) return ''
  const id = (((port.priority & 63) << 10) | port.number).toString(16).padStart(4, '0')
  const hairpin = port.hairpin ? ' hairpin mode\t\t   1\n' : ''
  return (
    `${row.name} (${port.number})\n` +
    ` port id\t\t${id}\t\t\tstate\t\t${port.state.padStart(15)}\n` +
    ` designated root\t${root}\tpath cost\t\t${String(port.cost).padStart(4)}\n` +
    ` designated bridge\t${root}\tmessage age timer\t${seconds(0)}\n` +
    ` designated port\t${id}\t\t\tforward delay timer\t${seconds(port.forwardDelayTimer)}\n` +
    ` designated cost\t   0\t\t\thold timer\t\t${seconds(0)}\n` +
    ` flags\t\t\t\n${hairpin}\n`
  )
}
