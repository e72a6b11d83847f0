/** busybox applets about processes, namespaces and mounts. */
import type { CommandLoader } from '../network-programs.ts'

export const systemApplets: readonly (readonly [string, CommandLoader])[] = []
