/** busybox applets that speak to the network. */
import type { CommandLoader } from '../network-programs.ts'

export const networkApplets: readonly (readonly [string, CommandLoader])[] = [
  ['arping', async () => (await import('../iputils/arping.ts')).busyboxArping],
  ['httpd', async () => (await import('./httpd.ts')).busyboxHttpd],
  ['nc', async () => (await import('../netcat/nc.ts')).busyboxNc],
  ['nslookup', async () => (await import('../bind/nslookup.ts')).busyboxNslookup],
  ['ping', async () => (await import('./ping.ts')).busyboxPing],
  ['traceroute', async () => (await import('../traceroute/traceroute.ts')).busyboxTraceroute],
  ['wget', async () => (await import('./wget.ts')).busyboxWget],
]
