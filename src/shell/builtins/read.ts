/** `read` and `mapfile`. */

import { unread } from '../../sim/kernel/task/descriptor.ts'
import { readLine, readPiece } from '../input.ts'
import type { Interpreter } from '../interpreter.ts'
import { getParameter, isName, setArray, setVariable } from '../variables.ts'

interface ReadOptions {
  raw: boolean
  array: string | null
  delimiter: string
  prompt: string | null
  count: number | null
  timeoutUs: number | null
  fd: number
  names: string[]
}

function parseOptions(words: readonly string[]): ReadOptions | string {
  const options: ReadOptions = {
    raw: false,
    array: null,
    delimiter: '\n',
    prompt: null,
    count: null,
    timeoutUs: null,
    fd: 0,
    names: [],
  }
  const args = words.slice(1)
  while (args.length > 0 && /^-[a-zA-Z]/.test(args[0]!)) {
    const word = args.shift()!
    if (word === '--') break
    for (let i = 1; i < word.length; i++) {
      const letter = word[i]!
      if ('rsei'.includes(letter)) {
        if (letter === 'r') options.raw = true
        continue
      }
      if (!'adptnNu'.includes(letter)) return letter
      const value = word.slice(i + 1) || (args.shift() ?? '')
      if (letter === 'a') options.array = value
      else if (letter === 'd') options.delimiter = value.slice(0, 1) || '\0'
      else if (letter === 'p') options.prompt = value
      else if (letter === 't') options.timeoutUs = Number(value) * 1e6
      else if (letter === 'u') options.fd = Number(value)
      else options.count = Number(value)
      break
    }
  }
  options.names = args
  return options
}

export async function read(shell: Interpreter, words: readonly string[]): Promise<number> {
  const options = parseOptions(words)
  if (typeof options === 'string') {
    await shell.complain(`read: -${options}: invalid option`)
    return 2
  }
  const bad = options.names.find((name) => !isName(name))
  if (bad !== undefined) {
    await shell.complain(`read: \`${bad}': not a valid identifier`)
    return 1
  }
  const isTerminal = shell.process.descriptors.get(options.fd)?.kind === 'terminal'
  if (options.prompt !== null && isTerminal) await shell.write(2, options.prompt)
  const line = await readText(shell, options)
  if (line === 'timeout') return 142
  const text = line === null ? '' : line.endsWith(options.delimiter) ? line.slice(0, -1) : line
  store(shell, options, text)
  return line === null || (!line.endsWith(options.delimiter) && options.count === null) ? 1 : 0
}

/** Without `-r` a backslash before the end joins the next line. */
async function readText(shell: Interpreter, options: ReadOptions): Promise<string | null | 'timeout'> {
  if (options.count !== null) return readCount(shell, options)
  let line = await readTimed(shell, options)
  while (
    !options.raw &&
    typeof line === 'string' &&
    line !== 'timeout' &&
    /(^|[^\\])(\\\\)*\\\n$/.test(line)
  ) {
    const more: string | null = await readLine(shell, options.fd)
    line = line.slice(0, -2) + (more ?? '')
    if (more === null) break
  }
  return line
}

async function readTimed(shell: Interpreter, options: ReadOptions): Promise<string | null | 'timeout'> {
  if (options.timeoutUs === null) return readLine(shell, options.fd, options.delimiter)
  const { descriptorReady } = await import('../ready.ts')
  const end = shell.system.world.nowUs + options.timeoutUs
  const ready = (): boolean => descriptorReady(shell.kernel, shell.process, options.fd)
  await shell.until(() => ready() || shell.system.world.nowUs >= end, end)
  return ready() ? readLine(shell, options.fd, options.delimiter) : 'timeout'
}

async function readCount(shell: Interpreter, options: ReadOptions): Promise<string | null> {
  let text = ''
  while (text.length < options.count!) {
    const piece = await readPiece(shell, options.fd)
    if (piece === null) return text === '' ? null : text
    const wanted = options.count! - text.length
    const end = piece.indexOf('\n')
    const take = end >= 0 && end < wanted ? end + 1 : wanted
    text += piece.slice(0, take)
    unread(shell.kernel, shell.process, options.fd, piece.slice(take))
    if (end >= 0 && end < wanted) break
  }
  return text
}

/** An escaped character is protected from IFS by this mark. */
const MARK = '\u0000'

function store(shell: Interpreter, options: ReadOptions, text: string): void {
  const ifs = getParameter(shell, 'IFS') ?? ' \t\n'
  const marked = options.raw ? text : text.replace(/\\([\s\S])/g, (_, c: string) => MARK + c)
  const clean = (value: string): string => value.replaceAll(MARK, '')
  if (options.array !== null)
    return setArray(shell, options.array, fields(marked, ifs, Number.POSITIVE_INFINITY).map(clean), false)
  if (options.names.length === 0) return setVariable(shell, 'REPLY', clean(marked))
  const values = fields(marked, ifs, options.names.length)
  options.names.forEach((name, index) => {
    setVariable(shell, name, clean(values[index] ?? ''))
  })
}

/** At most `most` fields; the last one takes the rest of the line. */
function fields(text: string, ifs: string, most: number): string[] {
  const isBlank = (c: string): boolean => ifs.includes(c) && /[ \t\n]/.test(c)
  const result: string[] = []
  let i = 0
  while (i < text.length && isBlank(text[i]!)) i++
  while (i < text.length) {
    if (result.length === most - 1) {
      let rest = text.slice(i)
      while (rest !== '' && isBlank(rest.at(-1)!)) rest = rest.slice(0, -1)
      const single = rest.search(new RegExp(`[${ifs.replace(/[\]\\^-]/g, '\\$&')}]`)) === rest.length - 1
      result.push(
        single && ifs !== '' && rest !== '' && ifs.includes(rest.at(-1)!) ? rest.slice(0, -1) : rest,
      )
      return result
    }
    let word = ''
    while (i < text.length && !ifs.includes(text[i]!)) {
      if (text[i] === MARK) word += text[i++]
      word += text[i++] ?? ''
    }
    result.push(word)
    while (i < text.length && isBlank(text[i]!)) i++
    if (i < text.length && ifs.includes(text[i]!)) {
      i++
      while (i < text.length && isBlank(text[i]!)) i++
    }
  }
  return result
}

export async function mapFile(shell: Interpreter, words: readonly string[]): Promise<number> {
  const trims = words.slice(1).some((word) => /^-\w*t/.test(word))
  const name = words.slice(1).find((word) => !word.startsWith('-')) ?? 'MAPFILE'
  const lines: string[] = []
  for (let line = await readLine(shell, 0); line !== null; line = await readLine(shell, 0)) {
    lines.push(trims ? line.replace(/\n$/, '') : line)
  }
  setArray(shell, name, lines, false)
  return 0
}
