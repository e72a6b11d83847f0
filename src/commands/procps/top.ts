/** top(1) of procps-ng and of busybox: what it prints in batch mode, again and again on a terminal. Not modelled: keys. */
import { commandLine, commandName, type ProcessRow, statLetters } from '../../render/procps/process-row.ts'
import { fourCharacters } from '../busybox/ps.ts'
import { busyboxUsage } from '../busybox/usage.ts'
import type { CommandContext } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { notModelled } from '../not-modelled.ts'
import { readMemory } from './memory.ts'
import { readProcessTable } from './process-table.ts'
import { uptimeLine } from './uptime.ts'

export async function top(context: CommandContext): Promise<number> {
  const parsed = parseOptions(context.argv, { short: 'bcd:e:E:Hin:Oo:p:sSu:U:w::1hv' })
  if (!parsed.ok) {
    context.err(
      `top: unknown option '${parsed.error.option}'\nUsage:\n  top -hv | -bcEeHiOSs1 -d secs -n max -u|U user -p pid(s) -o field -w [cols]\n`,
    )
    return 1
  }
  const options = new Map(parsed.value.options.map((one) => [one.name, one.value]))
  const unmodelled = ['H', 'O', 'h', 'v', 'o'].find((name) => options.has(name))
  if (unmodelled !== undefined) return notModelled(context, `top -${unmodelled}`)
  const pids = options.get('p')?.split(',').map(Number)
  const user = options.get('u') ?? options.get('U')
  const frame = (): string => {
    const all = readProcessTable(context) ?? []
    const shown = all.filter(
      (row) =>
        (pids === undefined || pids.includes(row.pid)) &&
        (user === undefined || row.user === user || String(row.uid) === user),
    )
    return `${head(context, all)}\n${shown.map((row) => line(context, row, options.has('c'))).join('')}`
  }
  return repeat(context, frame, options, 3)
}

function head(context: CommandContext, rows: readonly ProcessRow[]): string {
  const count = (...states: string[]): string =>
    String(rows.filter((row) => states.includes(row.state)).length).padStart(3)
  const memory = readMemory(context)
  const mib = (kib: number): string => (kib / 1024).toFixed(1).padStart(8)
  return [
    `top - ${uptimeLine(context, '0 user')}`,
    `Tasks: ${String(rows.length).padStart(3)} total, ${count('R')} running, ${count('S', 'D')} sleeping, ${count('T')} stopped, ${count('Z')} zombie`,
    '%Cpu(s):  0.0 us,  0.0 sy,  0.0 ni,100.0 id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st ',
    `MiB Mem : ${mib(memory.total)} total, ${mib(memory.free)} free, ${mib(memory.used)} used, ${mib(memory.cache)} buff/cache     `,
    `MiB Swap: ${mib(0)} total, ${mib(0)} free, ${mib(0)} used. ${mib(memory.available)} avail Mem `,
    '',
    '  PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND',
  ].join('\n')
}

function line(context: CommandContext, row: ProcessRow, isWhole: boolean): string {
  const user = row.user.length > 8 ? `${row.user.slice(0, 7)}+` : row.user.padEnd(8)
  const share = ((row.rss * 100) / readMemory(context).total).toFixed(1).padStart(5)
  const sizes = `${String(row.vsz).padStart(7)} ${String(row.rss).padStart(6)} ${String(Math.floor(row.rss * 0.7)).padStart(6)}`
  const name = isWhole ? commandLine(row) : commandName(row)
  return `${String(row.pid).padStart(5)} ${user}  20   0 ${sizes} ${row.state}   0.0 ${share}   0:00.00 ${name}\n`
}

/** On a terminal each picture takes the place of the last one, until Ctrl-C. */
async function repeat(
  context: CommandContext,
  frame: () => string,
  options: ReadonlyMap<string, string>,
  everySeconds: number,
): Promise<number> {
  const isBatch = options.has('b') || !context.outIsTerminal
  const rounds = Number(options.get('n') ?? Number.POSITIVE_INFINITY)
  const pause = Number(options.get('d') ?? everySeconds)
  for (let round = 1; ; round++) {
    const lines = frame().split('\n')
    const text = isBatch
      ? lines
      : lines.slice(0, context.rows - 1).map((one) => one.slice(0, context.columns))
    context.out(isBatch ? `${round > 1 ? '\n' : ''}${text.join('\n')}` : `\x1b[H\x1b[2J${text.join('\n')}\n`)
    if (round >= rounds) return 0
    await context.sleep(pause * 1e6)
  }
}

const USAGE = `Usage: top [-bHm] [-n COUNT] [-d SECONDS]

Show a view of process activity in real time.
Read the status of all processes from /proc each SECONDS
and show a screenful of them.
`

export async function busyboxTop(context: CommandContext): Promise<number> {
  const parsed = parseOptions(context.argv, { short: 'd:n:bHm', long: { help: 'flag' } })
  if (!parsed.ok) return busyboxUsage(context, 'top', USAGE, parsed.error)
  const options = new Map(parsed.value.options.map((one) => [one.name, one.value]))
  if (options.has('help')) return busyboxUsage(context, 'top', USAGE, null)
  if (options.has('m') || options.has('H'))
    return notModelled(context, `top -${options.has('m') ? 'm' : 'H'}`)
  return repeat(context, () => busyboxFrame(context), options, 5)
}

function busyboxFrame(context: CommandContext): string {
  const rows = readProcessTable(context) ?? []
  const memory = readMemory(context)
  const used = memory.total - memory.free
  const lines = [
    `Mem: ${used}K used, ${memory.free}K free, ${memory.shared}K shrd, ${memory.buffers}K buff, ${memory.cache - memory.buffers}K cached`,
    'CPU:   0% usr   0% sys   0% nic 100% idle   0% io   0% irq   0% sirq',
    `Load average: 0.00 0.01 0.00 1/${rows.length} ${Math.max(...rows.map((row) => row.pid), 0)}`,
    '  PID  PPID USER     STAT   VSZ %VSZ %CPU COMMAND',
    ...[...rows]
      .sort((x, y) => y.vsz - x.vsz || x.pid - y.pid)
      .map((row) => {
        const numbers = `${String(row.pid).padStart(5)} ${String(row.ppid).padStart(5)}`
        const share = `${Math.round((row.vsz * 100) / memory.total)}%`.padStart(4)
        const stat = statLetters(row).replace(/[sl+]/g, '').padEnd(4)
        return `${numbers} ${row.user.slice(0, 8).padEnd(8)} ${stat} ${fourCharacters(row.vsz).padStart(5)} ${share}   0% ${commandLine(row)}`
      }),
  ]
  return `${lines.join('\n')}\n`
}
