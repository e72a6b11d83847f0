/** date, id, whoami, uname, hostname, nproc, tty and the like: facts about the machine and who asks. coreutils(1), hostname(1) */
import { formatTime } from '../../render/coreutils/strftime.ts'
import type { CommandContext } from '../context.ts'
import { notModelled } from '../not-modelled.ts'
import { groupName, userName } from './attributes.ts'
import { complain, readOptions, type Tool } from './tool.ts'

export const date: Tool = (context, flavour) => {
  const long = {
    utc: 'flag',
    universal: 'flag',
    date: 'value',
    set: 'value',
    'iso-8601': 'optional',
    'rfc-3339': 'value',
    'rfc-email': 'flag',
  } as const
  const options = readOptions(context, flavour, { short: 'ud:s:RI:r:', long }, '[OPTIONS] [+FMT] [[-s] TIME]')
  if (options === null) return 1
  if (options.has('s', 'set')) return notModelled(context, 'date -s')
  let ms = context.world.epochMs + context.world.nowUs / 1000
  const given = options.value('d', 'date')
  if (given !== undefined) {
    const parsed = parseDate(given, ms)
    if (parsed === null)
      return complain(context, flavour === 'gnu' ? `invalid date ‘${given}’` : `invalid date '${given}'`)
    ms = parsed
  }
  const format = options.operands.find((word) => word.startsWith('+'))?.slice(1)
  const usual = options.has('R', 'rfc-email')
    ? '%a, %d %b %Y %H:%M:%S %z'
    : options.has('iso-8601')
      ? '%Y-%m-%d'
      : '%a %b %e %H:%M:%S UTC %Y'
  context.out(`${formatTime(format ?? usual, Math.floor(ms / 1000) * 1000, (ms % 1000) * 1e6)}\n`)
  return 0
}

function parseDate(text: string, nowMs: number): number | null {
  if (text === 'now') return nowMs
  if (text.startsWith('@')) return Number(text.slice(1)) * 1000
  const relative = /^([-+]?\d+) (second|minute|hour|day|week)s?( ago)?$/.exec(text)
  if (relative !== null) {
    const unit =
      { second: 1, minute: 60, hour: 3600, day: 86400, week: 604800 }[relative[2] as 'second'] * 1000
    return nowMs + Number(relative[1]) * unit * (relative[3] === undefined ? 1 : -1)
  }
  const parsed = Date.parse(/\d:\d/.test(text) ? `${text.replace(' ', 'T')}Z` : `${text}T00:00:00Z`)
  return Number.isNaN(parsed) ? null : parsed
}

export const id: Tool = (context, flavour) => {
  const options = readOptions(
    context,
    flavour,
    { short: 'ugGnr', long: { user: 'flag', group: 'flag', groups: 'flag', name: 'flag' } },
    '[-ugGnr] [USER]',
  )
  if (options === null) return 1
  const { uid, gid = uid } = context.process
  const names = options.has('n', 'name')
  if (options.has('u', 'user')) context.out(`${names ? userName(context, uid) : uid}\n`)
  else if (options.has('g', 'G', 'group', 'groups')) context.out(`${names ? groupName(context, gid) : gid}\n`)
  else {
    const user = userName(context, uid)
    const shown = (number: number, name: string): string =>
      name === String(number) ? name : `${number}(${name})`
    const group = shown(gid, groupName(context, gid))
    context.out(`uid=${shown(uid, user)} gid=${group} groups=${group}\n`)
  }
  return 0
}

export const whoami: Tool = (context) => {
  context.out(`${userName(context, context.process.uid)}\n`)
  return 0
}

export const groups: Tool = (context) => {
  const { uid, gid = uid } = context.process
  context.out(`${groupName(context, gid)}\n`)
  return 0
}

export const uname: Tool = (context, flavour) => {
  const options = readOptions(
    context,
    flavour,
    {
      short: 'asnrvmpio',
      long: {
        all: 'flag',
        'kernel-name': 'flag',
        nodename: 'flag',
        'kernel-release': 'flag',
        machine: 'flag',
      },
    },
    '[-amnrspvio]',
  )
  if (options === null) return 1
  const all = options.has('a', 'all')
  const parts: string[] = []
  const none = options.all.length === 0
  const add = (text: string, ...names: string[]): void => {
    if (all || options.has(...names)) parts.push(text)
  }
  if (none) parts.push('Linux')
  add('Linux', 's', 'kernel-name')
  add(hostnameOf(context), 'n', 'nodename')
  add(context.kernel.features.release, 'r', 'kernel-release')
  add('#1 SMP PREEMPT_DYNAMIC', 'v')
  add('x86_64', 'm', 'machine')
  if (options.has('p')) parts.push('unknown')
  if (options.has('i')) parts.push('unknown')
  add('GNU/Linux', 'o')
  context.out(`${parts.join(' ')}\n`)
  return 0
}

export const arch: Tool = (context) => {
  context.out('x86_64\n')
  return 0
}

export function hostnameOf(context: CommandContext): string {
  return context.kernel.utsNamespaces.get(context.process.utsns)?.hostname ?? context.kernel.host
}

export const nproc: Tool = (context) => {
  context.out('2\n')
  return 0
}

export const tty: Tool = (context) => {
  const stdin = context.process.descriptors.get(0)
  context.out(stdin?.kind === 'terminal' ? `/dev/pts/${stdin.terminal}\n` : 'not a tty\n')
  return stdin?.kind === 'terminal' ? 0 : 1
}

export const stty: Tool = (context) => {
  const words = context.argv.slice(1)
  if (!context.inIsTerminal) {
    context.err("stty: 'standard input': Inappropriate ioctl for device\n")
    return 1
  }
  if (words[0] === 'size') context.out(`${context.rows} ${context.columns}\n`)
  else if (words.length === 0) context.out('speed 38400 baud; line = 0;\n-brkint -imaxbel\n')
  else if (words[0] !== 'sane') return notModelled(context, `stty ${words[0]}`)
  return 0
}

export const sync: Tool = () => 0

export const clear: Tool = (context) => {
  context.out('\x1b[H\x1b[2J\x1b[3J')
  return 0
}
