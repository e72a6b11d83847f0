/** busybox pgrep and pkill. procps/pgrep.c of busybox */
import type { CommandContext } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { readProcessTable } from '../procps/process-table.ts'
import { parseSignal, sendSignal } from '../procps/signals.ts'
import { busyboxUsage } from './usage.ts'

const PGREP = `Usage: pgrep [-flanovx] [-s SID|-P PPID|PATTERN]

Display process(es) selected by regex PATTERN

	-l	Show command name too
	-a	Show command line too
	-f	Match against entire command line
	-n	Show the newest process only
	-o	Show the oldest process only
	-v	Negate the match
	-x	Match whole name (not substring)
	-s	Match session ID (0 for current)
	-P	Match parent process ID
`
const PKILL = `Usage: pkill [-l|-SIGNAL] [-xfvnoe] [-s SID|-P PPID|PATTERN]

Send signal to processes selected by regex PATTERN

	-l	List all signals
	-x	Match whole name (not substring)
	-f	Match against entire command line
	-s SID	Match session ID (0 for current)
	-P PPID	Match parent process ID
	-v	Negate the match
	-n	Signal the newest process only
	-o	Signal the oldest process only
	-e	Display name and PID of the process being killed
`

export function busyboxPgrep(context: CommandContext): number {
  return search(context, 'pgrep', context.argv, null)
}

export function busyboxPkill(context: CommandContext): number {
  const first = context.argv[1] ?? ''
  const signal = /^-(\d+|[A-Z][A-Z0-9]+)$/.test(first) ? parseSignal(first.slice(1)) : null
  const argv = signal === null ? context.argv : [context.argv[0]!, ...context.argv.slice(2)]
  return search(context, 'pkill', argv, signal ?? 15)
}

function search(
  context: CommandContext,
  name: string,
  argv: readonly string[],
  signal: number | null,
): number {
  const usage = signal === null ? PGREP : PKILL
  const parsed = parseOptions(argv, {
    short: signal === null ? 'vlafxons:P:' : 'vlfxons:P:e',
    long: { help: 'flag' },
  })
  if (!parsed.ok) return busyboxUsage(context, name, usage, parsed.error)
  const options = new Map(parsed.value.options.map((one) => [one.name, one.value]))
  if (options.has('help')) return busyboxUsage(context, name, usage, null)
  const [text = '', ...more] = parsed.value.operands
  const isBare = text === '' && !options.has('s') && !options.has('P')
  if (isBare || more.length > 0) return busyboxUsage(context, name, usage, 'operands')
  const pattern = new RegExp(options.has('x') ? `^(${text})$` : text)
  const self = context.process.pids.get(context.process.pidns)
  let rows = (readProcessTable(context) ?? []).filter((row) => {
    if (row.pid === self) return false
    const fits =
      pattern.test(options.has('f') ? row.argv.join(' ') : row.comm) &&
      (!options.has('P') || row.ppid === Number(options.get('P'))) &&
      (!options.has('s') || row.sid === Number(options.get('s')))
    return fits !== options.has('v')
  })
  if (options.has('n')) rows = rows.slice(-1)
  if (options.has('o')) rows = rows.slice(0, 1)
  for (const row of rows) {
    const label = options.has('a') ? ` ${row.argv.join(' ')}` : options.has('l') ? ` ${row.comm}` : ''
    if (signal === null) context.out(`${row.pid}${label}\n`)
    else sendSignal(context, row.pid, signal)
    if (signal !== null && options.has('e')) context.out(`${row.comm} killed (pid ${row.pid})\n`)
  }
  return rows.length > 0 ? 0 : 1
}
