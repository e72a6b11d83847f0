/** wc: how many lines, words, bytes. wc(1) */
import { encodeUtf8 } from '../../sim/base/utf8.ts'
import { type Flavour, readAllText, readOptions, type Tool } from './tool.ts'

export const wc: Tool = async (context, flavour) => {
  const long = {
    lines: 'flag',
    words: 'flag',
    bytes: 'flag',
    chars: 'flag',
    'max-line-length': 'flag',
  } as const
  const options = readOptions(context, flavour, { short: 'lwcmL', long }, '[-cmlwL] [FILE]...')
  if (options === null) return 1
  const wanted = (['l', 'w', 'm', 'c', 'L'] as const).filter((letter) =>
    options.has(letter, { l: 'lines', w: 'words', m: 'chars', c: 'bytes', L: 'max-line-length' }[letter]),
  )
  const columns = wanted.length === 0 ? (['l', 'w', 'c'] as const) : wanted
  const rows: { name: string; counts: number[] }[] = []
  let status = 0
  for (const path of options.operands.length === 0 ? ['-'] : options.operands) {
    const { text, failed } = await readAllText(context, flavour, [path])
    if (failed) status = 1
    else
      rows.push({
        name: path === '-' && options.operands.length === 0 ? '' : path,
        counts: columns.map((letter) => measure(text, letter)),
      })
  }
  if (rows.length > 1) {
    rows.push({
      name: 'total',
      counts: columns.map((_, i) => rows.reduce((sum, row) => sum + row.counts[i]!, 0)),
    })
  }
  const isStdin = options.operands.length === 0
  const width = numberWidth(rows, columns.length, isStdin, flavour)
  for (const { name, counts } of rows) {
    const numbers = counts.map((count) => String(count).padStart(width)).join(' ')
    context.out(`${numbers}${name === '' ? '' : ` ${name}`}\n`)
  }
  return status
}

function measure(text: string, letter: 'l' | 'w' | 'c' | 'm' | 'L'): number {
  if (letter === 'l') return text.split('\n').length - 1
  if (letter === 'w') return text.split(/\s+/).filter((word) => word !== '').length
  if (letter === 'c') return encodeUtf8(text).length
  if (letter === 'm') return [...text].length
  return Math.max(0, ...text.split('\n').map((line) => line.length))
}

/** GNU: as wide as the largest size (7 for a pipe); busybox: 9, or just the number. */
function numberWidth(
  rows: { counts: number[] }[],
  columns: number,
  isStdin: boolean,
  flavour: Flavour,
): number {
  if (columns === 1 && rows.length <= 1) return 1
  if (flavour === 'busybox') return 9
  const largest = Math.max(1, ...rows.flatMap((row) => row.counts.map((count) => String(count).length)))
  return isStdin ? Math.max(7, largest) : largest
}
