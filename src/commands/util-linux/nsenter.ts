/** nsenter(1): runs a program in other namespaces. */
import type { CommandContext } from '../context.ts'
import { notModelled } from '../not-modelled.ts'

export function nsenter(context: CommandContext): number {
  return notModelled(context, 'nsenter')
}
