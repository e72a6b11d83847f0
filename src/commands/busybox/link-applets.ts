/** busybox applets that show and change devices, addresses, routes and settings. */
import type { CommandLoader } from '../network-programs.ts'

export const linkApplets: readonly (readonly [string, CommandLoader])[] = [
  ['hostname', async () => (await import('./hostname.ts')).busyboxHostname],
  ['sysctl', async () => (await import('./sysctl.ts')).busyboxSysctl],
]
