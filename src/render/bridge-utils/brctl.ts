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
  const changing = bridge.topologyChange ? 'TOPOLOGY_CHANGE ' : ''
  const detected = bridge.topologyChangeDetected ? 'TOPOLOGY_CHANGE_DETECTED ' : ''
  return (
    `${row.name}\n` +
    ` bridge id\t\t${bridgeId(bridge)}\n` +
    ` designated root\t${bridge.root}\n` +
    ` root port\t\t${number(bridge.rootPort)}\t\t\tpath cost\t\t${number(bridge.rootCost)}\n` +
    ` max age\t\t${seconds(bridge.maxAge)}\t\t\tbridge max age\t\t${seconds(bridge.ownMaxAge)}\n` +
    ` hello time\t\t${seconds(bridge.helloTime)}\t\t\tbridge hello time\t${seconds(bridge.ownHelloTime)}\n` +
    ` forward delay\t\t${seconds(bridge.forwardDelay)}\t\t\tbridge forward delay\t${seconds(bridge.ownForwardDelay)}\n` +
    ` ageing time\t\t${seconds(bridge.ageingTime)}\n` +
    ` hello timer\t\t${seconds(bridge.helloTimer)}\t\t\ttcn timer\t\t${seconds(bridge.tcnTimer)}\n` +
    ` topology change timer\t${seconds(bridge.topologyChangeTimer)}\t\t\tgc timer\t\t${seconds(bridge.gcTimer)}\n` +
    ` flags\t\t\t${changing}${detected}\n\n\n${ports.map(portText).join('')}`
  )
}

const number = (value: number): string => String(value).padStart(4)

function portText(row: LinkRow): string {
  const port = row.port
  if (port === null) return ''
  const hex = (value: number): string => value.toString(16).padStart(4, '0')
  const id = hex(((port.priority & 63) << 10) | port.number)
  const hairpin = port.hairpin ? ' hairpin mode\t\t   1\n' : ''
  const pending = port.configPending ? 'CONFIG_PENDING ' : ''
  const ack = port.topologyChangeAck ? 'TOPOLOGY_CHANGE_ACK ' : ''
  return (
    `${row.name} (${port.number})\n` +
    ` port id\t\t${id}\t\t\tstate\t\t${port.state.padStart(15)}\n` +
    ` designated root\t${port.designatedRoot}\tpath cost\t\t${number(port.cost)}\n` +
    ` designated bridge\t${port.designatedBridge}\tmessage age timer\t${seconds(port.messageAgeTimer)}\n` +
    ` designated port\t${hex(port.designatedPort)}\t\t\tforward delay timer\t${seconds(port.forwardDelayTimer)}\n` +
    ` designated cost\t${number(port.designatedCost)}\t\t\thold timer\t\t${seconds(port.holdTimer)}\n` +
    ` flags\t\t\t${pending}${ack}\n${hairpin}\n`
  )
}
