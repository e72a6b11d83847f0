/** uptime(1) and w(1), of procps-ng and of busybox. Nobody is logged in: our shells come without login (utmp(5)). */
import { formatTime } from '../../render/coreutils/strftime.ts'
import { readFile, wallMs } from '../../sim/kernel/fs/files.ts'
import { busyboxUsage } from '../busybox/usage.ts'
import type { CommandContext } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { toolVersions } from '../tool-versions.ts'
import { sentence } from '../util-linux/usage.ts'
import { UPTIME_USAGE } from './usage.ts'

function read(context: CommandContext, path: string): string {
  const text = readFile(context.world, context.kernel, context.process, path)
  return text.ok ? text.value : ''
}

/** Seconds since the machine was started. */
function secondsUp(context: CommandContext): number {
  return Math.floor(Number(read(context, '/proc/uptime').split(' ')[0] ?? 0))
}

/** `23:52:12 up  1:12,  0 users,  load average: 1.97, 2.35, 2.28` */
export function uptimeLine(context: CommandContext, users: string): string {
  const total = secondsUp(context)
  const days = Math.floor(total / 86400)
  const hours = Math.floor(total / 3600) % 24
  const minutes = Math.floor(total / 60) % 60
  const clock =
    hours > 0 ? `${String(hours).padStart(2)}:${String(minutes).padStart(2, '0')}` : `${minutes} min`
  const day = days > 0 ? `${days} day${days === 1 ? '' : 's'}, ` : ''
  const load = read(context, '/proc/loadavg').split(' ').slice(0, 3).join(', ')
  return `${formatTime('%H:%M:%S', wallMs(context.world))} up ${day}${clock},  ${users},  load average: ${load}`
}

export function uptime(context: CommandContext): number {
  const long = { pretty: 'flag', since: 'flag', help: 'flag', version: 'flag' } as const
  const parsed = parseOptions(context.argv, { short: 'pshV', long })
  if (!parsed.ok) {
    context.err(`uptime: ${sentence(parsed.error)}\n${UPTIME_USAGE}`)
    return 1
  }
  const last = parsed.value.options.at(-1)?.name[0]
  if (last === 'h') context.out(UPTIME_USAGE)
  else if (last === 'V' || last === 'v')
    context.out(`uptime from procps-ng ${toolVersions(context.world).procps}\n`)
  else if (last === 's')
    context.out(`${formatTime('%Y-%m-%d %H:%M:%S', wallMs(context.world) - secondsUp(context) * 1000)}\n`)
  else if (last === 'p') context.out(`${pretty(secondsUp(context))}\n`)
  else context.out(` ${uptimeLine(context, '0 user')}\n`)
  return 0
}

/** `up 1 hour, 11 minutes` */
function pretty(total: number): string {
  const parts = [
    ['week', Math.floor(total / 604800)],
    ['day', Math.floor(total / 86400) % 7],
    ['hour', Math.floor(total / 3600) % 24],
    ['minute', Math.floor(total / 60) % 60],
  ] as const
  const words = parts.filter(([, n]) => n > 0).map(([unit, n]) => `${n} ${unit}${n === 1 ? '' : 's'}`)
  return `up ${words.length > 0 ? words.join(', ') : '0 minutes'}`
}

export function busyboxUptime(context: CommandContext): number {
  const usage = 'Usage: uptime\n\nDisplay the time since the last boot\n'
  const parsed = parseOptions(context.argv, { short: '', long: { help: 'flag' } })
  if (!parsed.ok) return busyboxUsage(context, 'uptime', usage, parsed.error)
  if (parsed.value.options.length > 0) return busyboxUsage(context, 'uptime', usage, null)
  context.out(` ${uptimeLine(context, '0 users')}\n`)
  return 0
}

export function w(context: CommandContext): number {
  const parsed = parseOptions(context.argv, { short: 'hufsioV' })
  if (!parsed.ok) {
    context.err(`w: ${sentence(parsed.error)}\n`)
    return 1
  }
  if (parsed.value.options.some((one) => one.name === 'h')) return 0
  context.out(` ${uptimeLine(context, '0 user')}\n`)
  context.out('USER     TTY      FROM             LOGIN@   IDLE   JCPU   PCPU WHAT\n')
  return 0
}

export function busyboxW(context: CommandContext): number {
  context.out('USER\t\tTTY\t\tIDLE\tTIME\t\t HOST\n')
  return 0
}
