/** busybox's `sysctl`: procps/sysctl.c (1.35). */
import { errorText } from '../../render/iproute2/errno.ts'
import { readFile, writeFile } from '../../sim/kernel/fs/files.ts'
import { readSysctl, sysctlKeys } from '../../sim/kernel/sysctl/sysctl.ts'
import type { Command, CommandContext } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { keyOf, keysUnder, pathOf } from '../procps-sysctl/keys.ts'
import { SYSCTL_USAGE } from './ip-usage.ts'
import { busyboxUsage } from './usage.ts'

interface Look {
  readonly valuesOnly: boolean
  readonly quiet: boolean
  readonly ignore: boolean
  readonly write: boolean
}

export const busyboxSysctl: Command = (context) => {
  const parsed = parseOptions(context.argv, { short: 'neAapwq', long: { help: 'flag' } })
  if (!parsed.ok) return busyboxUsage(context, 'sysctl', SYSCTL_USAGE, parsed.error)
  const names = new Set(parsed.value.options.map(({ name }) => name))
  if (names.has('help')) return busyboxUsage(context, 'sysctl', SYSCTL_USAGE, null)
  const look: Look = {
    valuesOnly: names.has('n'),
    quiet: names.has('q'),
    ignore: names.has('e'),
    write: names.has('w'),
  }
  if (names.has('a') || names.has('A')) {
    for (const key of sysctlKeys(context.netns).sort()) print(context, key, look)
    return 0
  }
  const { operands } = parsed.value
  if (names.has('p')) return load(context, operands.length === 0 ? ['/etc/sysctl.conf'] : operands, look)
  return operands.reduce((status, word) => Math.max(status, one(context, word, look)), 0)
}

function fail(context: CommandContext, text: string): number {
  context.err(`sysctl: ${text}\n`)
  return 1
}

function print(context: CommandContext, key: string, look: Look): void {
  const value = readSysctl(context.netns, key)
  context.out(look.valuesOnly ? `${value}\n` : `${key} = ${value}\n`)
}

function one(context: CommandContext, word: string, look: Look): number {
  const equals = word.indexOf('=')
  const key = keyOf(equals < 0 ? word : word.slice(0, equals).trim())
  const keys = keysUnder(context.netns, key)
  if (look.write && equals < 0) return fail(context, `error: '${word}' must be of the form name=value`)
  if (keys.length === 0) return look.ignore ? 1 : fail(context, `error: '${key}' is an unknown key`)
  if (equals < 0) {
    for (const found of keys) print(context, found, look)
    return 0
  }
  const { world, kernel, process } = context
  const done = writeFile(world, kernel, process, pathOf(key), word.slice(equals + 1).trim())
  if (!done.ok) {
    const text = errorText(done.error.code)
    return fail(
      context,
      done.error.code === 'EINVAL' ? `write error: ${text}` : `error setting key '${key}': ${text}`,
    )
  }
  if (!look.quiet) print(context, key, look)
  return 0
}

function load(context: CommandContext, files: readonly string[], look: Look): number {
  let status = 0
  for (const file of files) {
    const text = readFile(context.world, context.kernel, context.process, file)
    if (!text.ok) return fail(context, `can't open '${file}': ${errorText(text.error.code)}`)
    for (const line of text.value.split('\n')) {
      if (/^\s*([#;]|$)/.test(line)) continue
      status = Math.max(status, one(context, line.replace(/\s*=\s*/, '=').trim(), look))
    }
  }
  return status
}
