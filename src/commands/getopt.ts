/** Short and long options as getopt_long(3) takes them: clusters, attached values, operands in between. */

export interface OptionTable {
  /** As in getopt's optstring: `c:qn`. */
  readonly short: string
  /** Long name → 'flag' or 'value'. */
  readonly long?: Readonly<Record<string, 'flag' | 'value' | 'optional'>>
  /** Operands end the options (`+` in optstring). */
  readonly strict?: boolean
}

export interface ParsedOptions {
  /** In order: short ones without dash, long ones with their full name. */
  readonly options: readonly { readonly name: string; readonly value: string }[]
  readonly operands: readonly string[]
}

export type OptionError =
  | { readonly kind: 'unknown'; readonly option: string; readonly isLong: boolean }
  | { readonly kind: 'missing'; readonly option: string; readonly isLong: boolean }
  | {
      readonly kind: 'ambiguous'
      readonly option: string
      readonly isLong: true
      readonly candidates: readonly string[]
    }

export function parseOptions(
  argv: readonly string[],
  table: OptionTable,
):
  | { readonly ok: true; readonly value: ParsedOptions }
  | { readonly ok: false; readonly error: OptionError } {
  const options: { name: string; value: string }[] = []
  const operands: string[] = []
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i]!
    if (word === '--') {
      operands.push(...argv.slice(i + 1))
      break
    }
    if (word === '-' || !word.startsWith('-')) {
      operands.push(word)
      if (!table.strict) continue
      operands.push(...argv.slice(i + 1))
      break
    }
    const next = argv[i + 1]
    const read = word.startsWith('--') ? readLong(word, next, table) : readCluster(word, next, table)
    if ('error' in read) return { ok: false, error: read.error }
    options.push(...read.found)
    if (read.usedNext) i++
  }
  return { ok: true, value: { options, operands } }
}

type Read =
  | { readonly found: { name: string; value: string }[]; readonly usedNext: boolean }
  | { readonly error: OptionError }

function readCluster(word: string, next: string | undefined, table: OptionTable): Read {
  const found: { name: string; value: string }[] = []
  for (let i = 1; i < word.length; i++) {
    const name = word[i]!
    const at = name === ':' ? -1 : table.short.indexOf(name)
    if (at < 0) return { error: { kind: 'unknown', option: name, isLong: false } }
    if (table.short[at + 1] !== ':') {
      found.push({ name, value: '' })
      continue
    }
    const rest = word.slice(i + 1)
    if (rest !== '' || table.short[at + 2] === ':')
      return { found: [...found, { name, value: rest }], usedNext: false }
    if (next === undefined) return { error: { kind: 'missing', option: name, isLong: false } }
    return { found: [...found, { name, value: next }], usedNext: true }
  }
  return { found, usedNext: false }
}

function readLong(word: string, next: string | undefined, table: OptionTable): Read {
  const equals = word.indexOf('=')
  const given = word.slice(2, equals < 0 ? undefined : equals)
  const names = Object.keys(table.long ?? {})
  const candidates = names.includes(given) ? [given] : names.filter((name) => name.startsWith(given))
  const name = candidates[0]
  if (name === undefined) return { error: { kind: 'unknown', option: given, isLong: true } }
  if (candidates.length > 1) return { error: { kind: 'ambiguous', option: given, isLong: true, candidates } }
  const value = equals < 0 ? null : word.slice(equals + 1)
  if (table.long?.[name] !== 'value' || value !== null)
    return { found: [{ name, value: value ?? '' }], usedNext: false }
  if (next === undefined) return { error: { kind: 'missing', option: name, isLong: true } }
  return { found: [{ name, value: next }], usedNext: true }
}
