/** busybox applets that speak to the network. */
import type { CommandLoader } from '../network-programs.ts'

export const networkApplets: readonly (readonly [string, CommandLoader])[] = [
  ['ping', async () => (await import('./ping.ts')).busyboxPing],
]
