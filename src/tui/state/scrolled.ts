/** Where a window over lines stands after a key. */
import type { Action } from './actions.ts'

export function scrolled(
  at: number,
  by: (Action & { kind: 'scroll' })['by'],
  rows: number,
  end: number,
): number {
  const page = Math.max(1, rows - 2)
  const target = {
    'line-up': at - 1,
    'line-down': at + 1,
    'page-up': at - page,
    'page-down': at + page,
    top: 0,
    bottom: end,
  }[by]
  return Math.max(0, Math.min(target, end))
}
