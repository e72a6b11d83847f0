/** sleep and timeout. sleep(1), timeout(1) */

import { signalNumber, signalProcess } from '../../sim/kernel/task/signal.ts'
import { sleepProgram } from '../../sim/process/sleep.ts'
import { missingOperand, readOptions, type Tool } from './tool.ts'
import { runNamed } from './words.ts'

const UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86400 }

/** Seconds, or null. */
export function parseDuration(text: string): number | null {
  if (text === 'infinity' || text === 'inf') return Number.POSITIVE_INFINITY
  const match = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(text)
  return match === null ? null : Number(match[1]) * UNITS[match[2]!]!
}

export const sleep: Tool = (context, flavour) => {
  const args = context.argv.slice(1)
  if (args.length === 0) return missingOperand(context, flavour, '[N]...')
  let seconds = 0
  for (const word of args) {
    const one = parseDuration(word)
    if (one === null) {
      context.err(
        flavour === 'gnu'
          ? `sleep: invalid time interval ‘${word}’\nTry 'sleep --help' for more information.\n`
          : `sleep: invalid number '${word}'\n`,
      )
      return 1
    }
    seconds += one
  }
  return context.become(sleepProgram(Math.round(seconds * 1e6)))
}

export const usleep: Tool = (context) => context.become(sleepProgram(Number(context.argv[1] ?? 0)))

export const timeout: Tool = async (context, flavour) => {
  const table = {
    short: 's:k:v',
    long: {
      signal: 'value',
      'kill-after': 'value',
      'preserve-status': 'flag',
      foreground: 'flag',
      verbose: 'flag',
    },
    strict: true,
  } as const
  const options = readOptions(context, flavour, table, '[-s SIG] [-k KILL_SECS] SECS PROG ARGS')
  if (options === null) return 125
  const [limit, ...argv] = options.operands
  if (limit === undefined || argv.length === 0) {
    missingOperand(context, flavour, '[-s SIG] [-k KILL_SECS] SECS PROG ARGS')
    return flavour === 'gnu' ? 125 : 1
  }
  const seconds = parseDuration(limit)
  if (seconds === null) {
    context.err(
      flavour === 'gnu'
        ? `timeout: invalid time interval ‘${limit}’\nTry 'timeout --help' for more information.\n`
        : `timeout: invalid number '${limit}'\n`,
    )
    return flavour === 'gnu' ? 125 : 1
  }
  return limited(
    context,
    argv,
    seconds,
    signalNumber(options.value('s', 'signal') ?? 'TERM') ?? 15,
    options.has('preserve-status'),
    flavour,
  )
}

async function limited(
  context: Parameters<Tool>[0],
  argv: readonly string[],
  seconds: number,
  signal: number,
  preserves: boolean,
  flavour: string,
): Promise<number> {
  const child = context.spawn(argv)
  if (child === null) return runNamed(context, argv)
  const end = context.world.nowUs + seconds * 1e6
  await context.untilTime(() => child.status !== null, seconds === 0 ? Number.POSITIVE_INFINITY : end)
  if (child.status !== null) return child.status
  signalProcess(context.world, context.kernel, child.pid, signal)
  await context.until(() => child.status !== null)
  if (preserves) return child.status ?? 128 + signal
  return flavour === 'gnu' ? (signal === 9 ? 137 : 124) : 128 + signal
}
