/** Programs that show and change devices, addresses, routes and settings, by the names under which the file trees know them. */
import type { CommandLoader } from './network-programs.ts'

export const linkPrograms: readonly (readonly [string, CommandLoader])[] = [
  ['iproute2/ip', async () => (await import('./iproute2/ip.ts')).ip],
  ['ethtool', async () => (await import('./ethtool/ethtool.ts')).ethtool],
  ['hostname', async () => (await import('./hostname/hostname.ts')).hostname],
  ['procps/sysctl', async () => (await import('./sysctl/procps-sysctl.ts')).sysctl],
]
