/** The one sentence for what exists on a real host and is missing here; never a made-up result. */
import type { CommandContext } from './context.ts'

export const NOT_MODELLED_STATUS = 95

export function notModelled(context: Pick<CommandContext, 'err'>, what: string): number {
  context.err(`docker-net-tutor: '${what}' exists on a real host but is not modelled here\n`)
  return NOT_MODELLED_STATUS
}
