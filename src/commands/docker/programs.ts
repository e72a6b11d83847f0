/** The docker command line and the daemons, by the names under which file trees know them. */
import type { CommandLoader } from '../network-programs.ts'

export const dockerPrograms: readonly (readonly [string, CommandLoader])[] = [
  ['docker', async () => (await import('./docker.ts')).docker],
  ['dockerd', async () => (await import('./dockerd.ts')).dockerd],
]
