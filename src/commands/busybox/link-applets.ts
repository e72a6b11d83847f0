/** busybox applets that show and change devices, addresses, routes and settings. */
import type { CommandLoader } from '../network-programs.ts'

export const linkApplets: readonly (readonly [string, CommandLoader])[] = [
  ['arp', async () => (await import('./arp.ts')).busyboxArp],
  ['brctl', async () => (await import('./brctl.ts')).busyboxBrctl],
  ['ifconfig', async () => (await import('./ifconfig.ts')).busyboxIfconfig],
  ['ip', async () => (await import('./ip.ts')).busyboxIp],
  ['ipaddr', async () => (await import('./ip.ts')).busyboxIp],
  ['iplink', async () => (await import('./ip.ts')).busyboxIp],
  ['ipneigh', async () => (await import('./ip.ts')).busyboxIp],
  ['iproute', async () => (await import('./ip.ts')).busyboxIp],
  ['iprule', async () => (await import('./ip.ts')).busyboxIp],
  ['netstat', async () => (await import('../net-tools/netstat.ts')).busyboxNetstat],
  ['route', async () => (await import('./route.ts')).busyboxRouteApplet],
  ['hostname', async () => (await import('./hostname.ts')).busyboxHostname],
  ['sysctl', async () => (await import('./sysctl.ts')).busyboxSysctl],
]
