/** watch(1) of procps-ng and of busybox: a command again and again, each time on a cleared screen. */
import { formatTime } from '../../render/coreutils/strftime.ts'
import { wallMs } from '../../sim/kernel/fs/files.ts'
import { busyboxUsage } from '../busybox/usage.ts'
import type { CommandContext } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { notModelled } from '../not-modelled.ts'
import { sentence } from '../util-linux/usage.ts'
import { WATCH_USAGE } from './usage.ts'

export async function watch(context: CommandContext): Promise<number> {
  const long = {
    beep: 'flag',
    color: 'flag',
    differences: 'optional',
    errexit: 'flag',
    chgexit: 'flag',
    equexit: 'value',
    interval: 'value',
    precise: 'flag',
    'no-title': 'flag',
    'no-wrap': 'flag',
    exec: 'flag',
    help: 'flag',
    version: 'flag',
  } as const
  const parsed = parseOptions(context.argv, { short: 'bced::ghq:n:pvtwx', long, strict: true })
  if (!parsed.ok) {
    context.err(`watch: ${sentence(parsed.error)}\n${WATCH_USAGE}`)
    return 1
  }
  const { options, operands } = parsed.value
  const value = (...names: string[]) => options.findLast((one) => names.includes(one.name))?.value
  if (value('h', 'help') !== undefined) {
    context.out(WATCH_USAGE)
    return 0
  }
  if (operands.length === 0) {
    context.err(WATCH_USAGE)
    return 1
  }
  for (const name of ['g', 'chgexit', 'q', 'equexit'])
    if (value(name) !== undefined) return notModelled(context, `watch ${name.length > 1 ? '--' : '-'}${name}`)
  const interval = Math.max(0.1, Number(value('n', 'interval') ?? 2))
  if (Number.isNaN(interval)) {
    context.err(`watch: failed to parse argument: '${value('n', 'interval')}'\n`)
    return 1
  }
  const argv = value('x', 'exec') === undefined ? ['sh', '-c', operands.join(' ')] : operands
  const title = value('t', 'no-title') === undefined
  return again(
    context,
    argv,
    interval,
    (status) => status !== 0 && value('e', 'errexit') !== undefined,
    () => {
      if (!title) return ''
      const left = `Every ${interval.toFixed(1)}s: ${operands.join(' ')}`
      const host = context.kernel.utsNamespaces.get(context.process.utsns)?.hostname ?? ''
      return heading(context, left, `${host}: ${formatTime('%a %b %e %H:%M:%S %Y', wallMs(context.world))}`)
    },
  )
}

/** What to the left does not fit gives way to the right. */
function heading(context: CommandContext, left: string, right: string): string {
  const room = context.columns - right.length - 1
  return `${left.slice(0, Math.max(0, room)).padEnd(Math.max(0, room))} ${right}\n\n`
}

async function again(
  context: CommandContext,
  argv: readonly string[],
  seconds: number,
  isOver: (status: number) => boolean,
  head: () => string,
): Promise<number> {
  for (;;) {
    context.out(`\x1b[H\x1b[2J${head()}`)
    const status = await context.exec(argv)
    if (isOver(status)) return status
    await context.sleep(seconds * 1e6)
  }
}

const USAGE =
  "Usage: watch [-n SEC] [-t] PROG ARGS\n\nRun PROG periodically\n\n\t-n SEC\tPeriod (default 2)\n\t-t\tDon't print header\n"

export async function busyboxWatch(context: CommandContext): Promise<number> {
  const parsed = parseOptions(context.argv, { short: 'dtn:x', long: { help: 'flag' }, strict: true })
  if (!parsed.ok) return busyboxUsage(context, 'watch', USAGE, parsed.error)
  const { options, operands } = parsed.value
  if (options.some((one) => one.name === 'help')) return busyboxUsage(context, 'watch', USAGE, null)
  if (operands.length === 0) return busyboxUsage(context, 'watch', USAGE, 'operands')
  const interval = Number(options.findLast((one) => one.name === 'n')?.value ?? 2)
  const isPlain = options.some((one) => one.name === 't')
  return again(
    context,
    ['sh', '-c', operands.join(' ')],
    interval,
    () => false,
    () => {
      if (isPlain) return ''
      return heading(
        context,
        `Every ${interval.toFixed(1)}s: ${operands.join(' ')}`,
        formatTime('%Y-%m-%d %H:%M:%S', wallMs(context.world)),
      ).replace(/\n$/, '')
    },
  )
}
