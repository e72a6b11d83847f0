/** busybox applets about processes, namespaces and mounts. */
import type { CommandLoader } from '../network-programs.ts'

export const systemApplets: readonly (readonly [string, CommandLoader])[] = [
  ['chroot', async () => (await import('../coreutils/chroot.ts')).busyboxChroot],
  ['nsenter', async () => (await import('./nsenter.ts')).busyboxNsenter],
]
