/** busybox sysctl. busybox procps/sysctl.c */
import type { CommandContext } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { notModelled } from '../not-modelled.ts'
import { allSettings, readSetting, settingName, settingPath, writeSetting } from '../sysctl/settings.ts'
import { busyboxUsage } from './usage.ts'

const USAGE = `Usage: sysctl [-enq] { -a | -p [FILE]... | [-w] [KEY[=VALUE]]... }

Show/set kernel parameters

	-e	Don't warn about unknown keys
	-n	Don't show key names
	-q	Quiet
	-a	Show all values
	-p	Set values from FILEs (default /etc/sysctl.conf)
	-w	Set values
`

export function busyboxSysctl(context: CommandContext): number {
  const parsed = parseOptions(context.argv, { short: 'neAapwq' })
  if (!parsed.ok) return busyboxUsage(context, 'sysctl', USAGE, parsed.error)
  const flags = new Set(parsed.value.options.map((option) => option.name))
  if (flags.has('p')) return notModelled(context, 'sysctl -p')
  const { operands } = parsed.value
  if (flags.has('a') || flags.has('A')) {
    for (const path of allSettings(context)) show(context, path, flags)
    return 0
  }
  if (operands.length === 0) return busyboxUsage(context, 'sysctl', USAGE, 'operands')
  return operands.map((word) => one(context, word, flags)).some((fine) => !fine) ? 1 : 0
}

function one(context: CommandContext, word: string, flags: ReadonlySet<string>): boolean {
  const cut = word.indexOf('=')
  if (cut === -1 && flags.has('w')) {
    context.err(`sysctl: error: '${word}' must be of the form name=value\n`)
    return false
  }
  if (cut === -1) return show(context, settingPath(word), flags)
  const name = word.slice(0, cut)
  const value = word.slice(cut + 1)
  const written = writeSetting(context, settingPath(name), value)
  if (!written.ok) return refused(context, settingPath(name), written.error.code, 'setting', flags)
  if (!flags.has('q'))
    context.out(flags.has('n') ? `${value}\n` : `${settingName(settingPath(name))} = ${value}\n`)
  return true
}

function show(context: CommandContext, path: string, flags: ReadonlySet<string>): boolean {
  const files = allSettings(context, path)
  if (files.length !== 1 || files[0] !== path) {
    return files.map((file) => show(context, file, flags)).every((fine) => fine)
  }
  const value = readSetting(context, path)
  if (!value.ok) return refused(context, path, value.error.code, 'reading', flags)
  const text = value.value.replace(/\n$/, '')
  context.out(flags.has('n') ? `${text}\n` : `${settingName(path)} = ${text}\n`)
  return true
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied',
  EINVAL: 'Invalid argument',
  EROFS: 'Read-only file system',
  EPERM: 'Operation not permitted',
}

function refused(
  context: CommandContext,
  path: string,
  code: string,
  doing: string,
  flags: ReadonlySet<string>,
): boolean {
  const name = settingName(path)
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    if (!flags.has('e')) context.err(`sysctl: error: '${name}' is an unknown key\n`)
    return flags.has('e')
  }
  context.err(`sysctl: error ${doing} key '${name}': ${REASONS[code] ?? code}\n`)
  return false
}
