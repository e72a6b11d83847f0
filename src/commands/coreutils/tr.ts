/** tr: characters one for another. tr(1) */
import { readOptions, type Tool, toolName } from './tool.ts'

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
  const deletes = options.has('d', 'delete')
  const squeezes = options.has('s', 'squeeze-repeats')
  const isComplement = options.has('c', 'C', 'complement')
  if (second === undefined && !deletes && !squeezes) {
    context.err(
      `tr: missing operand after ‘${first}’\nTwo strings must be given when translating.\nTry 'tr --help' for more information.\n`,
    )
    return 1
  }
  const from = characterSet(first)
  const to = second === undefined ? [] : characterSet(second)
  const inFrom = (c: string): boolean => from.includes(c) !== isComplement
  const map = (c: string): string => {
    if (!inFrom(c) || deletes || to.length === 0) return c
    return isComplement ? to.at(-1)! : (to[from.indexOf(c)] ?? to.at(-1)!)
  }
  const squeezed = (c: string): boolean => (to.length > 0 ? to.includes(c) : inFrom(c))
  let last = ''
  for (let piece = await context.readChunk(); piece !== null; piece = await context.readChunk()) {
    let text = ''
    for (const c of piece) {
      if (deletes && inFrom(c)) continue
      const out = map(c)
      if (squeezes && out === last && squeezed(out)) continue
      last = out
      text += out
    }
    context.out(text)
    await context.flush()
  }
  return 0
}

const CLASS_RANGES: Readonly<Record<string, RegExp>> = {
  alpha: /[A-Za-z]/,
  digit: /\d/,
  alnum: /[A-Za-z0-9]/,
  upper: /[A-Z]/,
  lower: /[a-z]/,
  space: /[ \t\n\r\f\v]/,
  blank: /[ \t]/,
  punct: /[!-/:-@[-`{-~]/,
  xdigit: /[0-9A-Fa-f]/,
  cntrl: /[\x00-\x1f\x7f]/,
  print: /[\x20-\x7e]/,
  graph: /[\x21-\x7e]/,
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
      set.push(...ASCII.filter((c) => CLASS_RANGES[named[1]!]?.test(c)))
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
