/** busybox applets that show and change devices, addresses, routes and settings. */
import type { CommandLoader } from '../network-programs.ts'

export const linkApplets: readonly (readonly [string, CommandLoader])[] = [
  ['ip', async () => (await import('./ip.ts')).busyboxIp],
  ['ifconfig', async () => (await import('./ifconfig.ts')).busyboxIfconfig],
  ['route', async () => (await import('./route.ts')).busyboxRouteApplet],
  ['arp', async () => (await import('./arp.ts')).busyboxArp],
  ['netstat', async () => (await import('../net-tools/netstat.ts')).busyboxNetstat],
  ['brctl', async () => (await import('./brctl.ts')).busyboxBrctl],
  ['hostname', async () => (await import('../hostname/hostname.ts')).busyboxHostname],
  ['sysctl', async () => (await import('./sysctl.ts')).busyboxSysctl],
]
