/** The small tools: coreutils, grep, xargs, su; by file-tree name, and as busybox's applets. */
import type { Command } from './context.ts'
import { asCommand, type Flavour, type Tool } from './coreutils/tool.ts'
import type { CommandLoader } from './network-programs.ts'

type ToolLoader = () => Promise<Tool>

const streams = () => import('./coreutils/streams.ts')
const headTail = () => import('./coreutils/head-tail.ts')
const sequences = () => import('./coreutils/sequences.ts')
const lines = () => import('./coreutils/lines.ts')
const files = () => import('./coreutils/files.ts')
const changes = () => import('./coreutils/change-files.ts')
const paths = () => import('./coreutils/paths.ts')
const words = () => import('./coreutils/words.ts')
const system = () => import('./coreutils/system.ts')
const waiting = () => import('./coreutils/waiting.ts')
const grep: ToolLoader = async () => (await import('./coreutils/grep.ts')).grep

const diff: ToolLoader = async () => (await import('./diffutils/diff.ts')).diff

const COREUTILS: readonly (readonly [string, ToolLoader])[] = [
  ['arch', async () => (await system()).arch],
  ['basename', async () => (await paths()).basename],
  ['cat', async () => (await streams()).cat],
  ['chmod', async () => (await changes()).chmod],
  ['chown', async () => (await changes()).chown],
  ['cp', async () => (await files()).cp],
  ['cut', async () => (await lines()).cut],
  ['date', async () => (await system()).date],
  ['dirname', async () => (await paths()).dirname],
  ['echo', async () => (await words()).echo],
  ['env', async () => (await words()).env],
  ['false', async () => (await words()).no1],
  ['groups', async () => (await system()).groups],
  ['head', async () => (await headTail()).head],
  ['id', async () => (await system()).id],
  ['ln', async () => (await files()).ln],
  ['logname', async () => (await system()).whoami],
  ['ls', async () => (await import('./coreutils/ls.ts')).ls],
  ['mkdir', async () => (await files()).mkdir],
  ['mktemp', async () => (await changes()).mktemp],
  ['mv', async () => (await files()).mv],
  ['nice', async () => (await words()).nice],
  ['nohup', async () => (await words()).nohup],
  ['nproc', async () => (await system()).nproc],
  ['printenv', async () => (await words()).printenv],
  ['printf', async () => (await words()).printf],
  ['pwd', async () => (await paths()).pwd],
  ['readlink', async () => (await paths()).readlink],
  ['realpath', async () => (await paths()).realpath],
  ['rm', async () => (await files()).rm],
  ['rmdir', async () => (await files()).rmdir],
  ['seq', async () => (await sequences()).seq],
  ['sleep', async () => (await waiting()).sleep],
  ['sort', async () => (await import('./coreutils/sort.ts')).sort],
  ['stat', async () => (await paths()).stat],
  ['stdbuf', async () => (await words()).stdbuf],
  ['stty', async () => (await system()).stty],
  ['sync', async () => (await system()).sync],
  ['tac', async () => (await streams()).tac],
  ['tail', async () => (await headTail()).tail],
  ['tee', async () => (await streams()).tee],
  ['timeout', async () => (await waiting()).timeout],
  ['touch', async () => (await files()).touch],
  ['tr', async () => (await import('./coreutils/tr.ts')).tr],
  ['true', async () => (await words()).yes0],
  ['truncate', async () => (await changes()).truncate],
  ['tty', async () => (await system()).tty],
  ['uname', async () => (await system()).uname],
  ['uniq', async () => (await lines()).uniq],
  ['unlink', async () => (await files()).rm],
  ['wc', async () => (await import('./coreutils/wc.ts')).wc],
  ['whoami', async () => (await system()).whoami],
  ['yes', async () => (await sequences()).yes],
]

const OTHERS: readonly (readonly [string, ToolLoader])[] = [
  ['diffutils/diff', diff],
  ['grep/grep', grep],
  ['grep/egrep', grep],
  ['grep/fgrep', grep],
  ['findutils/xargs', async () => (await import('./findutils/xargs.ts')).xargs],
  ['less', async () => (await streams()).cat],
  ['util-linux/more', async () => (await streams()).cat],
  ['util-linux/rev', async () => (await lines()).rev],
  ['util-linux/su', async () => (await import('./coreutils/su.ts')).su],
]

function load(loader: ToolLoader, flavour: Flavour): CommandLoader {
  return async (): Promise<Command> => asCommand(await loader(), flavour)
}

export const textPrograms: readonly (readonly [string, CommandLoader])[] = [
  ...COREUTILS.map(([name, loader]) => [`coreutils/${name}`, load(loader, 'gnu')] as const),
  ...OTHERS.map(([name, loader]) => [name, load(loader, 'gnu')] as const),
]

const APPLETS: readonly (readonly [string, ToolLoader])[] = [
  ['diff', diff],
  ['clear', async () => (await system()).clear],
  ['egrep', grep],
  ['fgrep', grep],
  ['grep', grep],
  ['less', async () => (await streams()).cat],
  ['more', async () => (await streams()).cat],
  ['rev', async () => (await lines()).rev],
  ['su', async () => (await import('./coreutils/su.ts')).su],
  ['usleep', async () => (await waiting()).usleep],
  ['xargs', async () => (await import('./findutils/xargs.ts')).xargs],
]

const NOT_IN_BUSYBOX = new Set(['stdbuf'])

export const textApplets: readonly (readonly [string, CommandLoader])[] = [...COREUTILS, ...APPLETS]
  .filter(([name]) => !NOT_IN_BUSYBOX.has(name))
  .map(([name, loader]) => [name, load(loader, 'busybox')] as const)
