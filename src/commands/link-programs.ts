/** Programs that show and change devices, addresses, routes and settings, by the names under which the file trees know them. */
import type { CommandLoader } from './network-programs.ts'

export const linkPrograms: readonly (readonly [string, CommandLoader])[] = [
  ['iproute2/ip', async () => (await import('./iproute2/ip.ts')).ip],
  ['ethtool', async () => (await import('./ethtool/ethtool.ts')).ethtool],
  ['hostname', async () => (await import('./hostname/hostname.ts')).hostname],
  ['procps/sysctl', async () => (await import('./sysctl/procps-sysctl.ts')).sysctl],
  ['bridge-utils/brctl', async () => (await import('./bridge-utils/brctl.ts')).brctl],
  ['iproute2/ss', async () => (await import('./iproute2/ss.ts')).ss],
  ['net-tools/arp', async () => (await import('./net-tools/arp.ts')).arp],
  ['net-tools/ifconfig', async () => (await import('./net-tools/ifconfig.ts')).ifconfig],
  ['net-tools/netstat', async () => (await import('./net-tools/netstat.ts')).netstat],
  ['net-tools/route', async () => (await import('./net-tools/route.ts')).route],
]
