/** grep, egrep, fgrep: line by line as they come. grep(1), regex(7) */
import { lookup, readdir } from '../../sim/kernel/fs/files.ts'
import { joinPath } from '../../sim/kernel/fs/tree.ts'
import type { CommandContext } from '../context.ts'
import { linesOf, type Options, openSource, readAllText, readOptions, type Tool, toolName } from './tool.ts'

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

interface Plan {
  readonly regExp: RegExp
  readonly options: Options
  readonly titled: boolean
  readonly before: number
  readonly after: number
  readonly most: number
}

export const grep: Tool = async (context, flavour) => {
  const table = { short: 'EFGPivcnoqslLwxrRhHe:f:m:A:B:C:aI', long: LONG }
  const argv = context.argv.map((word) => (/^-\d+$/.test(word) ? `-C${word.slice(1)}` : word))
  const options = readOptions(
    { ...context, argv },
    flavour,
    table,
    '[-HhnlLoqvsrRiwFE] [-m N] [-A|B|C N] { PATTERN | -e PATTERN... | -f FILE... } [FILE]...',
  )
  if (options === null) return 2
  const operands = [...options.operands]
  const patterns = options.values('e', 'regexp').flatMap((text) => text.split('\n'))
  for (const path of options.values('f', 'file')) {
    patterns.push(...(await readAllText(context, flavour, [path])).text.replace(/\n$/, '').split('\n'))
  }
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
  const recursive = options.has('r', 'R', 'recursive')
  const paths = recursive
    ? (operands.length === 0 ? ['.'] : operands).flatMap((path) => below(context, path))
    : operands.length === 0
      ? ['-']
      : operands
  const context2 = options.value('C', 'context') ?? '0'
  const titled =
    options.has('H', 'with-filename') || ((paths.length > 1 || recursive) && !options.has('h', 'no-filename'))
  const plan: Plan = {
    regExp,
    options,
    titled,
    before: Number(options.value('B', 'before-context') ?? context2),
    after: Number(options.value('A', 'after-context') ?? context2),
    most: Number(options.value('m', 'max-count') ?? Number.POSITIVE_INFINITY),
  }
  return search(context, flavour, plan, paths)
}

async function search(
  context: CommandContext,
  flavour: 'gnu' | 'busybox',
  plan: Plan,
  paths: readonly string[],
): Promise<number> {
  let found = false
  let failed = false
  for (const path of paths) {
    const node = path === '-' ? null : lookup(context.world, context.kernel, context.process, path)
    if (node?.ok && node.value.kind === 'directory') {
      if (!plan.options.has('s', 'no-messages'))
        context.err(`${toolName(context)}: ${path}: Is a directory\n`)
      failed = flavour === 'gnu' || failed
      continue
    }
    const quiet = plan.options.has('s', 'no-messages')
    const source = openSource(
      quiet ? { ...context, err: () => {} } : flavour === 'gnu' ? context : renamed(context, path),
      'gnu',
      path,
    )
    if (source === null) failed = true
    else if (
      await searchOne(context, plan, path === '-' ? '(standard input)' : path, linesOf(source.pieces()))
    )
      found = true
    if (found && plan.options.has('q', 'quiet', 'silent')) return 0
  }
  if (failed && !(found && plan.options.has('q', 'quiet', 'silent'))) return 2
  return found ? 0 : 1
}

/** busybox: `grep: nofile: No such file or directory` as GNU. */
function renamed(context: CommandContext, _path: string): CommandContext {
  return context
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

async function searchOne(
  context: CommandContext,
  plan: Plan,
  name: string,
  lines: AsyncGenerator<string>,
): Promise<boolean> {
  const { options, regExp } = plan
  const inverted = options.has('v', 'invert-match')
  const only = options.has('o', 'only-matching')
  const silent = options.has(
    'q',
    'quiet',
    'silent',
    'l',
    'files-with-matches',
    'L',
    'files-without-match',
    'c',
    'count',
  )
  let count = 0
  let number = 0
  let owed = 0
  let shown = 0
  const waiting: string[] = []
  const print = (line: string, at: number, mark: ':' | '-'): void => {
    const title = plan.titled ? `${name}${mark}` : ''
    context.out(`${title}${options.has('n', 'line-number') ? `${at}${mark}` : ''}${line}\n`)
    shown = at
  }
  for await (const raw of lines) {
    number++
    const line = raw.replace(/\n$/, '')
    regExp.lastIndex = 0
    if (regExp.test(line) !== inverted) {
      count++
      if (options.has('q', 'quiet', 'silent', 'l', 'files-with-matches')) break
      if (!silent && only && !inverted) {
        // `test` has moved on behind the first match; matchAll would begin there.
        regExp.lastIndex = 0
        for (const match of line.matchAll(regExp)) {
          if (match[0] !== '') print(match[0], number, ':')
        }
      } else if (!silent) {
        if (plan.before + plan.after > 0 && shown > 0 && number - waiting.length > shown + 1)
          context.out('--\n')
        waiting.forEach((text, i) => {
          print(text, number - waiting.length + i, '-')
        })
        waiting.length = 0
        print(line, number, ':')
        owed = plan.after
      }
      await context.flush()
      if (count >= plan.most && owed === 0) break
    } else if (owed > 0 && !silent) {
      print(line, number, '-')
      owed--
      if (count >= plan.most && owed === 0) break
    } else if (plan.before > 0) {
      waiting.push(line)
      if (waiting.length > plan.before) waiting.shift()
    }
  }
  if (options.has('q', 'quiet', 'silent')) return count > 0
  if (options.has('c', 'count')) context.out(`${plan.titled ? `${name}:` : ''}${count}\n`)
  if (options.has('l', 'files-with-matches') && count > 0) context.out(`${name}\n`)
  if (options.has('L', 'files-without-match') && count === 0) context.out(`${name}\n`)
  return count > 0
}

function compile(context: CommandContext, patterns: readonly string[], options: Options): RegExp | null {
  const name = toolName(context)
  const fixed = options.has('F', 'fixed-strings') || name === 'fgrep'
  const extended = options.has('E', 'extended-regexp', 'P', 'perl-regexp') || name === 'egrep'
  const perl = options.has('P', 'perl-regexp')
  const sources = patterns.map((text) =>
    fixed ? text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : perl ? text : fromPosix(text, extended),
  )
  let source = sources.map((one) => `(?:${one})`).join('|')
  if (options.has('w', 'word-regexp')) source = `(?<!\\w)(?:${source})(?!\\w)`
  if (options.has('x', 'line-regexp')) source = `^(?:${source})$`
  try {
    return new RegExp(source, options.has('i', 'ignore-case', 'y') ? 'gi' : 'g')
  } catch {
    context.err(
      `${name}: ${/\[[^\]]*$/.test(patterns.join('')) ? 'Unmatched [, [^, [:, [., or [=' : 'Invalid regular expression'}\n`,
    )
    return null
  }
}

const CLASSES: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  xdigit: '0-9A-Fa-f',
}

/** POSIX → JavaScript. In basic expressions `\( \) \{ \} \| \+ \?` are operators and the bare ones are not. */
export function fromPosix(text: string, extended: boolean): string {
  let out = ''
  let i = 0
  while (i < text.length) {
    const c = text[i]!
    if (c === '[') {
      const end = bracketEnd(text, i)
      if (end === -1) return `${out}[`
      const inside = text
        .slice(i + 1, end)
        .replace(/\\/g, '\\\\')
        .replace(/\[:(\w+):\]/g, (_, n: string) => CLASSES[n] ?? '')
      const negated = inside.startsWith('^')
      const body = (negated ? inside.slice(1) : inside).replace(/^\]/, '\\]').replace(/\[(?!:)/g, '\\[')
      out += `[${negated ? '^' : ''}${body}]`
      i = end + 1
    } else if (c === '\\' && i + 1 < text.length) {
      const next = text[i + 1]!
      if (!extended && '(){}|+?'.includes(next)) out += next
      else if (next === '<') out += '\\b(?=\\w)'
      else if (next === '>') out += '\\b(?<=\\w)'
      else if (/[wWsSbB1-9]/.test(next)) out += `\\${next}`
      else out += /[A-Za-z0-9'"` _,;:=@#%&~-]/.test(next) ? next : `\\${next}`
      i += 2
    } else if (!extended && '(){}|+?'.includes(c)) {
      out += `\\${c}`
      i++
    } else if (c === '*' && (out === '' || (!extended && out.endsWith('(')))) {
      out += '\\*'
      i++
    } else if (!extended && c === '^' && i > 0 && !/\\[(|]$/.test(text.slice(0, i))) {
      out += '\\^'
      i++
    } else if (!extended && c === '$' && i < text.length - 1 && !/^\$\\[)|]/.test(text.slice(i))) {
      out += '\\$'
      i++
    } else if (extended && c === '{' && !/^\{\d*,?\d*\}/.test(text.slice(i))) {
      out += '\\{'
      i++
    } else {
      out += c
      i++
    }
  }
  return out
}

function bracketEnd(text: string, start: number): number {
  let i = start + 1
  if (text[i] === '^') i++
  if (text[i] === ']') i++
  while (i < text.length) {
    if (text.startsWith('[:', i)) {
      const end = text.indexOf(':]', i)
      if (end !== -1) {
        i = end + 2
        continue
      }
    }
    if (text[i] === ']') return i
    i++
  }
  return -1
}
