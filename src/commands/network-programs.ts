/** Programs that speak to the network, by the names under which the file trees know them. */
import type { Command } from './context.ts'

export type CommandLoader = () => Promise<Command> | Command

export const networkPrograms: readonly (readonly [string, CommandLoader])[] = [
  ['iputils/ping', async () => (await import('./iputils/ping.ts')).ping],
]
