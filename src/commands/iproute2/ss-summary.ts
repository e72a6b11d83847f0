/** `ss -s`: counts by protocol, as /proc/net/sockstat and sockstat6 have them. misc/ss.c print_summary */
import type { CommandContext } from '../context.ts'
import { socketRows } from '../net-tools/socket-rows.ts'

export function ssSummary(context: CommandContext): string {
  const { netns, kernel } = context
  const sockets = [...netns.sockets.values()]
  const rows = socketRows(context)
  const inTimeWait = rows.filter((row) => row.state === 'TIME-WAIT').length
  const established = rows.filter((row) => row.protocol === 'tcp' && row.state === 'ESTABLISHED').length
  const allocated = [...kernel.namespaces.values()].reduce(
    (sum, one) =>
      sum + [...one.sockets.values()].filter((own) => own.kind === 'tcp' && own.state !== 'TIME-WAIT').length,
    0,
  )
  const used = rows.filter((row) => row.protocol === 'tcp' && row.state !== 'TIME-WAIT').length
  const orphaned = sockets.filter(
    (own) => own.kind === 'tcp' && own.orphaned && own.state !== 'TIME-WAIT',
  ).length
  const total = allocated + inTimeWait
  const closed = total - used + orphaned
  const count = (protocol: 'tcp' | 'udp', family: 4 | 6): number =>
    rows.filter((row) => row.protocol === protocol && row.family === family && row.state !== 'TIME-WAIT')
      .length
  const raw = sockets.filter((own) => own.kind === 'raw').length
  const line = (name: string, four: number, six: number): string =>
    `${name}\t  ${String(four + six).padEnd(9)} ${String(four).padEnd(9)} ${String(six).padEnd(9)}\n`
  const fours = [raw, count('udp', 4), count('tcp', 4)] as const
  const sixes = [0, count('udp', 6), count('tcp', 6)] as const
  const sum = (list: readonly number[]): number => list.reduce((x, y) => x + y, 0)
  return [
    `Total: ${sockets.length}\n`,
    `TCP:   ${total} (estab ${established}, closed ${closed}, orphaned ${orphaned}, timewait ${inTimeWait})\n\n`,
    'Transport Total     IP        IPv6\n',
    line('RAW', fours[0], sixes[0]),
    line('UDP', fours[1], sixes[1]),
    line('TCP', fours[2], sixes[2]),
    line('INET', sum(fours), sum(sixes)),
    line('FRAG', netns.fragments.size, 0),
    '\n',
  ].join('')
}
