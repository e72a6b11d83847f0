/** xargs. xargs(1) */
import { complain, readOptions, type Tool } from '../coreutils/tool.ts'
import { runNamed } from '../coreutils/words.ts'

export const xargs: Tool = async (context, flavour) => {
  const long = {
    'max-args': 'value',
    replace: 'optional',
    null: 'flag',
    'no-run-if-empty': 'flag',
    verbose: 'flag',
    delimiter: 'value',
    'max-procs': 'value',
    'max-lines': 'optional',
  } as const
  const options = readOptions(
    context,
    flavour,
    { short: 'n:I:0rtd:P:L:', long, strict: true },
    '[OPTIONS] [PROG ARGS]',
  )
  if (options === null) return 1
  const text = await context.readAll()
  const delimiter = options.has('0', 'null') ? '\0' : options.value('d', 'delimiter')?.replace('\\n', '\n')
  const replace = options.value('I', 'replace')
  const words = splitInput(text, delimiter ?? (replace === undefined ? undefined : '\n'))
  if (words === null)
    return complain(
      context,
      'unmatched single quote; by default quotes are special to xargs unless you use the -0 option',
    )
  const lines = options.value('L', 'max-lines')
  const command = options.operands.length === 0 ? ['echo'] : [...options.operands]
  const size =
    replace !== undefined
      ? 1
      : lines !== undefined
        ? words.length
        : Number(options.value('n', 'max-args') ?? (words.length || 1))
  if (words.length === 0 && (options.has('r', 'no-run-if-empty') || replace !== undefined)) return 0
  let status = 0
  for (let i = 0; i < Math.max(1, words.length); i += Math.max(1, size)) {
    const part = words.slice(i, i + size)
    const argv =
      replace === undefined
        ? [...command, ...part]
        : command.map((word) => word.replaceAll(replace || '{}', part[0] ?? ''))
    if (options.has('t', 'verbose')) context.err(`${argv.join(' ')}\n`)
    const result = await runNamed(context, argv, { noInput: true })
    if (result === 127 || result === 126) return result
    if (result > 128 && result < 255) {
      complain(context, `${argv[0]}: terminated by signal ${result - 128}`)
      return 125
    }
    if (result === 255) {
      complain(context, `${argv[0]}: exited with status 255; aborting`)
      return 124
    }
    if (result !== 0) status = 123
  }
  return status
}

/** Blanks part words, quotes and backslashes protect; with a delimiter nothing is special. Null: a quote is not closed. */
function splitInput(text: string, delimiter: string | undefined): string[] | null {
  if (delimiter !== undefined) {
    const words = text.split(delimiter)
    if (words.at(-1) === '') words.pop()
    return delimiter === '\n' ? words.map((word) => word.trimStart()).filter((word) => word !== '') : words
  }
  const words: string[] = []
  let word: string | null = null
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!
    if (/\s/.test(c)) {
      if (word !== null) words.push(word)
      word = null
    } else if (c === '\\') word = (word ?? '') + (text[++i] ?? '')
    else if (c === "'" || c === '"') {
      const end = text.indexOf(c, i + 1)
      if (end === -1) return null
      word = (word ?? '') + text.slice(i + 1, end)
      i = end
    } else word = (word ?? '') + c
  }
  if (word !== null) words.push(word)
  return words
}
