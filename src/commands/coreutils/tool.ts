/** What the small tools share: GNU's or busybox's way to complain, files or stdin as input. */
import { errorText } from '../../render/coreutils/strerror.ts'
import { lookup, readFile } from '../../sim/kernel/fs/files.ts'
import type { Command, CommandContext } from '../context.ts'
import { type OptionTable, type ParsedOptions, parseOptions } from '../getopt.ts'
import { toolVersions } from '../tool-versions.ts'

export type Flavour = 'gnu' | 'busybox'
export type Tool = (context: CommandContext, flavour: Flavour) => number | Promise<number>

export function asCommand(tool: Tool, flavour: Flavour): Command {
  return (context) => tool(context, flavour)
}

export function toolName(context: CommandContext): string {
  const name = context.argv[0] ?? ''
  return name.slice(name.lastIndexOf('/') + 1)
}

export class Options {
  readonly operands: readonly string[]
  private readonly list: ParsedOptions['options']
  constructor(parsed: ParsedOptions) {
    this.operands = parsed.operands
    this.list = parsed.options
  }
  has(...names: string[]): boolean {
    return this.list.some((option) => names.includes(option.name))
  }
  value(...names: string[]): string | undefined {
    return this.list.findLast((option) => names.includes(option.name))?.value
  }
  values(...names: string[]): string[] {
    return this.list.filter((option) => names.includes(option.name)).map((option) => option.value)
  }
  /** Which of several that exclude one another came last. */
  last(...names: string[]): string | undefined {
    return this.list.findLast((option) => names.includes(option.name))?.name
  }
  get all(): ParsedOptions['options'] {
    return this.list
  }
}

/** Null: a wrong option was complained about. */
export function readOptions(
  context: CommandContext,
  flavour: Flavour,
  table: OptionTable,
  usage = '',
): Options | null {
  const parsed = parseOptions(context.argv, table)
  if (parsed.ok) return new Options(parsed.value)
  const name = toolName(context)
  const { error } = parsed
  const dash = error.isLong ? `'--${error.option}'` : `'${error.option}'`
  if (error.kind === 'missing') {
    context.err(`${name}: option requires an argument -- ${dash}\n`)
  } else
    context.err(
      error.isLong ? `${name}: unrecognized option ${dash}\n` : `${name}: invalid option -- ${dash}\n`,
    )
  if (flavour === 'gnu') context.err(`Try '${name} --help' for more information.\n`)
  else context.err(banner(context, name, usage))
  return null
}

export function banner(context: CommandContext, name: string, usage: string): string {
  return `BusyBox v${toolVersions(context.world).busybox} multi-call binary.\n\nUsage: ${name} ${usage}\n`
}

export function complain(context: CommandContext, message: string): number {
  context.err(`${toolName(context)}: ${message}\n`)
  return 1
}

/** `cat: nofile: No such file or directory`. */
export function complainPath(context: CommandContext, flavour: Flavour, path: string, code: string): number {
  const opens = flavour === 'busybox' && code !== 'EISDIR'
  return complain(context, opens ? `can't open '${path}': ${errorText(code)}` : `${path}: ${errorText(code)}`)
}

export function missingOperand(context: CommandContext, flavour: Flavour, usage: string): number {
  const name = toolName(context)
  if (flavour === 'busybox') context.err(banner(context, name, usage))
  else context.err(`${name}: missing operand\nTry '${name} --help' for more information.\n`)
  return 1
}

export interface Source {
  /** As given; `-` for stdin. */
  readonly name: string
  /** Pieces as they come; for files all at once. */
  pieces(): AsyncGenerator<string>
}

/** Opens one input; null when it was complained about. */
export function openSource(context: CommandContext, flavour: Flavour, path: string): Source | null {
  if (path === '-') return { name: path, pieces: () => stdinPieces(context) }
  const fd = ownDescriptor(path)
  if (fd !== null && context.process.descriptors.has(fd))
    return { name: path, pieces: () => stdinPieces(context, fd) }
  const node = lookup(context.world, context.kernel, context.process, path)
  if (node.ok && node.value.kind === 'device' && node.value.device === 'zero') {
    return { name: path, pieces: () => endless(context, '\0'.repeat(4096)) }
  }
  if (node.ok && node.value.kind === 'device' && node.value.device === 'tty') {
    return { name: path, pieces: () => stdinPieces(context) }
  }
  const text = readFile(context.world, context.kernel, context.process, path)
  if (!text.ok) {
    const code = text.error.code
    if (code === 'EISDIR' && flavour === 'busybox') complain(context, `read error: Is a directory`)
    else complainPath(context, flavour, path, code)
    return null
  }
  return { name: path, pieces: () => once(text.value) }
}

/** `/dev/fd/63`, `/dev/stdin`. */
function ownDescriptor(path: string): number | null {
  if (path === '/dev/stdin') return 0
  const number = /^\/(?:dev|proc\/self)\/fd\/(\d+)$/.exec(path)?.[1]
  return number === undefined ? null : Number(number)
}

async function* stdinPieces(context: CommandContext, fd = 0): AsyncGenerator<string> {
  for (let piece = await context.readChunk(fd); piece !== null; piece = await context.readChunk(fd))
    yield piece
}

async function* once(text: string): AsyncGenerator<string> {
  if (text !== '') yield text
}

async function* endless(context: CommandContext, text: string): AsyncGenerator<string> {
  for (;;) {
    await context.sleep(10)
    yield text
  }
}

/** Lines with their ends; the last one may have none. */
export async function* linesOf(pieces: AsyncGenerator<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop()!
    for (const line of lines) yield `${line}\n`
  }
  if (rest !== '') yield rest
}

/** All inputs one after another; `onProblem` is told of each that cannot be read. */
export async function* allPieces(
  context: CommandContext,
  flavour: Flavour,
  paths: readonly string[],
  onProblem: () => void,
): AsyncGenerator<string> {
  for (const path of paths.length === 0 ? ['-'] : paths) {
    const source = openSource(context, flavour, path)
    if (source === null) onProblem()
    else yield* source.pieces()
  }
}

export async function readAllText(
  context: CommandContext,
  flavour: Flavour,
  paths: readonly string[],
): Promise<{ text: string; failed: boolean }> {
  let text = ''
  let failed = false
  for await (const piece of allPieces(context, flavour, paths, () => {
    failed = true
  })) {
    text += piece
  }
  return { text, failed }
}
