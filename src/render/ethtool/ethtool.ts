/** `ethtool`, `ethtool -i`, `ethtool -S` for devices without hardware. ethtool 6.1; drivers/net/veth.c, net/bridge/br_device.c */
import type { Feature, FeatureChange } from '../../sim/kernel/link/features.ts'
import type { LinkRow } from '../../sim/kernel/netlink/dump.ts'

export function statisticsText(peerIfindex: number): string {
  const names = ['xdp_packets', 'xdp_bytes', 'drops', 'xdp_redirect', 'xdp_drops', 'xdp_tx', 'xdp_tx_errors']
  const lines = [
    `peer_ifindex: ${peerIfindex}`,
    ...names.map((name) => `rx_queue_0_${name}: 0`),
    'tx_queue_0_xdp_xmit: 0',
    'tx_queue_0_xdp_xmit_errors: 0',
  ]
  return `NIC statistics:\n${lines.map((line) => `     ${line}\n`).join('')}`
}

/** Null: the device has no driver to ask. */
export function driverText(kind: LinkRow['kind'], release: string): string | null {
  if (kind === 'bridge') return driver('bridge', '2.3', 'N/A', 'N/A', 'no')
  if (kind === 'veth') return driver('veth', '1.0', '', '', 'yes')
  if (kind === 'macvlan' || kind === 'vxlan') return driver(kind, '0.1', '', '', 'no')
  if (kind === 'dummy') return driver('dummy', release, '', '', 'no')
  return null
}

function driver(name: string, version: string, firmware: string, bus: string, statistics: string): string {
  return (
    `driver: ${name}\nversion: ${version}\nfirmware-version: ${firmware}\nexpansion-rom-version: \nbus-info: ${bus}\n` +
    `supports-statistics: ${statistics}\nsupports-test: no\nsupports-eeprom-access: no\nsupports-register-dump: no\nsupports-priv-flags: no\n`
  )
}

const NOTHING = `	Supported ports: [  ]
	Supported link modes:   Not reported
	Supported pause frame use: No
	Supports auto-negotiation: No
	Supported FEC modes: Not reported
	Advertised link modes:  Not reported
	Advertised pause frame use: No
	Advertised auto-negotiation: No
	Advertised FEC modes: Not reported
`

export function settingsText(row: LinkRow): string {
  const detected = `\tLink detected: ${row.flags.includes('LOWER_UP') || (row.up && row.kind === 'loopback') ? 'yes' : 'no'}\n`
  const head = `Settings for ${row.name}:\n`
  const isPair = row.kind === 'veth' || row.kind === 'macvlan' || row.kind === 'vxlan'
  if (!isPair && row.kind !== 'bridge') return head + detected
  const speed = isPair || row.flags.includes('LOWER_UP') ? '10000Mb/s' : 'Unknown!'
  const duplex = isPair ? 'Full' : 'Unknown! (255)'
  const port = isPair ? 'Twisted Pair' : 'Other'
  const crossed = isPair ? '\tMDI-X: Unknown\n' : ''
  return `${head}${NOTHING}\tSpeed: ${speed}\n\tDuplex: ${duplex}\n\tAuto-negotiation: off\n\tPort: ${port}\n\tPHYAD: 0\n\tTransceiver: internal\n${crossed}${detected}`
}

export function featuresText(name: string, list: readonly Feature[]): string {
  const lines = list.map((one) => {
    const asked = one.wanted !== one.active && one.place !== 'group'
    const note = asked
      ? ` [requested ${one.wanted ? 'on' : 'off'}]`
      : one.fixed && one.place !== 'group'
        ? ' [fixed]'
        : ''
    return `${one.place === 'member' ? '\t' : ''}${one.name}: ${one.active ? 'on' : 'off'}${note}\n`
  })
  return `Features for ${name}:\n${lines.join('')}`
}

export function changesText(changes: readonly FeatureChange[]): string {
  if (changes.length === 0) return ''
  const lines = changes.map(({ name, active, requested }) => {
    const note =
      requested === null
        ? ' [not requested]'
        : requested === active
          ? ''
          : ` [requested ${requested ? 'on' : 'off'}]`
    return `${name}: ${active ? 'on' : 'off'}${note}\n`
  })
  return `Actual changes:\n${lines.join('')}`
}

export function timeStampsText(name: string, transmits: boolean): string {
  const capabilities = [
    ...(transmits ? ['software-transmit'] : []),
    'software-receive',
    'software-system-clock',
  ]
  return (
    `Time stamping parameters for ${name}:\nCapabilities:\n${capabilities.map((one) => `\t${one}\n`).join('')}` +
    'PTP Hardware Clock: none\nHardware Transmit Timestamp Modes: none\nHardware Receive Filter Modes: none\n'
  )
}
