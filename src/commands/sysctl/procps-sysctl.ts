/** sysctl(8) of procps 4. Not modelled: `--system`, `-p` without a file, patterns. */
import type { CommandContext } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { notModelled } from '../not-modelled.ts'
import { allSettings, readSetting, settingName, settingPath, writeSetting } from './settings.ts'

const LONG = {
  all: 'flag',
  binary: 'flag',
  ignore: 'flag',
  names: 'flag',
  values: 'flag',
  quiet: 'flag',
  write: 'flag',
  load: 'optional',
  system: 'flag',
  pattern: 'value',
  help: 'flag',
  version: 'flag',
  deprecated: 'flag',
  'dry-run': 'flag',
} as const
const UNMODELLED = new Set(['b', 'binary', 'p', 'load', 'system', 'r', 'pattern', 'dry-run'])

interface Wishes {
  readonly valuesOnly: boolean
  readonly namesOnly: boolean
  readonly ignore: boolean
  readonly quiet: boolean
  readonly write: boolean
}

export function sysctl(context: CommandContext): number {
  const parsed = parseOptions(context.argv, { short: 'abdefFhnNopqrwAVX', long: LONG })
  if (!parsed.ok) {
    const { option, isLong } = parsed.error
    context.err(
      isLong ? `sysctl: unrecognized option '--${option}'\n` : `sysctl: invalid option -- '${option}'\n`,
    )
    context.err(USAGE)
    return 1
  }
  const names = new Set(parsed.value.options.map((option) => option.name))
  const has = (...wanted: string[]): boolean => wanted.some((name) => names.has(name))
  for (const name of names) {
    if (UNMODELLED.has(name)) return notModelled(context, `sysctl ${name.length === 1 ? '-' : '--'}${name}`)
  }
  if (has('help', 'h')) {
    context.out(USAGE)
    return 0
  }
  const wishes: Wishes = {
    valuesOnly: has('n', 'values'),
    namesOnly: has('N', 'names'),
    ignore: has('e', 'ignore'),
    quiet: has('q', 'quiet'),
    write: has('w', 'write'),
  }
  if (has('a', 'all', 'A', 'X')) {
    for (const path of allSettings(context)) show(context, path, wishes)
    return 0
  }
  if (parsed.value.operands.length === 0) {
    context.err("sysctl: no variables specified\nTry `sysctl --help' for more information.\n")
    return 1
  }
  return parsed.value.operands.map((word, at) => one(context, word, at, wishes)).some((fine) => !fine) ? 1 : 0
}

function one(context: CommandContext, word: string, at: number, wishes: Wishes): boolean {
  const cut = word.indexOf('=')
  if (cut === -1 && wishes.write) {
    context.err(`sysctl: command line(${at}): invalid syntax, continuing...\n`)
    return false
  }
  if (cut !== -1) return set(context, word.slice(0, cut).trim(), word.slice(cut + 1).trim(), wishes)
  return show(context, settingPath(word), wishes)
}

function show(context: CommandContext, path: string, wishes: Wishes): boolean {
  const files = allSettings(context, path)
  if (files.length !== 1 || files[0] !== path) {
    return files.map((file) => show(context, file, wishes)).every((fine) => fine)
  }
  const value = readSetting(context, path)
  if (!value.ok) return refused(context, path, value.error.code, wishes, 'reading')
  const name = settingName(path)
  for (const line of value.value.replace(/\n$/, '').split('\n')) {
    if (wishes.namesOnly) context.out(`${name}\n`)
    else context.out(wishes.valuesOnly ? `${line}\n` : `${name} = ${line}\n`)
  }
  return true
}

function set(context: CommandContext, word: string, value: string, wishes: Wishes): boolean {
  const path = settingPath(word)
  const written = writeSetting(context, path, value)
  if (!written.ok) return refused(context, path, written.error.code, wishes, 'setting')
  const name = settingName(path)
  if (!wishes.quiet) context.out(wishes.valuesOnly ? `${value}\n` : `${name} = ${value}\n`)
  return true
}

const REASONS: Readonly<Record<string, string>> = {
  EINVAL: 'Invalid argument',
  EROFS: 'Read-only file system',
  EPERM: 'Operation not permitted',
}

function refused(
  context: CommandContext,
  path: string,
  code: string,
  wishes: Wishes,
  doing: string,
): boolean {
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    if (wishes.ignore) return true
    context.err(`sysctl: cannot stat ${path}: No such file or directory\n`)
  } else if (code === 'EACCES') context.err(`sysctl: permission denied on key "${settingName(path)}"\n`)
  else context.err(`sysctl: ${doing} key "${settingName(path)}": ${REASONS[code] ?? code}\n`)
  return false
}

const USAGE = `
Usage:
 sysctl [options] [variable[=value] ...]

Options:
  -a, --all            display all variables
  -A                   alias of -a
  -X                   alias of -a
      --deprecated     include deprecated parameters to listing
      --dry-run        Print the key and values but do not write
  -b, --binary         print value without new line
  -e, --ignore         ignore unknown variables errors
  -N, --names          print variable names without values
  -n, --values         print only values of the given variable(s)
  -p, --load[=<file>]  read values from file
  -f                   alias of -p
      --system         read values from all system directories
  -r, --pattern <expression>
                       select setting that match expression
  -q, --quiet          do not echo variable set
  -w, --write          enable writing a value to variable
  -o                   does nothing
  -x                   does nothing
  -d                   alias of -h

 -h, --help     display this help and exit
 -V, --version  output version information and exit

For more details see sysctl(8).
`
