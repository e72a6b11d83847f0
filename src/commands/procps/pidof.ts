/** pidof(1) of procps-ng and of busybox: the newest first. */
import type { ProcessRow } from '../../render/procps/process-row.ts'
import type { CommandContext } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { answerUsage } from '../util-linux/usage.ts'
import { readProcessTable } from './process-table.ts'

export function pidof(context: CommandContext): number {
  const parsed = parseOptions(context.argv, { short: 'sqcnxwo:d:S:hV' })
  if (!parsed.ok) return answerUsage(context, 'pidof', parsed.error)
  const { options, operands } = parsed.value
  const value = (name: string): string | undefined => options.findLast((one) => one.name === name)?.value
  const omitted = new Set((value('o') ?? '').split(/[,;:]/).map((one) => numberOf(context, one)))
  const found = (readProcessTable(context) ?? [])
    .filter((row) => operands.some((name) => isNamed(row, name)) && !omitted.has(row.pid))
    .map((row) => row.pid)
    .sort((x, y) => y - x)
  const pids = value('s') === undefined ? found : found.slice(0, 1)
  if (pids.length === 0) return 1
  if (value('q') === undefined) context.out(`${pids.join(value('d') ?? value('S') ?? ' ')}\n`)
  return 0
}

/** `%PPID`: the shell that asks. */
function numberOf(context: CommandContext, text: string): number {
  if (text !== '%PPID') return Number(text)
  return context.kernel.processes.get(context.process.ppid)?.pids.get(context.process.pidns) ?? 0
}

/** By its path or the last name of it; a shell's script counts as the shell. */
export function isNamed(row: ProcessRow, name: string): boolean {
  const first = (row.argv[0] ?? '').replace(/^-/, '')
  const base = first.slice(first.lastIndexOf('/') + 1)
  if (name.includes('/')) return first === name
  return base === name || row.comm === name || (row.comm === name.slice(0, 15) && name.length > 15)
}
