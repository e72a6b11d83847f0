/** grep, egrep, fgrep. grep(1). Not modelled: binary files. */
import { lookup, readdir } from '../../sim/kernel/fs/files.ts'
import { joinPath } from '../../sim/kernel/fs/tree.ts'
import type { CommandContext } from '../context.ts'
import { notModelled } from '../not-modelled.ts'
import { fromPosix } from '../posix-regexp.ts'
import { type Plan, searchLines } from './grep-search.ts'
import {
  type Flavour,
  linesOf,
  type Options,
  openSource,
  readAllText,
  readOptions,
  type Tool,
  toolName,
} from './tool.ts'

const LONG = {
  'ignore-case': 'flag',
  'invert-match': 'flag',
  count: 'flag',
  'line-number': 'flag',
  'only-matching': 'flag',
  quiet: 'flag',
  silent: 'flag',
  'files-with-matches': 'flag',
  'files-without-match': 'flag',
  'extended-regexp': 'flag',
  'fixed-strings': 'flag',
  'word-regexp': 'flag',
  'line-regexp': 'flag',
  recursive: 'flag',
  'no-filename': 'flag',
  'with-filename': 'flag',
  regexp: 'value',
  file: 'value',
  'max-count': 'value',
  'after-context': 'value',
  'before-context': 'value',
  context: 'value',
  color: 'optional',
  colour: 'optional',
  'line-buffered': 'flag',
  'no-messages': 'flag',
  'perl-regexp': 'flag',
  include: 'value',
  text: 'flag',
} as const

const USAGE = '[-HhnlLoqvsrRiwFE] [-m N] [-A|B|C N] { PATTERN | -e PATTERN... | -f FILE... } [FILE]...'

export const grep: Tool = async (context, flavour) => {
  const table = { short: 'EFGPivcnoqslLwxrRhHye:f:m:A:B:C:aI', long: LONG }
  const argv = context.argv.map((word) => (/^-\d+$/.test(word) ? `-C${word.slice(1)}` : word))
  const options = readOptions({ ...context, argv }, flavour, table, USAGE)
  if (options === null) return 2
  if (options.has('include')) return notModelled(context, 'grep --include')
  const operands = [...options.operands]
  const patterns = await givenPatterns(context, flavour, options)
  if (patterns.length === 0) {
    const first = operands.shift()
    if (first === undefined) {
      context.err("Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n")
      return 2
    }
    patterns.push(...first.split('\n'))
  }
  const regExp = compile(context, patterns, options)
  if (regExp === null) return 2
  const paths = inputs(context, options, operands)
  return search(context, flavour, options, planOf(options, regExp, paths.length > 1), paths)
}

/** `-e` and `-f`; none: the first operand is the pattern. */
async function givenPatterns(context: CommandContext, flavour: Flavour, options: Options): Promise<string[]> {
  const patterns = options.values('e', 'regexp').flatMap((text) => text.split('\n'))
  for (const path of options.values('f', 'file')) {
    patterns.push(...(await readAllText(context, flavour, [path])).text.replace(/\n$/, '').split('\n'))
  }
  return patterns
}

function inputs(context: CommandContext, options: Options, operands: readonly string[]): readonly string[] {
  if (!isRecursive(options)) return operands.length === 0 ? ['-'] : operands
  return (operands.length === 0 ? ['.'] : operands).flatMap((path) => below(context, path))
}

function isRecursive(options: Options): boolean {
  return options.has('r', 'R', 'recursive')
}

function planOf(options: Options, regExp: RegExp, several: boolean): Plan {
  const around = options.value('C', 'context') ?? '0'
  return {
    regExp,
    inverted: options.has('v', 'invert-match'),
    titled:
      options.has('H', 'with-filename') ||
      ((several || isRecursive(options)) && !options.has('h', 'no-filename')),
    numbered: options.has('n', 'line-number'),
    only: options.has('o', 'only-matching'),
    report: reportOf(options),
    before: Number(options.value('B', 'before-context') ?? around),
    after: Number(options.value('A', 'after-context') ?? around),
    most: Number(options.value('m', 'max-count') ?? Number.POSITIVE_INFINITY),
  }
}

function reportOf(options: Options): Plan['report'] {
  if (options.has('q', 'quiet', 'silent')) return 'nothing'
  if (options.has('l', 'files-with-matches')) return 'matching'
  if (options.has('L', 'files-without-match')) return 'without'
  return options.has('c', 'count') ? 'count' : 'lines'
}

async function search(
  context: CommandContext,
  flavour: Flavour,
  options: Options,
  plan: Plan,
  paths: readonly string[],
): Promise<number> {
  const complaints = options.has('s', 'no-messages') ? { ...context, err: () => {} } : context
  let found = false
  let failed = false
  for (const path of paths) {
    const node = path === '-' ? null : lookup(context.world, context.kernel, context.process, path)
    if (node?.ok && node.value.kind === 'directory') {
      complaints.err(`${toolName(context)}: ${path}: Is a directory\n`)
      failed = flavour === 'gnu' || failed
      continue
    }
    // busybox words a missing file as GNU does.
    const source = openSource(complaints, 'gnu', path)
    const name = path === '-' ? '(standard input)' : path
    if (source === null) failed = true
    else if (await searchLines(context, plan, name, linesOf(source.pieces()))) found = true
    if (found && plan.report === 'nothing') return 0
  }
  if (failed) return 2
  return found ? 0 : 1
}

function below(context: CommandContext, path: string): string[] {
  const node = lookup(context.world, context.kernel, context.process, path)
  if (!node.ok || node.value.kind !== 'directory') return [path]
  const entries = readdir(context.world, context.kernel, context.process, path)
  if (!entries.ok) return []
  return entries.value
    .filter(([, one]) => one.kind !== 'symlink')
    .flatMap(([name]) => below(context, joinPath(path, name)))
}

/** Null: it was complained about. */
function compile(context: CommandContext, patterns: readonly string[], options: Options): RegExp | null {
  const name = toolName(context)
  const dialect = dialectOf(name, options)
  let source = patterns.map((text) => `(?:${sourceOf(text, dialect)})`).join('|')
  if (options.has('w', 'word-regexp')) source = `(?<!\\w)(?:${source})(?!\\w)`
  if (options.has('x', 'line-regexp')) source = `^(?:${source})$`
  try {
    return new RegExp(source, options.has('i', 'ignore-case', 'y') ? 'gi' : 'g')
  } catch {
    const isOpen = /\[[^\]]*$/.test(patterns.join(''))
    context.err(`${name}: ${isOpen ? 'Unmatched [, [^, [:, [., or [=' : 'Invalid regular expression'}\n`)
    return null
  }
}

type Dialect = 'fixed' | 'perl' | 'extended' | 'basic'

function dialectOf(name: string, options: Options): Dialect {
  if (options.has('F', 'fixed-strings') || name === 'fgrep') return 'fixed'
  if (options.has('P', 'perl-regexp')) return 'perl'
  return options.has('E', 'extended-regexp') || name === 'egrep' ? 'extended' : 'basic'
}

function sourceOf(text: string, dialect: Dialect): string {
  if (dialect === 'fixed') return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return dialect === 'perl' ? text : fromPosix(text, dialect === 'extended')
}
