/** tr: characters one for another. tr(1) */
import { CHARACTER_CLASSES } from '../posix-regexp.ts'
import { type Options, readOptions, type Tool, toolName } from './tool.ts'

export const tr: Tool = async (context, flavour) => {
  const options = readOptions(
    context,
    flavour,
    { short: 'cCdst', long: { delete: 'flag', 'squeeze-repeats': 'flag', complement: 'flag' }, strict: true },
    '[-cds] STRING1 [STRING2]',
  )
  if (options === null) return 1
  const [first, second] = options.operands
  if (first === undefined) {
    context.err(
      `${toolName(context)}: missing operand\nTry '${toolName(context)} --help' for more information.\n`,
    )
    return 1
  }
  if (second === undefined && !options.has('d', 'delete', 's', 'squeeze-repeats')) {
    context.err(
      `tr: missing operand after ‘${first}’\nTwo strings must be given when translating.\nTry 'tr --help' for more information.\n`,
    )
    return 1
  }
  const change = translation(options, characterSet(first), second === undefined ? [] : characterSet(second))
  for (let piece = await context.readChunk(); piece !== null; piece = await context.readChunk()) {
    context.out(change(piece))
    await context.flush()
  }
  return 0
}

/** Piece for piece; what was printed last is kept, because a run to be squeezed may go on in the next one. */
function translation(
  options: Options,
  from: readonly string[],
  to: readonly string[],
): (piece: string) => string {
  const deletes = options.has('d', 'delete')
  const squeezes = options.has('s', 'squeeze-repeats')
  const isComplement = options.has('c', 'C', 'complement')
  const inFrom = (c: string): boolean => from.includes(c) !== isComplement
  const map = (c: string): string => {
    if (!inFrom(c) || deletes || to.length === 0) return c
    return isComplement ? to.at(-1)! : (to[from.indexOf(c)] ?? to.at(-1)!)
  }
  const squeezed = (c: string): boolean => (to.length > 0 ? to.includes(c) : inFrom(c))
  let last = ''
  return (piece) => {
    let text = ''
    for (const c of piece) {
      if (deletes && inFrom(c)) continue
      const out = map(c)
      if (squeezes && out === last && squeezed(out)) continue
      last = out
      text += out
    }
    return text
  }
}

const ASCII = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code))
const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  f: '\f',
  v: '\v',
  a: '\x07',
  b: '\b',
}

function classMembers(name: string): string[] {
  const members = CHARACTER_CLASSES[name]
  return members === undefined ? [] : ASCII.filter((c) => new RegExp(`[${members}]`).test(c))
}

function characterSet(text: string): string[] {
  const set: string[] = []
  let i = 0
  const next = (): string => {
    if (text[i] !== '\\') return text[i++]!
    const octal = /^\\([0-7]{1,3})/.exec(text.slice(i))
    if (octal !== null) {
      i += octal[0].length
      return String.fromCharCode(Number.parseInt(octal[1]!, 8))
    }
    i += 2
    return ESCAPES[text[i - 1]!] ?? text[i - 1] ?? '\\'
  }
  while (i < text.length) {
    const named = /^\[:(\w+):\]/.exec(text.slice(i))
    if (named !== null) {
      set.push(...classMembers(named[1]!))
      i += named[0].length
      continue
    }
    const c = next()
    if (text[i] === '-' && i + 1 < text.length) {
      i++
      const end = next().codePointAt(0)!
      for (let code = c.codePointAt(0)!; code <= end; code++) set.push(String.fromCodePoint(code))
    } else set.push(c)
  }
  return set
}
