/** diff: how two files differ, as commands (`2c2`) or with lines around (`-u`). diff(1). Not modelled: directories, `-y`, `-e`. */

import type { CommandContext } from '../context.ts'
import { type Flavour, type Options, readAllText, readOptions, type Tool } from '../coreutils/tool.ts'
import { notModelled } from '../not-modelled.ts'
import { type Change, changesBetween } from './edit-script.ts'
import { stampOf } from './stamp.ts'

const LONG = {
  brief: 'flag',
  'report-identical-files': 'flag',
  unified: 'optional',
  'ignore-case': 'flag',
  'ignore-all-space': 'flag',
  'ignore-space-change': 'flag',
  'ignore-blank-lines': 'flag',
  label: 'value',
  color: 'optional',
} as const
const USAGE = '[-abBdiNqrTstw] [-L LABEL] [-S FILE] [-U LINES] FILE1 FILE2'
const UNMODELLED = ['y', 'e', 'r', 'N', 'c', 'C', 'n', 'W', 'B', 'ignore-blank-lines']

export const diff: Tool = async (context, flavour) => {
  const options = readOptions(context, flavour, { short: 'uqsiwbU:L:yerNcC:nW:aB', long: LONG }, USAGE)
  if (options === null) return 2
  const other = UNMODELLED.find((name) => options.has(name))
  if (other !== undefined) return notModelled(context, `diff -${other}`)
  const [first, second, third] = options.operands
  if (first === undefined || second === undefined || third !== undefined)
    return wrongOperands(context, options.operands)
  const texts: string[] = []
  for (const path of [first, second]) {
    const { text, failed } = await readAllText(context, flavour, [path])
    if (failed) return 2
    texts.push(text)
  }
  return compare(context, flavour, options, [first, second], texts as [string, string])
}

function wrongOperands(context: CommandContext, operands: readonly string[]): number {
  const what =
    operands.length > 2
      ? `extra operand '${operands[2]}'`
      : `missing operand after '${operands.at(-1) ?? 'diff'}'`
  context.err(`diff: ${what}\ndiff: Try 'diff --help' for more information.\n`)
  return 2
}

function compare(
  context: CommandContext,
  flavour: Flavour,
  options: Options,
  names: readonly [string, string],
  texts: readonly [string, string],
): number {
  const lines = texts.map(linesOf) as [string[], string[]]
  const [first, second] = lines.map((all) => all.map((line) => comparable(line, options)))
  const changes = changesBetween(first!, second!)
  if (changes.length === 0) {
    if (options.has('s', 'report-identical-files'))
      context.out(`Files ${names[0]} and ${names[1]} are identical\n`)
    return 0
  }
  if (options.has('q', 'brief')) context.out(`Files ${names[0]} and ${names[1]} differ\n`)
  else if (flavour === 'busybox' || options.has('u', 'U', 'unified')) {
    const around = Number(options.value('U', 'unified') || 3)
    const labels = options.values('L', 'label')
    const heads = names.map((name, i) => labels[i] ?? `${name}\t${stampOf(context, name)}`)
    context.out(`--- ${heads[0]}\n+++ ${heads[1]}\n${unified(lines, changes, around)}`)
  } else for (const change of changes) context.out(asCommand(lines, change))
  return 1
}

/** A last line without an end is another line than one with it. */
const UNENDED = '\n\\ No newline at end of file'

function linesOf(text: string): string[] {
  const lines = text.split('\n')
  const last = lines.pop()!
  return last === '' ? lines : [...lines, last + UNENDED]
}

function comparable(line: string, options: Options): string {
  let text = line
  if (options.has('w', 'ignore-all-space')) text = text.replace(/\s+/g, '')
  else if (options.has('b', 'ignore-space-change')) text = text.replace(/\s+/g, ' ').trimEnd()
  return options.has('i', 'ignore-case') ? text.toLowerCase() : text
}

/** `2,3c2`, `4a5`, `7d6` and the lines. */
function asCommand([first, second]: readonly [string[], string[]], change: Change): string {
  const { from, removed, at, added } = change
  const letter = removed === 0 ? 'a' : added === 0 ? 'd' : 'c'
  const before = first.slice(from, from + removed).map((line) => `< ${line}\n`)
  const after = second.slice(at, at + added).map((line) => `> ${line}\n`)
  const between = letter === 'c' ? '---\n' : ''
  return `${range(from, removed)}${letter}${range(at, added)}\n${before.join('')}${between}${after.join('')}`
}

function range(start: number, count: number): string {
  if (count === 0) return String(start)
  return count === 1 ? String(start + 1) : `${start + 1},${start + count}`
}

/** Changes whose surroundings touch stand in one hunk. */
function unified(lines: readonly [string[], string[]], changes: readonly Change[], around: number): string {
  const hunks: Change[][] = []
  for (const change of changes) {
    const last = hunks.at(-1)?.at(-1)
    if (last !== undefined && change.from - (last.from + last.removed) <= 2 * around)
      hunks.at(-1)!.push(change)
    else hunks.push([change])
  }
  return hunks.map((hunk) => hunkText(lines, hunk, around)).join('')
}

function hunkText(
  [first, second]: readonly [string[], string[]],
  hunk: readonly Change[],
  around: number,
): string {
  const [head, tail] = [hunk[0]!, hunk.at(-1)!]
  const start = Math.max(0, head.from - around)
  const end = Math.min(first.length, tail.from + tail.removed + around)
  const otherStart = head.at - (head.from - start)
  const otherEnd = tail.at + tail.added + (end - tail.from - tail.removed)
  let text = ''
  let line = start
  const keep = (until: number): void => {
    while (line < until) text += ` ${first[line++]}\n`
  }
  for (const { from, removed, at, added } of hunk) {
    keep(from)
    for (const gone of first.slice(from, from + removed)) text += `-${gone}\n`
    for (const come of second.slice(at, at + added)) text += `+${come}\n`
    line = from + removed
  }
  keep(end)
  return `@@ -${extent(start, end - start)} +${extent(otherStart, otherEnd - otherStart)} @@\n${text}`
}

function extent(start: number, count: number): string {
  if (count === 1) return String(start + 1)
  return `${count === 0 ? start : start + 1},${count}`
}
