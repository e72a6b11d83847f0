/** mount(8) and umount(8) of util-linux and of busybox. Not modelled: /etc/fstab, disks, loop devices, propagation. */
import { errorText } from '../../render/coreutils/strerror.ts'
import { readFile } from '../../sim/kernel/fs/files.ts'
import { busyboxUsage } from '../busybox/usage.ts'
import type { CommandContext } from '../context.ts'
import { type OptionTable, parseOptions } from '../getopt.ts'
import { notModelled } from '../not-modelled.ts'
import { toolVersions } from '../tool-versions.ts'
import { mountAt, mountEntries, remount, unmount } from './mounting.ts'
import { answerUsage } from './usage.ts'

const TABLE: OptionTable = {
  short: 'aBcfFilL:MnNo:rRsO:t:T:U:vVhw',
  long: {
    ...{ bind: 'flag', rbind: 'flag', move: 'flag', types: 'value', options: 'value', 'read-only': 'flag' },
    ...{ 'make-private': 'flag', 'make-rprivate': 'flag', 'make-shared': 'flag', 'make-rshared': 'flag' },
    ...{
      'make-slave': 'flag',
      'make-rslave': 'flag',
      verbose: 'flag',
      version: 'flag',
      help: 'flag',
      all: 'flag',
    },
  },
}

interface Request {
  readonly type: string | null
  readonly bind: boolean
  readonly words: ReadonlySet<string>
  readonly operands: readonly string[]
}

type Read = { readonly request: Request } | { readonly unmodelled: string }

function readRequest(options: readonly { name: string; value: string }[], operands: readonly string[]): Read {
  const words = new Set<string>()
  let type: string | null = null
  let bind = false
  for (const { name, value } of options) {
    if (name === 'o' || name === 'options') for (const word of value.split(',')) words.add(word)
    else if (name === 't' || name === 'types') type = value
    else if (name === 'r' || name === 'read-only') words.add('ro')
    else if (['B', 'R', 'bind', 'rbind'].includes(name)) bind = true
    else if (name.startsWith('make-')) words.add('propagation')
    else if (!['n', 'v', 'w', 'verbose', 'i'].includes(name))
      return { unmodelled: `mount ${name.length > 1 ? '--' : '-'}${name}` }
  }
  if (words.has('bind') || words.has('rbind')) bind = true
  return { request: { type, bind, words, operands } }
}

export function mount(context: CommandContext): number {
  const parsed = parseOptions(context.argv, TABLE)
  if (!parsed.ok) return answerUsage(context, 'mount', parsed.error)
  if (parsed.value.options.some((one) => one.name === 'V' || one.name === 'version')) {
    context.out(`mount from util-linux ${toolVersions(context.world).utilLinux}\n`)
    return 0
  }
  const read = readRequest(parsed.value.options, parsed.value.operands)
  if ('unmodelled' in read) return notModelled(context, read.unmodelled)
  const { request } = read
  const [source, target] = request.operands
  if (source === undefined) return list(context, request.type)
  if (request.words.has('propagation')) return 0
  if (request.words.has('remount')) {
    const path = target ?? source
    const done = remount(context, path, request.words.has('ro'))
    if (done.ok) return 0
    return complain(
      context,
      `${path}: ${done.error.code === 'EPERM' ? 'permission denied' : 'mount point not mounted or bad option'}.`,
      32,
    )
  }
  if (target === undefined) return complain(context, `${source}: can't find in /etc/fstab.`, 1, false)
  if (!request.bind && request.type === null)
    return complain(context, `${target}: special device ${source} does not exist.`, 32)
  const done = mountAt(context, {
    type: request.bind ? null : request.type,
    source,
    target,
    readOnly: request.words.has('ro'),
  })
  if (done.ok) return 0
  const { code } = done.error
  if (code === 'SOURCE') return complain(context, `${target}: special device ${source} does not exist.`, 32)
  if (code === 'ENOENT') return complain(context, `${target}: mount point does not exist.`, 32)
  if (code === 'EPERM') return complain(context, `${target}: permission denied.`, 32)
  if (code === 'ENODEV') return complain(context, `${target}: unknown filesystem type '${request.type}'.`, 32)
  return complain(context, `${target}: mount(2) system call failed: ${errorText(code)}.`, 32)
}

function complain(context: CommandContext, text: string, status: number, hint = true): number {
  context.err(`mount: ${text}\n`)
  if (hint) context.err('       dmesg(1) may have more information after failed mount system call.\n')
  return status
}

function list(context: CommandContext, type: string | null): number {
  for (const one of mountEntries(context)) {
    if (type !== null && !type.split(',').includes(one.type)) continue
    context.out(`${one.source} on ${one.target} type ${one.type} (${one.options})\n`)
  }
  return 0
}

const MOUNT_USAGE =
  'Usage: mount [OPTIONS] [-o OPT] DEVICE NODE\n\nMount a filesystem. Filesystem autodetection requires /proc.\n'

export function busyboxMount(context: CommandContext): number {
  const parsed = parseOptions(context.argv, { ...TABLE, short: 'o:t:rwanfvisO:' })
  if (!parsed.ok) return busyboxUsage(context, 'mount', MOUNT_USAGE, parsed.error)
  const read = readRequest(parsed.value.options, parsed.value.operands)
  if ('unmodelled' in read) return notModelled(context, read.unmodelled)
  const { request } = read
  const [source, target] = request.operands
  const say = (text: string, status: number): number => {
    context.err(`mount: ${text}\n`)
    return status
  }
  if (source === undefined) return list(context, request.type)
  if (target === undefined && !request.words.has('remount')) {
    if (!readFile(context.world, context.kernel, context.process, '/etc/fstab').ok)
      return say("can't read '/etc/fstab': No such file or directory", 1)
    return say(`can't find ${source} in /etc/fstab`, 1)
  }
  const path = target ?? source
  const readOnly = request.words.has('ro')
  const done = request.words.has('remount')
    ? remount(context, path, readOnly)
    : mountAt(context, {
        type: request.bind ? null : (request.type ?? 'auto'),
        source,
        target: path,
        readOnly,
      })
  if (done.ok) return 0
  const { code } = done.error
  if (code === 'EPERM') return say('permission denied (are you root?)', 1)
  return say(`mounting ${source} on ${path} failed: ${errorText(code === 'SOURCE' ? 'ENOENT' : code)}`, 255)
}

export function umount(context: CommandContext): number {
  const long = {
    all: 'flag',
    force: 'flag',
    lazy: 'flag',
    recursive: 'flag',
    types: 'value',
    verbose: 'flag',
    help: 'flag',
    version: 'flag',
  } as const
  const parsed = parseOptions(context.argv, { short: 'aAcdfilnRrO:t:vVhq', long })
  if (!parsed.ok) return answerUsage(context, 'umount', parsed.error)
  const { options, operands } = parsed.value
  const unmodelled = options.find((one) =>
    ['a', 'A', 'R', 'all', 'recursive', 'h', 'help'].includes(one.name),
  )
  if (unmodelled !== undefined)
    return notModelled(context, `umount ${unmodelled.name.length > 1 ? '--' : '-'}${unmodelled.name}`)
  if (operands.length === 0) {
    context.err("umount: bad usage\nTry 'umount --help' for more information.\n")
    return 1
  }
  const isLazy = options.some((one) => one.name === 'l' || one.name === 'lazy')
  let status = 0
  for (const path of operands) {
    const done = unmount(context, path, isLazy)
    if (done.ok) continue
    context.err(`umount: ${path}: ${umountText(done.error.code)}\n`)
    status = 32
  }
  return status
}

function umountText(code: string): string {
  switch (code) {
    case 'ENOENT':
      return 'no mount point specified.'
    case 'EBUSY':
      return 'target is busy.'
    case 'EPERM':
      return 'must be superuser to unmount.'
    default:
      return 'not mounted.'
  }
}

const UMOUNT_USAGE = `Usage: umount [-rlfda] [-t FSTYPE] FILESYSTEM|DIRECTORY

Unmount filesystems

	-a	Unmount all filesystems
	-r	Remount devices read-only if mount is busy
	-l	Lazy umount (detach filesystem)
	-f	Force umount (i.e., unreachable NFS server)
	-d	Free loop device if it has been used
	-t FSTYPE[,...]	Unmount only these filesystem type(s)
`

export function busyboxUmount(context: CommandContext): number {
  const parsed = parseOptions(context.argv, { short: 'fldnrat:vi', long: { help: 'flag' } })
  if (!parsed.ok) return busyboxUsage(context, 'umount', UMOUNT_USAGE, parsed.error)
  const { options, operands } = parsed.value
  if (options.some((one) => one.name === 'help')) return busyboxUsage(context, 'umount', UMOUNT_USAGE, null)
  if (options.some((one) => one.name === 'a')) return notModelled(context, 'umount -a')
  if (operands.length === 0) return busyboxUsage(context, 'umount', UMOUNT_USAGE, 'operands')
  let status = 0
  for (const path of operands) {
    const done = unmount(
      context,
      path,
      options.some((one) => one.name === 'l'),
    )
    if (done.ok) continue
    context.err(`umount: can't unmount ${path}: ${errorText(done.error.code)}\n`)
    status = 1
  }
  return status
}
