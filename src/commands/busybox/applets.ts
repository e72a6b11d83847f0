/** busybox's applets by name; each owner keeps a list. */
import type { Command } from '../context.ts'
import { textApplets } from '../text-programs.ts'
import { linkApplets } from './link-applets.ts'
import { networkApplets } from './network-applets.ts'
import { systemApplets } from './system-applets.ts'

export const applets: ReadonlyMap<string, () => Promise<Command> | Command> = new Map([
  ...linkApplets,
  ...networkApplets,
  ...systemApplets,
  ...textApplets,
])
