/** Programs that show and change devices, addresses, routes and settings, by the names under which the file trees know them. */
import type { CommandLoader } from './network-programs.ts'

export const linkPrograms: readonly (readonly [string, CommandLoader])[] = [
  ['iproute2/ip', async () => (await import('./iproute2/ip.ts')).ip],
]
