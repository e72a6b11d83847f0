/** getent(1) of glibc 2.36: names of hosts through the resolver, everything else out of the files below /etc. glibc nss/getent.c */
import { readFile } from '../../sim/kernel/fs/files.ts'
import { getentProgram } from '../../sim/process/getent.ts'
import type { Command, CommandContext } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { notModelled } from '../not-modelled.ts'
import { fileDatabases } from './databases.ts'
import { GETENT_HELP, GETENT_USAGE, GETENT_VERSION } from './usage.ts'

const TRY = "Try `getent --help' or `getent --usage' for more information.\n"
const LONG = {
  'no-addrconfig': 'flag',
  'no-idn': 'flag',
  service: 'value',
  help: 'flag',
  usage: 'flag',
  version: 'flag',
} as const
/** Without a list of all. */
const NOT_LISTED = new Set(['ethers', 'netgroup', 'initgroups'])
const EMPTY_HERE = new Set(['ethers', 'netgroup', 'aliases'])

const TEXTS: Readonly<Record<string, string>> = {
  '?': GETENT_HELP,
  help: GETENT_HELP,
  usage: GETENT_USAGE,
  V: GETENT_VERSION,
  version: GETENT_VERSION,
}

export const getent: Command = (context) => {
  const parsed = parseOptions(context.argv, { short: 'Ais:?V', long: LONG })
  if (!parsed.ok) return wrongOption(context, parsed.error)
  let filesOnly = false
  for (const { name, value } of parsed.value.options) {
    const text = TEXTS[name]
    if (text !== undefined) {
      context.out(text)
      return 0
    }
    if (name === 's' || name === 'service') {
      if (!/^(\w+:)?(files|dns|files dns)$/.test(value)) return notModelled(context, `getent -s ${value}`)
      filesOnly = /files$/.test(value)
    }
  }
  const [database, ...keys] = parsed.value.operands
  if (database === undefined) {
    context.err(`getent: wrong number of arguments\n${TRY}`)
    return 1
  }
  if (['hosts', 'ahosts', 'ahostsv4', 'ahostsv6'].includes(database)) {
    if (filesOnly && keys.length > 0) return hostsOfFile(context, keys, database === 'hosts')
    return context.become(getentProgram(database as 'hosts', keys))
  }
  return otherDatabase(context, database, keys)
}

function wrongOption(
  context: CommandContext,
  error: { readonly kind: string; readonly option: string; readonly isLong: boolean },
): number {
  const named = error.isLong ? `'--${error.option}'` : `'${error.option}'`
  if (error.kind === 'missing') context.err(`getent: option requires an argument -- ${named}\n`)
  else context.err(`getent: ${error.isLong ? 'unrecognized option' : 'invalid option --'} ${named}\n`)
  context.err(TRY)
  return 64
}

function otherDatabase(context: CommandContext, name: string, keys: readonly string[]): number {
  const database = fileDatabases.get(name)
  if (database === undefined && !NOT_LISTED.has(name) && !EMPTY_HERE.has(name)) {
    if (['gshadow', 'shadow', 'rpc'].includes(name)) return notModelled(context, `getent ${name}`)
    context.err(`Unknown database: ${name}\n${TRY}`)
    return 1
  }
  if (keys.length === 0) {
    if (NOT_LISTED.has(name)) {
      context.err(`Enumeration not supported on ${name}\n`)
      return 3
    }
    for (const entry of linesOf(context, database?.path)) context.out(database?.line(entry) ?? '')
    return 0
  }
  if (name === 'initgroups') return initialGroups(context, keys)
  let status = 0
  for (const key of keys) {
    const found = linesOf(context, database?.path).find((entry) => database?.matches(entry, key))
    if (found === undefined || database === undefined) status = 2
    else context.out(database.line(found))
  }
  return status
}

function linesOf(context: CommandContext, path: string | undefined): string[] {
  const file = path === undefined ? null : readFile(context.world, context.kernel, context.process, path)
  const lines = file?.ok ? file.value.split('\n') : []
  return lines.map((line) => line.replace(/#.*/, '').trim()).filter((line) => line !== '')
}

/** The groups that a user is a member of besides his own. */
function initialGroups(context: CommandContext, users: readonly string[]): number {
  for (const user of users) {
    const groups = linesOf(context, '/etc/group').filter((line) =>
      (line.split(':')[3] ?? '').split(',').includes(user),
    )
    context.out(`${user.padEnd(21)}${groups.map((line) => ` ${line.split(':')[2]}`).join('')}\n`)
  }
  return 0
}

/** `-s files`: no server is asked. */
function hostsOfFile(context: CommandContext, keys: readonly string[], plain: boolean): number {
  let status = 0
  for (const key of keys) {
    const rows = linesOf(context, '/etc/hosts').map((line) => line.split(/\s+/))
    const found = rows.find((words) => words.includes(key))
    const [address = '', ...names] = found ?? []
    if (found === undefined) status = 2
    else if (plain) context.out(`${address.padEnd(15)} ${names.join(' ')}\n`)
    else {
      const row = (type: string): string => `${address.padEnd(15)} ${type.padEnd(6)}`
      context.out(`${row('STREAM')} ${names[0] ?? ''}\n${row('DGRAM')} \n${row('RAW')} \n`)
    }
  }
  return status
}
