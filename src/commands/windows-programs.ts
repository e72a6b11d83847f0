/** Programs of the document's Windows PC, by the names under which its file tree knows them. */
import type { CommandLoader } from './network-programs.ts'

export const windowsPrograms: readonly (readonly [string, CommandLoader])[] = [
  ['windows/ping', async () => (await import('./windows/ping.ts')).windowsPing],
  ['windows/ipconfig', async () => (await import('./windows/ipconfig.ts')).ipconfig],
]
