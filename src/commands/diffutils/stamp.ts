/** The time in the heads of `diff -u`. diff(1), "Unified Format" */
import { formatTime } from '../../render/coreutils/strftime.ts'
import { lookup } from '../../sim/kernel/fs/files.ts'
import type { CommandContext } from '../context.ts'

/** `2026-11-23 17:30:05.000000000 +0000`; of stdin: now. */
export function stampOf(context: CommandContext, path: string): string {
  const { world, kernel, process } = context
  const node = path === '-' ? null : lookup(world, kernel, process, path)
  const ms = node?.ok ? node.value.modifiedMs : world.epochMs + world.nowUs / 1000
  return `${formatTime('%Y-%m-%d %H:%M:%S', Math.floor(ms))}.${String(Math.floor(ms) % 1000).padStart(3, '0')}000000 +0000`
}
