/**
 * apt-get(8) and apt(8): `update` and `install` of the packages that this program knows. What a package brings is put into
 * the caller's own file system. Not modelled: versions, sizes, dependencies, other verbs.
 */
import { lookup, mkdir, readFile, writeFile } from '../../sim/kernel/fs/files.ts'
import { placeNode } from '../../sim/kernel/fs/filesystem.ts'
import { installPackage, PACKAGES } from '../../sim/kernel/fs/packages.ts'
import { resolve } from '../../sim/kernel/fs/resolve.ts'
import { directory } from '../../sim/kernel/fs/tree.ts'
import type { DirectoryNode } from '../../sim/kernel/fs/types.ts'
import type { CommandContext } from '../context.ts'
import { notModelled } from '../not-modelled.ts'
import { askMirror } from './mirror.ts'

interface Source {
  readonly host: string
  readonly path: string
  readonly suite: string
}

/** Packages that have another name there. */
const SYNONYMS: Readonly<Record<string, string>> = {
  dnsutils: 'bind9-dnsutils',
  netcat: 'netcat-openbsd',
  nginx: 'nginx-light',
  'mtr-tiny': 'mtr',
  iproute: 'iproute2',
}

const LISTS = '/var/lib/apt/lists'
const TROUBLE = 100

export async function apt(context: CommandContext): Promise<number> {
  const words = context.argv.slice(1)
  const options = words.filter((word) => word.startsWith('-'))
  const [verb = '', ...names] = words.filter((word) => !word.startsWith('-'))
  const known = ['-y', '--yes', '--assume-yes', '-q', '-qq', '--no-install-recommends', '--quiet']
  const odd = options.find((option) => !known.includes(option))
  if ((verb !== 'update' && verb !== 'install') || odd !== undefined)
    return notModelled(context, context.argv.join(' '))
  if (context.argv[0]?.endsWith('apt') === true && !context.outIsTerminal)
    context.err('\nWARNING: apt does not have a stable CLI interface. Use with caution in scripts.\n\n')
  if (context.process.uid !== 0) return notRoot(context, verb)
  const isQuiet = options.includes('-qq')
  return verb === 'update' ? update(context, isQuiet) : install(context, names, isQuiet)
}

function notRoot(context: CommandContext, verb: string): number {
  const [lock, what] =
    verb === 'update'
      ? ['/var/lib/apt/lists/lock', 'directory /var/lib/apt/lists/']
      : ['/var/lib/dpkg/lock-frontend', 'the dpkg frontend lock (/var/lib/dpkg/lock-frontend)']
  context.err(`E: Could not open lock file ${lock} - open (13: Permission denied)\n`)
  context.err(
    verb === 'update' ? `E: Unable to lock ${what}\n` : `E: Unable to acquire ${what}, are you root?\n`,
  )
  return TROUBLE
}

/** The suites of the release that /etc/os-release names. */
function sourcesOf(context: CommandContext): Source[] {
  const text = readFile(context.world, context.kernel, context.process, '/etc/os-release')
  if (text.ok && /^ID=ubuntu$/m.test(text.value)) {
    const main = { host: 'archive.ubuntu.com', path: '/ubuntu' }
    return [
      { ...main, suite: 'focal' },
      { ...main, suite: 'focal-updates' },
      { host: 'security.ubuntu.com', path: '/ubuntu', suite: 'focal-security' },
    ]
  }
  const main = { host: 'deb.debian.org', path: '/debian' }
  return [
    { ...main, suite: 'bookworm' },
    { ...main, suite: 'bookworm-updates' },
    { host: 'deb.debian.org', path: '/debian-security', suite: 'bookworm-security' },
  ]
}

const listOf = (source: Source): string =>
  `${LISTS}/${source.host}${source.path.replaceAll('/', '_')}_dists_${source.suite}_InRelease`

async function update(context: CommandContext, isQuiet: boolean): Promise<number> {
  const warnings: string[] = []
  for (const [index, source] of sourcesOf(context).entries()) {
    const path = `${source.path}/dists/${source.suite}/InRelease`
    const wrong = await askMirror(context, source.host, path)
    const shown = `http://${source.host}${source.path} ${source.suite} InRelease`
    if (wrong === null) {
      if (!isQuiet) context.out(`Hit:${index + 1} ${shown}\n`)
      noteList(context, source)
      continue
    }
    if (!isQuiet) context.out(`Err:${index + 1} ${shown}\n  ${wrong}\n`)
    warnings.push(`W: Failed to fetch http://${source.host}${path}  ${wrong}\n`)
  }
  if (!isQuiet) context.out('Reading package lists... Done\n')
  if (warnings.length === 0) return 0
  warnings.push('W: Some index files failed to download. They have been ignored, or old ones used instead.\n')
  context.err(warnings.join(''))
  return 0
}

function noteList(context: CommandContext, source: Source): void {
  const { world, kernel, process } = context
  let path = ''
  for (const part of LISTS.split('/').slice(1)) {
    path += `/${part}`
    if (!lookup(world, kernel, process, path).ok) mkdir(world, kernel, process, path)
  }
  writeFile(world, kernel, process, listOf(source), `Suite: ${source.suite}\n`)
}

async function install(context: CommandContext, names: readonly string[], isQuiet: boolean): Promise<number> {
  const say = (text: string): void => {
    if (!isQuiet) context.out(text)
  }
  say('Reading package lists... Done\nBuilding dependency tree... Done\nReading state information... Done\n')
  const sources = sourcesOf(context)
  const hasLists = sources.some(
    (one) => lookup(context.world, context.kernel, context.process, listOf(one)).ok,
  )
  const wanted = names.map((name) => ({ name, real: SYNONYMS[name] ?? name }))
  const unknown = wanted.filter(
    ({ real }) => !Object.hasOwn(PACKAGES, real) || (!hasLists && !isThere(context, real)),
  )
  for (const { name } of unknown) context.err(`E: Unable to locate package ${name}\n`)
  if (unknown.length > 0) return TROUBLE
  const fresh = [...new Set(wanted.map(({ real }) => real))].filter((name) => !isThere(context, name)).sort()
  for (const { real } of wanted) if (!fresh.includes(real)) say(`${real} is already the newest version.\n`)
  if (fresh.length > 0) say(`The following NEW packages will be installed:\n  ${fresh.join(' ')}\n`)
  say(`0 upgraded, ${fresh.length} newly installed, 0 to remove and 0 not upgraded.\n`)
  const failed = await fetchAll(context, sources[0]!, fresh, say)
  if (failed) return TROUBLE
  for (const name of fresh) say(`Selecting previously unselected package ${name}.\nUnpacking ${name} ...\n`)
  for (const name of fresh) {
    unpack(context, name)
    say(`Setting up ${name} ...\n`)
  }
  return 0
}

/** True when one could not be had. */
async function fetchAll(
  context: CommandContext,
  source: Source,
  names: readonly string[],
  say: (text: string) => void,
): Promise<boolean> {
  const errors: string[] = []
  for (const [index, name] of names.entries()) {
    const path = `${source.path}/pool/main/${name[0]}/${name}/${name}.deb`
    const wrong = await askMirror(context, source.host, path)
    const shown = `${index + 1} http://${source.host}${source.path} ${source.suite}/main amd64 ${name}`
    say(wrong === null ? `Get:${shown}\n` : `Err:${shown}\n  ${wrong}\n`)
    if (wrong !== null) errors.push(`E: Failed to fetch http://${source.host}${path}  ${wrong}\n`)
  }
  if (errors.length === 0) return false
  context.err(
    `${errors.join('')}E: Unable to fetch some archives, maybe run apt-get update or try with --fix-missing?\n`,
  )
  return true
}

function treeOf(name: string): DirectoryNode {
  const root = directory()
  installPackage(root, name)
  return root
}

function filesOf(node: DirectoryNode, above = ''): string[] {
  return [...node.entries].flatMap(([name, child]) =>
    child.kind === 'directory' ? filesOf(child, `${above}/${name}`) : [`${above}/${name}`],
  )
}

function isThere(context: CommandContext, name: string): boolean {
  const paths = filesOf(treeOf(name))
  return paths.every((path) => lookup(context.world, context.kernel, context.process, path).ok)
}

function unpack(context: CommandContext, name: string): void {
  const tree = treeOf(name)
  for (const path of filesOf(tree)) {
    const found = resolve(context.world, context.kernel, context.process, path, false)
    const parts = path.split('/').slice(1)
    let node: DirectoryNode = tree
    for (const part of parts.slice(0, -1)) node = node.entries.get(part) as DirectoryNode
    const file = node.entries.get(parts.at(-1) ?? '')
    if (found.ok && file !== undefined) placeNode(found.value.filesystem, found.value.inner, file)
  }
}
