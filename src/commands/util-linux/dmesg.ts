/** dmesg(1) of util-linux and of busybox: the kernel's log. Not modelled: levels and facilities, `--follow-new`. */
import { formatTime } from '../../render/coreutils/strftime.ts'
import { busyboxUsage } from '../busybox/usage.ts'
import type { CommandContext } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { notModelled } from '../not-modelled.ts'
import { toolVersions } from '../tool-versions.ts'
import { answerUsage } from './usage.ts'

/** The machine had run for an hour when the world began. proc(5) uptime */
const BOOTED_US = 3600e6

export async function dmesg(context: CommandContext): Promise<number> {
  const long = {
    clear: 'flag',
    'read-clear': 'flag',
    ctime: 'flag',
    human: 'flag',
    nopager: 'flag',
    notime: 'flag',
    raw: 'flag',
    kernel: 'flag',
    follow: 'flag',
    color: 'optional',
    help: 'flag',
    version: 'flag',
    level: 'value',
    facility: 'value',
    decode: 'flag',
    reltime: 'flag',
    json: 'flag',
    since: 'value',
    until: 'value',
    'console-off': 'flag',
    'console-on': 'flag',
    'console-level': 'value',
    file: 'value',
    'force-prefix': 'flag',
    noescape: 'flag',
    syslog: 'flag',
    'buffer-size': 'value',
    userspace: 'flag',
    'follow-new': 'flag',
    'show-delta': 'flag',
    'time-format': 'value',
  } as const
  const parsed = parseOptions(context.argv, { short: 'CcDdEeF:f:HhJkL::l:n:iPprSs:TtuVWwx', long })
  if (!parsed.ok) return answerUsage(context, 'dmesg', parsed.error)
  const names = new Set(parsed.value.options.map((one) => one.name))
  const has = (...wanted: string[]): boolean => wanted.some((name) => names.has(name))
  const unmodelled = parsed.value.options.find((one) =>
    [
      'J',
      'json',
      'l',
      'level',
      'f',
      'facility',
      'F',
      'x',
      'decode',
      'e',
      'reltime',
      'd',
      'h',
      'file',
      'since',
      'until',
      'show-delta',
      'follow-new',
      'time-format',
      'u',
      'userspace',
      'p',
      'force-prefix',
      'help',
      'W',
    ].includes(one.name),
  )
  if (unmodelled !== undefined)
    return notModelled(context, `dmesg ${unmodelled.name.length > 1 ? '--' : '-'}${unmodelled.name}`)
  if (has('V', 'version')) {
    context.out(`dmesg from util-linux ${toolVersions(context.world).utilLinux}\n`)
    return 0
  }
  if (!mayRead(context)) {
    context.err(
      `dmesg: ${has('C', 'clear') ? 'clear kernel buffer failed' : 'read kernel buffer failed'}: Operation not permitted\n`,
    )
    return 1
  }
  const word = (line: LogLine): string => {
    const prefix = has('t', 'notime')
      ? ''
      : has('T', 'ctime')
        ? `[${wallTime(context, line)}] `
        : `[${seconds(line)}] `
    return `${has('r', 'raw') ? '<4>' : ''}${prefix}${line.text}\n`
  }
  const { log } = context.kernel
  if (!has('C', 'clear')) for (const line of log) context.out(word(line))
  let shown = log.length
  while (has('w', 'follow')) {
    await context.until(() => context.kernel.log.length > shown)
    for (const line of context.kernel.log.slice(shown)) context.out(word(line))
    shown = context.kernel.log.length
  }
  if (has('C', 'clear', 'c', 'read-clear')) log.length = 0
  return 0
}

type LogLine = { readonly atUs: number; readonly text: string }

function seconds(line: LogLine): string {
  return ((line.atUs + BOOTED_US) / 1e6).toFixed(6).padStart(12)
}

function wallTime(context: CommandContext, line: LogLine): string {
  return formatTime('%a %b %e %H:%M:%S %Y', context.world.epochMs + Math.floor(line.atUs / 1000))
}

/** As kernels are built that keep their log for those in charge (`kernel.dmesg_restrict`). */
function mayRead({ process }: CommandContext): boolean {
  return process.capabilities.has('SYSLOG') || process.capabilities.has('SYS_ADMIN')
}

const USAGE = `Usage: dmesg [-cr] [-n LEVEL] [-s SIZE]

Print or control the kernel ring buffer

	-c		Clear ring buffer after printing
	-n LEVEL	Set console logging level
	-s SIZE		Buffer size
	-r		Print raw message buffer
`

export function busyboxDmesg(context: CommandContext): number {
  const parsed = parseOptions(context.argv, { short: 'cn:s:r', long: { help: 'flag' } })
  if (!parsed.ok) return busyboxUsage(context, 'dmesg', USAGE, parsed.error)
  const names = new Set(parsed.value.options.map((one) => one.name))
  if (names.has('help')) return busyboxUsage(context, 'dmesg', USAGE, null)
  if (!mayRead(context)) {
    context.err('dmesg: klogctl: Operation not permitted\n')
    return 1
  }
  if (names.has('n')) return 0
  for (const line of context.kernel.log)
    context.out(`${names.has('r') ? '<4>' : ''}[${seconds(line)}] ${line.text}\n`)
  if (names.has('c')) context.kernel.log.length = 0
  return 0
}
