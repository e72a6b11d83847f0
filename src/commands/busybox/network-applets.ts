/** busybox applets that speak to the network. */
import type { CommandLoader } from '../network-programs.ts'

export const networkApplets: readonly (readonly [string, CommandLoader])[] = [
  ['httpd', async () => (await import('./httpd.ts')).busyboxHttpd],
  ['nslookup', async () => (await import('../bind/lookups.ts')).busyboxNslookup],
  ['ping', async () => (await import('./ping.ts')).busyboxPing],
  ['wget', async () => (await import('./wget.ts')).busyboxWget],
]
