/** journalctl(1) of systemd 252, for Docker's unit. Not modelled: other units, fields, boots, output formats. */
import { formatTime } from '../../render/coreutils/strftime.ts'
import type { Engine, JournalLine } from '../../sim/docker/engine.ts'
import { type CommandContext, Interrupted } from '../context.ts'
import { notModelled } from '../not-modelled.ts'
import { engineOf, unitOf } from './units.ts'

/** `Nov 23 17:30:05 host1 dockerd[86]: …` */
export function journalLines(context: CommandContext, engine: Engine): string[] {
  return engine.journal.map((line) => shown(context, line))
}

function shown(context: CommandContext, line: JournalLine): string {
  const { world, kernel } = context
  const stamp = formatTime('%b %d %H:%M:%S', world.epochMs + line.atUs / 1000)
  const [first] = kernel.utsNamespaces.values()
  return `${stamp} ${first?.hostname ?? kernel.host} ${line.program}[${line.pid}]: ${line.text}`
}

interface Asked {
  unit: string | null
  lines: number | null
  follow: boolean
  reverse: boolean
  unknown: string | null
}

const QUIET = new Set([
  '--no-pager',
  '-e',
  '--pager-end',
  '-x',
  '--catalog',
  '-xe',
  '-ex',
  '-a',
  '--all',
  '-q',
  '-b',
  '-l',
  '--full',
])

/** Letters may stand together: `-xeu docker`. */
function read(words: readonly string[]): Asked {
  const asked: Asked = { unit: null, lines: null, follow: false, reverse: false, unknown: null }
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    const long = /^--(unit|lines)(?:=(.*))?$/.exec(word)
    const short = /^-([xeaqfr]*)([un])(.*)$/.exec(word)
    if (long !== null || short !== null) {
      const name = long?.[1] ?? (short?.[2] === 'u' ? 'unit' : 'lines')
      const value = (long === null ? short?.[3] : long[2]) || words[++i] || ''
      if (name === 'unit') asked.unit = value
      else asked.lines = value === 'all' ? null : Number(value)
      if (short?.[1]?.includes('f')) asked.follow = true
    } else if (word === '-f' || word === '--follow') asked.follow = true
    else if (word === '-r' || word === '--reverse') asked.reverse = true
    else if (!QUIET.has(word)) asked.unknown = word
  }
  return asked
}

export async function journalctl(context: CommandContext): Promise<number> {
  const asked = read(context.argv.slice(1))
  if (asked.unknown !== null || asked.unit === null)
    return notModelled(context, `journalctl ${asked.unknown ?? 'without -u'}`)
  const engine = engineOf(context)
  if (unitOf(context, asked.unit) !== 'docker.service' || engine === undefined) {
    context.out('-- No entries --\n')
    return 0
  }
  const all = journalLines(context, engine)
  const last = asked.lines ?? (asked.follow ? 10 : all.length)
  const lines = all.slice(Math.max(0, all.length - last))
  for (const line of asked.reverse ? lines.reverse() : lines) context.out(`${line}\n`)
  if (!asked.follow) return 0
  return follow(context, engine)
}

async function follow(context: CommandContext, engine: Engine): Promise<number> {
  let last = engine.journal.at(-1)
  try {
    for (;;) {
      await context.until(() => engine.journal.at(-1) !== last)
      const from = last === undefined ? 0 : engine.journal.lastIndexOf(last) + 1
      for (const line of engine.journal.slice(from)) context.out(`${shown(context, line)}\n`)
      last = engine.journal.at(-1)
    }
  } catch (error) {
    if (error instanceof Interrupted) return 130
    throw error
  }
}
