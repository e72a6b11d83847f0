/** Programs that show and change devices, addresses, routes and settings, by the names under which the file trees know them. */
import type { CommandLoader } from './network-programs.ts'

export const linkPrograms: readonly (readonly [string, CommandLoader])[] = [
  ['iproute2/ip', async () => (await import('./iproute2/ip.ts')).ip],
  ['iproute2/bridge', async () => (await import('./iproute2/bridge.ts')).bridge],
  ['iproute2/tc', async () => (await import('./iproute2/tc.ts')).tc],
  ['iproute2/ss', async () => (await import('./iproute2/ss.ts')).ss],
  ['bridge-utils/brctl', async () => (await import('./bridge-utils/brctl.ts')).brctl],
  ['net-tools/ifconfig', async () => (await import('./net-tools/ifconfig.ts')).ifconfig],
  ['net-tools/route', async () => (await import('./net-tools/route.ts')).route],
  ['net-tools/arp', async () => (await import('./net-tools/arp.ts')).arp],
  ['net-tools/netstat', async () => (await import('./net-tools/netstat.ts')).netstat],
  ['ethtool', async () => (await import('./ethtool/ethtool.ts')).ethtool],
  ['procps/sysctl', async () => (await import('./procps-sysctl/sysctl.ts')).sysctl],
  ['hostname', async () => (await import('./hostname/hostname.ts')).hostname],
]
