/** chroot(1), of coreutils and of busybox: another directory is `/` for a program. chroot(2) */
import { errorText } from '../../render/coreutils/strerror.ts'
import { fromRoot, resolve } from '../../sim/kernel/fs/resolve.ts'
import { runOrComplain } from '../busybox/run-program.ts'
import { busyboxUsage } from '../busybox/usage.ts'
import type { CommandContext, ExecOverrides } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { answerUsage } from '../util-linux/usage.ts'
import { findAccount } from './attributes.ts'

const CANCELLED = 125

export async function chroot(context: CommandContext): Promise<number> {
  const long = {
    groups: 'value',
    userspec: 'value',
    'skip-chdir': 'flag',
    help: 'flag',
    version: 'flag',
  } as const
  const parsed = parseOptions(context.argv, { short: '', long, strict: true })
  if (!parsed.ok) return answerUsage(context, 'chroot', parsed.error, CANCELLED)
  const { options, operands } = parsed.value
  if (options.some((one) => one.name === 'help')) {
    context.out(HELP)
    return 0
  }
  const [path, ...argv] = operands
  if (path === undefined) {
    context.err("chroot: missing operand\nTry 'chroot --help' for more information.\n")
    return CANCELLED
  }
  const root = newRoot(context, path)
  if ('error' in root) {
    context.err(`chroot: cannot change root directory to '${path}': ${errorText(root.error)}\n`)
    return CANCELLED
  }
  const user = options.findLast((one) => one.name === 'userspec')?.value.split(':')[0]
  if (user) Object.assign(root, asUser(context, user))
  if (argv.length === 0) argv.push(context.process.env.get('SHELL') || '/bin/sh', '-i')
  if (context.findProgram(argv[0]!, root) === null) {
    context.err(`chroot: failed to run command '${argv[0]}': No such file or directory\n`)
    return 127
  }
  return context.replace(argv, root)
}

export async function busyboxChroot(context: CommandContext): Promise<number> {
  const usage = 'Usage: chroot NEWROOT [PROG ARGS]\n\nRun PROG with root directory set to NEWROOT\n'
  const parsed = parseOptions(context.argv, { short: '', long: { help: 'flag' }, strict: true })
  if (!parsed.ok) return busyboxUsage(context, 'chroot', usage, parsed.error)
  if (parsed.value.options.length > 0) return busyboxUsage(context, 'chroot', usage, null)
  const [path, ...argv] = parsed.value.operands
  if (path === undefined) return busyboxUsage(context, 'chroot', usage, 'operands')
  const root = newRoot(context, path)
  if ('error' in root) {
    context.err(`chroot: can't change root directory to '${path}': ${errorText(root.error)}\n`)
    return 1
  }
  if (argv.length === 0) argv.push(context.process.env.get('SHELL') || '/bin/sh', '-i')
  return runOrComplain(context, argv, root, (_context, words, overrides) => context.replace(words, overrides))
}

/** Where the new `/` is in the mount namespace, or why not. */
function newRoot(context: CommandContext, path: string): ExecOverrides | { readonly error: string } {
  const { world, kernel, process } = context
  const found = resolve(world, kernel, process, path)
  if (!found.ok) return { error: found.error.code }
  if (found.value.node === undefined) return { error: 'ENOENT' }
  if (found.value.node.kind !== 'directory') return { error: 'ENOTDIR' }
  if (fromRoot(process, found.value.path) !== '/' && !process.capabilities.has('SYS_CHROOT'))
    return { error: 'EPERM' }
  return { root: found.value.path, cwd: '/' }
}

function asUser(context: CommandContext, user: string): ExecOverrides {
  const uid = /^\d+$/.test(user) ? Number(user) : (findAccount(context, user)?.uid ?? 0)
  return uid === 0 ? { uid } : { uid, capabilities: new Set() }
}

const HELP = `Usage: chroot [OPTION] NEWROOT [COMMAND [ARG]...]
  or:  chroot OPTION
Run COMMAND with root directory set to NEWROOT.

  --groups=G_LIST        specify supplementary groups as g1,g2,..,gN
  --userspec=USER:GROUP  specify user and group (ID or name) to use
  --skip-chdir           do not change working directory to '/'
      --help        display this help and exit
      --version     output version information and exit

If no command is given, run '"$SHELL" -i' (default: '/bin/sh -i').
`
