/** Options that a usage text names, whatever its layout: `-c, --count N`, `[-46bv]`, `-s[tatistics]`, `+[no]short`. */

export interface NamedOption {
  readonly option: string
  /** A word follows it. */
  readonly hasValue: boolean
}

export function optionsOf(usage: string): NamedOption[] {
  const found = new Map<string, boolean>()
  for (const line of usage.split('\n'))
    for (const [name, value] of optionsOfLine(line)) found.set(name, value)
  return [...found].map(([option, hasValue]) => ({ option, hasValue }))
}

/** iproute2's own. */
const LONG_WITH_ONE_DASH = new Set(['-force'])

function optionsOfLine(line: string): [string, boolean][] {
  if (/^\s*\+/.test(line)) return plusWords(line)
  if (line.includes('[-') || line.includes('[ -') || /-\w\[\w/.test(line)) return bracketed(line)
  const head = /^\s*((?:[|{(]\s*)?-{1,2}[\w#?].*)$/.exec(line)?.[1]
  return head === undefined ? [] : columns(head)
}

/** dig: `+[no]short`, `+timeout=###`. */
function plusWords(line: string): [string, boolean][] {
  const word = /^\s*\+(\[no\])?([\w-]+)(\[?=\S+)?/.exec(line)
  if (word === null) return []
  const name = `+${word[2]}`
  return [[word[3]?.startsWith('=') === true ? `${name}=1` : name, false]]
}

/** A synopsis. A cluster of letters is as many options; of `-s[tatistics]` both forms count. */
function bracketed(line: string): [string, boolean][] {
  const found: [string, boolean][] = []
  for (const match of line.matchAll(/(?<![\w-])-(\w+)\[(\w+)\]/g)) {
    const hasValue = /^\s*[<{][a-z]|^ [A-Z]|^\s*\{/.test(line.slice((match.index ?? 0) + match[0].length))
    found.push([`-${match[1]}`, hasValue], [`-${match[1]}${match[2]}`, hasValue])
  }
  if (found.length > 0) return found
  for (const match of line.matchAll(/\[\s*(-{1,2}[\w#?|-]+)([ =][^\]|]*)?\]/g)) {
    const [, words = '', value = ''] = match
    const hasValue = /\w/.test(value)
    for (const word of words.split('|'))
      if (word.startsWith('--') || LONG_WITH_ONE_DASH.has(word)) found.push([word, hasValue])
      else for (const letter of word.replaceAll('-', '')) found.push([`-${letter}`, hasValue])
  }
  return found
}

/** `-c, --count <n>   what it does`: what stands before the first wide gap. */
function columns(text: string): [string, boolean][] {
  const head = text.split(/\t|\s{2,}|(?<=\S)\s+(?=\()/)[0] ?? ''
  const found: [string, boolean][] = []
  const hasValue =
    /(?:-{1,2}[\w#?-]+)(?:[= ]|\[?=)\s*[<[]?[\w#"'(]/.test(head.replaceAll(/[,|/]\s*-{1,2}[\w-]+/g, '')) ||
    /--[\w-]+[= ][<[]?\w/.test(head)
  const isOptional = /\[=/.test(head)
  for (const match of head.matchAll(/(?<![\w<[-])(-{1,2}[A-Za-z0-9#?][\w.-]*)/g))
    found.push([match[1] ?? '', hasValue && !isOptional])
  return found
}
