/**
 * unshare(1) of util-linux and of busybox. Not modelled: user, ipc, cgroup and time namespaces (asked for, there is no new
 * one), mount propagation.
 */
import { createFilesystem } from '../../sim/kernel/fs/filesystem.ts'
import { addMount, copyMountNamespace } from '../../sim/kernel/fs/mount.ts'
import { createNamespace } from '../../sim/kernel/netlink/namespace.ts'
import { releaseNamespace } from '../../sim/kernel/netlink/references.ts'
import { runOrComplain } from '../busybox/run-program.ts'
import { busyboxUsage } from '../busybox/usage.ts'
import type { CommandContext, ExecOverrides } from '../context.ts'
import { type OptionTable, parseOptions } from '../getopt.ts'
import { notModelled } from '../not-modelled.ts'
import { toolVersions } from '../tool-versions.ts'
import { loginShell } from './namespaces.ts'
import { answerUsage } from './usage.ts'

const TABLE: OptionTable = {
  short: 'hVm::u::i::n::p::C::U::T::frR:w:S:G:c',
  long: {
    ...{
      help: 'flag',
      version: 'flag',
      mount: 'optional',
      uts: 'optional',
      ipc: 'optional',
      net: 'optional',
    },
    ...{ pid: 'optional', user: 'optional', cgroup: 'optional', time: 'optional', fork: 'flag' },
    ...{
      'mount-proc': 'optional',
      'map-root-user': 'flag',
      'map-current-user': 'flag',
      propagation: 'value',
    },
    ...{ setgroups: 'value', 'kill-child': 'optional', root: 'value', wd: 'value', setuid: 'value' },
    ...{
      'map-auto': 'flag',
      'map-users': 'value',
      'map-groups': 'value',
      monotonic: 'value',
      boottime: 'value',
    },
    ...{ setgid: 'value', 'keep-caps': 'flag', 'map-user': 'value', 'map-group': 'value' },
  },
  strict: true,
}

export async function unshare(context: CommandContext): Promise<number> {
  const parsed = parseOptions(context.argv, TABLE)
  if (!parsed.ok) return answerUsage(context, 'unshare', parsed.error)
  const options = new Map(parsed.value.options.map((one) => [one.name, one.value]))
  if (options.has('h') || options.has('help')) return notModelled(context, 'unshare --help')
  if (options.has('V') || options.has('version')) {
    context.out(`unshare from util-linux ${toolVersions(context.world).utilLinux}\n`)
    return 0
  }
  for (const name of [
    'map-auto',
    'map-users',
    'map-groups',
    'monotonic',
    'boottime',
    'c',
    'map-user',
    'map-group',
  ])
    if (options.has(name)) return notModelled(context, `unshare ${name.length > 1 ? '--' : '-'}${name}`)
  const fresh = newNamespaces(context, options)
  if (fresh === null) {
    context.err('unshare: unshare failed: Operation not permitted\n')
    return 1
  }
  const { operands } = parsed.value
  const shell = loginShell(context)
  const argv = operands.length > 0 ? operands : shell.argv
  if (operands.length === 0) fresh.argv0 = shell.argv0
  if (context.findProgram(argv[0]!, fresh) === null) {
    discard(context, fresh)
    context.err(`unshare: failed to execute ${argv[0]}: No such file or directory\n`)
    return 127
  }
  return runFresh(context, argv, fresh, isForking(options))
}

const BUSYBOX_USAGE = `Usage: unshare [OPTIONS] [PROG ARGS]

	-m,--mount[=FILE]	Unshare mount namespace
	-u,--uts[=FILE]		Unshare UTS namespace (hostname etc.)
	-i,--ipc[=FILE]		Unshare System V IPC namespace
	-n,--net[=FILE]		Unshare network namespace
	-p,--pid[=FILE]		Unshare PID namespace
	-U,--user[=FILE]	Unshare user namespace
	-f			Fork before execing PROG
	-r			Map current user to root (implies -U)
	--mount-proc[=DIR]	Mount /proc filesystem first (implies -m)
	--propagation slave|shared|private|unchanged
				Modify mount propagation in mount namespace
	--setgroups allow|deny	Control the setgroups syscall in user namespaces
`

export async function busyboxUnshare(context: CommandContext): Promise<number> {
  const parsed = parseOptions(context.argv, { ...TABLE, short: 'm::u::i::n::p::U::fr' })
  if (!parsed.ok) return busyboxUsage(context, 'unshare', BUSYBOX_USAGE, parsed.error)
  const options = new Map(parsed.value.options.map((one) => [one.name, one.value]))
  if (options.has('help')) return busyboxUsage(context, 'unshare', BUSYBOX_USAGE, null)
  const fresh = newNamespaces(context, options)
  if (fresh === null) {
    context.err(`unshare: unshare(0x${flagsOf(options).toString(16)}): Operation not permitted\n`)
    return 1
  }
  return runOrComplain(context, parsed.value.operands, fresh, (_context, argv) =>
    runFresh(context, argv, fresh, isForking(options)),
  )
}

const CLONE_FLAGS: readonly [string, string, number][] = [
  ['m', 'mount', 0x20000],
  ['u', 'uts', 0x4000000],
  ['i', 'ipc', 0x8000000],
  ['n', 'net', 0x40000000],
  ['p', 'pid', 0x20000000],
  ['U', 'user', 0x10000000],
]

function flagsOf(options: ReadonlyMap<string, string>): number {
  const asked = CLONE_FLAGS.filter(([short, long]) => options.has(short) || options.has(long))
  const flags = asked.reduce((sum, [, , flag]) => sum + flag, 0)
  return options.has('mount-proc') && !options.has('m') && !options.has('mount') ? flags + 0x20000 : flags
}

function isForking(options: ReadonlyMap<string, string>): boolean {
  return ['f', 'fork', 'kill-child'].some((name) => options.has(name))
}

/** null: refused. In a new user namespace (`-r`, `-U`) everybody may. */
function newNamespaces(context: CommandContext, options: ReadonlyMap<string, string>): ExecOverrides | null {
  const { kernel, process, world } = context
  const has = (...names: string[]): boolean => names.some((name) => options.has(name))
  const isOwner = has('r', 'map-root-user', 'U', 'user', 'c', 'map-current-user')
  const asksForAny = flagsOf(options) !== 0 || has('C', 'cgroup', 'T', 'time')
  if (asksForAny && !isOwner && !process.capabilities.has('SYS_ADMIN')) return null
  const fresh: ExecOverrides = {}
  if (has('n', 'net')) fresh.netns = createNamespace(world, kernel).id
  if (has('u', 'uts')) {
    fresh.utsns = kernel.next.inode++
    const hostname = kernel.utsNamespaces.get(process.utsns)?.hostname ?? kernel.host
    kernel.utsNamespaces.set(fresh.utsns, { id: fresh.utsns, hostname })
  }
  if (has('p', 'pid')) {
    fresh.pidns = kernel.next.inode++
    kernel.pidNamespaces.set(fresh.pidns, { id: fresh.pidns, parent: process.pidns, next: 1 })
  }
  const mounts = kernel.mountNamespaces.get(process.mountns)
  if ((has('m', 'mount') || has('mount-proc')) && mounts !== undefined)
    fresh.mountns = copyMountNamespace(kernel, mounts).id
  if (has('mount-proc')) mountProc(context, fresh, options.get('mount-proc') || '/proc')
  if (has('R', 'root')) Object.assign(fresh, { root: options.get('R') ?? options.get('root'), cwd: '/' })
  if (has('w', 'wd')) fresh.cwd = options.get('w') ?? options.get('wd')!
  if (has('r', 'map-root-user')) fresh.uid = 0
  return fresh
}

function mountProc(context: CommandContext, fresh: ExecOverrides, path: string): void {
  const { kernel, process } = context
  const pidns = fresh.pidns ?? process.pidns
  const mounts = kernel.mountNamespaces.get(fresh.mountns ?? process.mountns)
  if (mounts !== undefined)
    addMount(
      mounts,
      process.root === '/' ? path : `${process.root}${path}`,
      createFilesystem(kernel, { type: 'proc', pidns }),
    )
}

/** Only a child is in the new pid namespace; without `--fork` that is the program's first child. */
async function runFresh(
  context: CommandContext,
  argv: readonly string[],
  fresh: ExecOverrides,
  forks: boolean,
): Promise<number> {
  const { pidns, ...rest } = fresh
  const own = { netns: context.process.netns, mountns: context.process.mountns, utsns: context.process.utsns }
  try {
    return forks || pidns !== undefined ? await context.exec(argv, fresh) : await context.replace(argv, rest)
  } finally {
    Object.assign(context.process, own)
    discard(context, fresh)
  }
}

/** A namespace that nothing is in any more is gone. */
function discard(context: CommandContext, fresh: ExecOverrides): void {
  const { kernel, world } = context
  if (fresh.netns !== undefined) releaseNamespace(world, kernel, fresh.netns)
  const living = [...kernel.processes.values()].filter((one) => one.exitStatus === null)
  if (fresh.utsns !== undefined && !living.some((one) => one.utsns === fresh.utsns))
    kernel.utsNamespaces.delete(fresh.utsns)
  if (fresh.pidns !== undefined && !living.some((one) => one.pids.has(fresh.pidns!)))
    kernel.pidNamespaces.delete(fresh.pidns)
  if (fresh.mountns !== undefined && !living.some((one) => one.mountns === fresh.mountns))
    kernel.mountNamespaces.delete(fresh.mountns)
}
