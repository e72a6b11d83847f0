/** sysctl(8) of procps-ng 4.0.2: sysctl.c. Not modelled: settings outside `net.`. */
import { errorText } from '../../render/iproute2/errno.ts'
import { readFile, writeFile } from '../../sim/kernel/fs/files.ts'
import { readSysctl, sysctlKeys } from '../../sim/kernel/sysctl/sysctl.ts'
import type { Command, CommandContext } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { SYSCTL_USAGE } from '../net-tools/usage.ts'
import { notModelled } from '../not-modelled.ts'
import { keyOf, keysUnder, pathOf } from './keys.ts'

interface Look {
  readonly valuesOnly: boolean
  readonly namesOnly: boolean
  readonly quiet: boolean
  readonly ignore: boolean
  readonly write: boolean
  readonly newline: boolean
  readonly pattern: RegExp | null
}

const LONG = {
  all: 'flag',
  names: 'flag',
  values: 'flag',
  load: 'optional',
  pattern: 'value',
  quiet: 'flag',
  write: 'flag',
  ignore: 'flag',
  system: 'flag',
  'dry-run': 'flag',
  deprecated: 'flag',
  binary: 'flag',
  help: 'flag',
  version: 'flag',
} as const

export const sysctl: Command = (context) => {
  const parsed = parseOptions(context.argv, { short: 'bneNwfp::qoxaAXr:Vdh', long: LONG })
  if (!parsed.ok) {
    const { option, isLong } = parsed.error
    context.err(
      `sysctl: ${isLong ? `unrecognized option '--${option}'` : `invalid option -- '${option}'`}\n${SYSCTL_USAGE}`,
    )
    return 0
  }
  const { options, operands } = parsed.value
  const has = (...names: string[]): boolean => options.some(({ name }) => names.includes(name))
  if (has('h', 'd', 'help')) {
    context.out(SYSCTL_USAGE)
    return 0
  }
  if (has('V', 'version')) {
    context.out('sysctl from procps-ng 4.0.2\n')
    return 0
  }
  const pattern = options.find(({ name }) => name === 'r' || name === 'pattern')?.value
  const look: Look = {
    valuesOnly: has('n', 'values', 'b', 'binary'),
    newline: !has('b', 'binary'),
    namesOnly: has('N', 'names'),
    quiet: has('q', 'quiet'),
    ignore: has('e', 'ignore'),
    write: has('w', 'write'),
    pattern: pattern === undefined ? null : new RegExp(pattern),
  }
  if (has('system')) return notModelled(context, 'sysctl --system')
  if (has('a', 'A', 'X', 'all')) return showAll(context, look)
  const load = options.find(({ name }) => ['p', 'f', 'load'].includes(name))
  if (load !== undefined)
    return loadFiles(
      context,
      [load.value, ...operands].filter((file) => file !== ''),
      look,
    )
  if (operands.length > 0)
    return operands.map((word) => one(context, word, look)).reduce((x, y) => Math.max(x, y), 0)
  if (options.length === 0) {
    context.err(SYSCTL_USAGE)
    return 1
  }
  context.err("sysctl: no variables specified\nTry `sysctl --help' for more information.\n")
  return 1
}

function showAll(context: CommandContext, look: Look): number {
  for (const key of sysctlKeys(context.netns).sort()) {
    if (look.pattern?.test(key) !== false) print(context, key, look)
  }
  return 0
}

function print(context: CommandContext, key: string, look: Look): void {
  if (look.namesOnly) context.out(`${key}\n`)
  else if (look.valuesOnly) context.out(readSysctl(context.netns, key) + (look.newline ? '\n' : ''))
  else context.out(`${key} = ${readSysctl(context.netns, key)}\n`)
}

function one(context: CommandContext, word: string, look: Look): number {
  const equals = word.indexOf('=')
  if (equals >= 0) return set(context, word.slice(0, equals).trim(), word.slice(equals + 1).trim(), look)
  if (look.write) {
    context.err('sysctl: command line(0): invalid syntax, continuing...\n')
    return 1
  }
  const keys = keysUnder(context.netns, keyOf(word))
  if (keys.length === 0) return missing(context, keyOf(word), look)
  for (const key of keys) print(context, key, look)
  return 0
}

function missing(context: CommandContext, key: string, look: Look): number {
  if (look.ignore) return 0
  context.err(`sysctl: cannot stat ${pathOf(key)}: No such file or directory\n`)
  return 1
}

function set(context: CommandContext, word: string, value: string, look: Look): number {
  const key = keyOf(word)
  if (keysUnder(context.netns, key)[0] !== key) return missing(context, key, look)
  const { world, kernel, process } = context
  const done = writeFile(world, kernel, process, pathOf(key), value)
  if (!done.ok && done.error.code === 'EACCES') {
    context.err(`sysctl: permission denied on key "${key}"${look.ignore ? ', ignoring' : ''}\n`)
    return look.ignore ? 0 : 1
  }
  if (!done.ok) {
    context.err(`sysctl: setting key "${key}": ${errorText(done.error.code)}\n`)
    return 1
  }
  if (look.quiet) return 0
  if (look.namesOnly) context.out(`${key}\n`)
  else context.out(look.valuesOnly ? `${value}\n` : `${key} = ${value}\n`)
  return 0
}

function loadFiles(context: CommandContext, files: readonly string[], look: Look): number {
  let status = 0
  for (const file of files.length === 0 ? ['/etc/sysctl.conf'] : files) {
    const text = readFile(context.world, context.kernel, context.process, file)
    if (!text.ok) {
      context.err(`sysctl: cannot open "${file}": ${errorText(text.error.code)}\n`)
      status = 1
      continue
    }
    for (const line of text.value.split('\n')) {
      const trimmed = line.trim()
      if (trimmed === '' || /^[#;]/.test(trimmed)) continue
      status = Math.max(status, one(context, trimmed, { ...look, write: true }))
    }
  }
  return status
}
