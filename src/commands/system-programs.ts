/** Programs about processes, namespaces and mounts (procps, psmisc, util-linux, chroot), by their file-tree names. */
import type { CommandLoader } from './network-programs.ts'

export const systemPrograms: readonly (readonly [string, CommandLoader])[] = [
  ['coreutils/chroot', async () => (await import('./coreutils/chroot.ts')).chroot],
  ['util-linux/nsenter', async () => (await import('./util-linux/nsenter.ts')).nsenter],
]
