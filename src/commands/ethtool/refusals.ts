/** What ethtool says where there is no hardware to ask: by netlink one wording for all, by ioctl one an option. ethtool.c */
import type { Link } from '../../sim/kernel/link/types.ts'

export interface Refusal {
  readonly noDevice: string
  unsupported(kind: Link['kind']): string
  readonly status: number
}

const NO_DEVICE = 'netlink error: no device matches name (offset 24)\nnetlink error: No such device\n'

function byNetlink(status: number, before = ''): Refusal {
  return {
    noDevice: NO_DEVICE,
    unsupported: () => `${before}netlink error: Operation not supported\n`,
    status,
  }
}

function byIoctl(status: number, texts: readonly string[], after = ''): Refusal {
  const worded = (why: string): string => texts.map((text) => `${text}: ${why}\n`).join('') + after
  return {
    noDevice: worded('No such device'),
    unsupported: () => worded('Operation not supported'),
    status,
  }
}

/** Asks for the driver first: without one it ends there. */
function byDriver(status: number, without: number, what: string): Refusal {
  const driver = 'Cannot get driver information'
  return {
    noDevice: `${driver}: No such device\n`,
    unsupported: (kind) => `${kind === 'loopback' ? driver : what}: Operation not supported\n`,
    status: Math.max(status, without),
  }
}

const RULES = byIoctl(
  1,
  ['Cannot get RX rings', 'rxclass: Cannot get RX class rule count'],
  'RX classification rule retrieval failed\n',
)

const REFUSALS: readonly (readonly [names: readonly string[], refusal: Refusal])[] = [
  [['-a', '--show-pause'], byNetlink(1)],
  [['-A', '--pause'], byNetlink(76)],
  [['-c', '--show-coalesce'], byNetlink(1)],
  [['-g', '--show-ring'], byNetlink(1)],
  [['-G', '--set-ring'], byNetlink(81)],
  [['-m', '--dump-module-eeprom', '--module-info'], byNetlink(1)],
  [['--show-eee', '--show-priv-flags', '--show-fec'], byNetlink(1)],
  [['--show-tunnels'], byNetlink(1, 'netlink error: device does not report tunnel offload info\n')],
  [['-d', '--register-dump'], byDriver(74, 72, 'Cannot get register dump')],
  [['-e', '--eeprom-dump'], byDriver(74, 74, 'Cannot get EEPROM data')],
  [['-n', '-u', '--show-nfc', '--show-ntuple'], RULES],
  [['-p', '--identify'], byIoctl(255, ['Cannot identify NIC'])],
  [['-r', '--negotiate'], byIoctl(255, ['Cannot restart autonegotiation'])],
  [['-t', '--test'], byIoctl(74, ['Cannot test'])],
  [['-x', '--show-rxfh-indir', '--show-rxfh'], byIoctl(1, ['Cannot get RX ring count'])],
]

export function refusalOf(option: string): Refusal | null {
  return REFUSALS.find(([names]) => names.includes(option))?.[1] ?? null
}
