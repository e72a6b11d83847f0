/** A short way to write option tables: one line an option, as help texts show it. */
import type { Flag, FlagType } from './flags.ts'

const TYPES: Readonly<Record<string, FlagType>> = {
  list: 'list',
  strings: 'strings',
  map: 'map',
  filter: 'list',
  int: 'int',
  network: 'list',
  mount: 'list',
  ulimit: 'list',
}

/** Words in help that could also begin the explanation are told apart by this list. */
const VALUE_WORDS = new Set([
  ...['list', 'string', 'strings', 'map', 'filter', 'int', 'network', 'mount', 'ulimit', 'bytes', 'decimal'],
  ...[
    'duration',
    'uint16',
    'uint32',
    'uint',
    'gpu-request',
    'node-addr',
    'ipNetSlice',
    'external-ca',
    'secret',
    'config',
    'stringToString',
  ],
])

const LINE = /^(?:-(\w), )?--([a-z0-9-]+)(?: ([\w-]+))?\s{2,}([\s\S]*)$/

/** `-t, --time int   Seconds to wait …`; more lines of an explanation follow behind `\n`. */
export function flagTable(text: string): Flag[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map(readLine)
}

function readLine(line: string): Flag {
  const match = LINE.exec(line)
  if (match === null) throw new Error(`not an option: ${line}`)
  const [, short = null, name = '', shown = '', rest = ''] = match
  if (shown !== '' && !VALUE_WORDS.has(shown)) throw new Error(`unknown kind of value: ${line}`)
  const { usage, shownDefault } = splitDefault(rest.replaceAll('\\n', '\n'))
  return {
    name,
    short,
    type: shown === '' ? 'bool' : (TYPES[shown] ?? 'string'),
    shown,
    usage,
    shownDefault,
    check: null,
    hidden: false,
  }
}

function splitDefault(text: string): { usage: string; shownDefault: string | null } {
  const match = /^([\s\S]*) \(default ([^)]*)\)$/.exec(text)
  if (match === null || /\(default\)$/.test(text)) return { usage: text, shownDefault: null }
  return { usage: match[1]!, shownDefault: match[2]! }
}

/** The table with checks put to some options. */
export function withChecks(
  flags: readonly Flag[],
  checks: Readonly<Record<string, (value: string) => string | null>>,
): Flag[] {
  return flags.map((flag) =>
    checks[flag.name] === undefined ? flag : { ...flag, check: checks[flag.name]! },
  )
}
