/** busybox nsenter. util-linux/nsenter.c of busybox */
import { errorText } from '../../render/coreutils/strerror.ts'
import type { CommandContext } from '../context.ts'
import { type OptionTable, parseOptions } from '../getopt.ts'
import {
  type OpenNamespace,
  openNamespace,
  overridesFor,
  runIn,
  targetProcess,
} from '../util-linux/namespaces.ts'
import { runOrComplain } from './run-program.ts'
import { busyboxUsage } from './usage.ts'

const USAGE = `Usage: nsenter [OPTIONS] [PROG ARGS]

	-t PID		Target process to get namespaces from
	-m[FILE]	Enter mount namespace
	-u[FILE]	Enter UTS namespace (hostname etc)
	-i[FILE]	Enter System V IPC namespace
	-n[FILE]	Enter network namespace
	-p[FILE]	Enter pid namespace
	-U[FILE]	Enter user namespace
	-S UID		Set uid in entered namespace
	-G GID		Set gid in entered namespace
	--preserve-credentials	Don't touch uids or gids
	-r[DIR]		Set root directory
	-w[DIR]		Set working directory
	-F		Don't fork before exec'ing PROG
`

/** Letter and file below ns/, in the order of the program's table. */
const NAMESPACES = [
  ...([
    ['U', 'user', 'user'],
    ['i', 'ipc', 'ipc'],
    ['u', 'uts', 'uts'],
  ] as const),
  ...([
    ['n', 'net', 'net'],
    ['p', 'pid', 'pid'],
    ['m', 'mnt', 'mount'],
  ] as const),
] as const

const LONG: NonNullable<OptionTable['long']> = {
  ...{ target: 'value', mount: 'optional', uts: 'optional', ipc: 'optional', network: 'optional' },
  ...{ pid: 'optional', user: 'optional', setuid: 'value', setgid: 'value', root: 'optional' },
  ...{ wd: 'optional', 'no-fork': 'flag', 'preserve-credentials': 'flag', net: 'optional', help: 'flag' },
}

export async function busyboxNsenter(context: CommandContext): Promise<number> {
  const parsed = parseOptions(context.argv, {
    short: 'U::i::u::n::p::m::t:S:G:r::w::F',
    long: LONG,
    strict: true,
  })
  if (!parsed.ok) return busyboxUsage(context, 'nsenter', USAGE, parsed.error)
  const { options, operands } = parsed.value
  if (options.some((one) => one.name === 'help')) return busyboxUsage(context, 'nsenter', USAGE, null)
  const value = (...names: string[]) => options.findLast((one) => names.includes(one.name))?.value
  const target = value('t', 'target') ?? null
  if (target !== null && !/^\d+$/.test(target)) return complain(context, `invalid number '${target}'`)
  const opened: OpenNamespace[] = []
  for (const [letter, file, name] of NAMESPACES) {
    const given = value(letter, name, ...(letter === 'n' ? ['network'] : []))
    if (given === undefined) continue
    if (given === '' && target === null) return busyboxUsage(context, 'nsenter', USAGE, 'operands')
    const path = given || `/proc/${target}/ns/${file}`
    const result = openNamespace(context, path)
    if (!result.ok) return complain(context, `can't open '${path}': ${errorText(result.error.code)}`)
    if (result.value?.type !== file)
      return complain(context, `setns(): can't reassociate to namespace '${file}': Invalid argument`)
    opened.push(result.value)
  }
  if (opened.length > 0 && !context.process.capabilities.has('SYS_ADMIN'))
    return complain(
      context,
      `setns(): can't reassociate to namespace '${opened[0]!.type}': Operation not permitted`,
    )
  const overrides = overridesFor(opened)
  const root = value('r', 'root')
  const process = target === null ? undefined : targetProcess(context, Number(target))
  if (root !== undefined)
    Object.assign(
      overrides,
      root === ''
        ? { root: process?.root ?? '/', mountns: process?.mountns ?? context.process.mountns, cwd: '/' }
        : { root, cwd: '/' },
    )
  const wd = value('w', 'wd')
  if (wd !== undefined) overrides.cwd = wd || (process?.cwd ?? '/')
  const uid = value('S', 'setuid')
  if (uid !== undefined)
    Object.assign(overrides, { uid: Number(uid) }, uid === '0' ? {} : { capabilities: new Set() })
  return runOrComplain(context, operands, overrides, runIn)
}

function complain(context: CommandContext, text: string): number {
  context.err(`nsenter: ${text}\n`)
  return 1
}
