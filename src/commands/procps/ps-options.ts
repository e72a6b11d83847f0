/** ps takes options in three styles, mixed: `ps aux`, `ps -ef`, `ps --no-headers`. ps(1), procps-ng src/ps/parser.c */

export interface PsOptions {
  /** Words of formats as given to -o, `name` or `name=HEADER`. */
  formats: string[]
  /** A whole format by its letter: `-f`, `u` … */
  style: 'plain' | 'bsd' | '-f' | '-F' | '-l' | '-j' | 'u' | 'l' | 'j'
  isBsd: boolean
  /** `-e`, `-a`, `-d`, `a`, `x`, `r`, `T`. */
  select: Set<string>
  pids: number[]
  ppids: number[]
  names: string[]
  users: string[]
  ttys: string[]
  sids: number[]
  deselect: boolean
  headers: boolean
  /** Branches drawn (`f`, `--forest`) or only set in (`-H`). */
  forest: 'drawn' | 'set in' | null
  /** How wide: 0 as the screen, 1 132 columns, 2 no end. */
  wide: number
  sort: string[]
}

export type PsProblem =
  | { readonly kind: 'error'; readonly text: string }
  | { readonly kind: 'unmodelled'; readonly option: string }
  | { readonly kind: 'help' | 'version' }

export function parsePs(argv: readonly string[]): PsOptions | PsProblem {
  const options: PsOptions = {
    ...{ formats: [], style: 'plain', isBsd: false, select: new Set(), pids: [], ppids: [], names: [] },
    ...{ users: [], ttys: [], sids: [], deselect: false, headers: true, forest: null, wide: 0, sort: [] },
  }
  const words = [...argv.slice(1)]
  while (words.length > 0) {
    const word = words.shift()!
    const problem = word.startsWith('--')
      ? readLong(options, word, words)
      : /^-./.test(word)
        ? readUnix(options, word.slice(1), words)
        : readBsd(options, word, words)
    if (problem !== null) return problem
  }
  return options
}

const error = (text: string): PsProblem => ({ kind: 'error', text })

/** Lists are separated by commas or blanks. */
function list(text: string): string[] {
  return text.split(/[,\s]+/).filter((part) => part !== '')
}

function addPids(target: number[], text: string): PsProblem | null {
  for (const part of list(text)) {
    if (!/^\d+$/.test(part)) return error('process ID list syntax error')
    target.push(Number(part))
  }
  return null
}

/** `pid,args`, `pid=,comm=`, `pid=NUMBER`: a heading of one's own goes on to the end of the word. */
function addFormats(options: PsOptions, text: string): null {
  let rest = text
  while (rest !== '') {
    const match = /^[,\s]*([^,\s=]+)(=?)/.exec(rest)
    if (match === null) break
    rest = rest.slice(match[0].length)
    if (match[2] !== '=') {
      options.formats.push(match[1]!)
    } else if (rest.startsWith(',')) options.formats.push(`${match[1]}=`)
    else {
      options.formats.push(`${match[1]}=${rest}`)
      rest = ''
    }
  }
  return null
}

function readLong(options: PsOptions, word: string, words: string[]): PsProblem | null {
  const [name = '', given] = word.slice(2).split(/=(.*)/s)
  const value = (): string => given ?? words.shift() ?? ''
  switch (name) {
    case 'pid':
      return addPids(options.pids, value())
    case 'ppid':
      return addPids(options.ppids, value())
    case 'sid':
      return addPids(options.sids, value())
    case 'user':
    case 'User':
      options.users.push(...list(value()))
      return null
    case 'tty':
      options.ttys.push(...list(value()))
      return null
    case 'format':
      return addFormats(options, value())
    case 'sort':
      options.sort.push(...list(value()))
      return null
    case 'deselect':
      options.deselect = !options.deselect
      return null
    case 'forest':
      options.forest = 'drawn'
      return null
    case 'no-headers':
    case 'no-header':
    case 'no-heading':
    case 'no-headings':
    case 'noheaders':
    case 'noheader':
      options.headers = false
      return null
    case 'headers':
    case 'headings':
    case 'heading':
    case 'header':
      return null
    case 'cols':
    case 'columns':
    case 'width':
      value()
      return null
    case 'help':
    case 'version':
      return { kind: name }
    default:
      return error('unknown gnu long option')
  }
}

/** Letters that take a list: the rest of the word, or the next one. */
const UNIX_LISTS = 'pCuUtoqsO'

function readUnix(options: PsOptions, letters: string, words: string[]): PsProblem | null {
  for (let i = 0; i < letters.length; i++) {
    const letter = letters[i]!
    if (UNIX_LISTS.includes(letter)) {
      const value = letters.slice(i + 1) || words.shift()
      if (value === undefined) return error(missing(letter))
      return addList(options, letter, value)
    }
    if ('eAadNT'.includes(letter)) {
      if (letter === 'N') options.deselect = !options.deselect
      else options.select.add(letter === 'A' ? '-e' : `-${letter}`)
    } else if ('fFlj'.includes(letter)) options.style = `-${letter}` as PsOptions['style']
    else if (letter === 'H') options.forest = 'set in'
    else if (letter === 'w') options.wide++
    else if (letter === 'V') return { kind: 'version' }
    else if ('LmMZPyGgkcn'.includes(letter)) return { kind: 'unmodelled', option: `-${letter}` }
    else return error('unsupported SysV option')
  }
  return null
}

function missing(letter: string): string {
  if (letter === 'o' || letter === 'O') return 'format specification must follow -o'
  return `list of ${{ C: 'command names', p: 'process IDs', q: 'process IDs', t: 'terminals (pty, tty...)' }[letter] ?? 'users'} must follow -${letter}`
}

function addList(options: PsOptions, letter: string, value: string): PsProblem | null {
  if (letter === 'p' || letter === 'q') return addPids(options.pids, value)
  if (letter === 's') return addPids(options.sids, value)
  if (letter === 'o') return addFormats(options, value)
  if (letter === 'C') options.names.push(...list(value))
  else if (letter === 't') options.ttys.push(...list(value))
  else if (letter === 'O') return { kind: 'unmodelled', option: '-O' }
  else options.users.push(...list(value))
  return null
}

function readBsd(options: PsOptions, word: string, words: string[]): PsProblem | null {
  if (/^\d/.test(word)) return addPids(options.pids, word)
  options.isBsd = true
  for (let i = 0; i < word.length; i++) {
    const letter = word[i]!
    if ('opUtk'.includes(letter)) {
      const value = word.slice(i + 1) || words.shift()
      if (value === undefined) return error(missing(letter))
      if (letter === 'k') options.sort.push(...list(value))
      else return addList(options, letter, value)
      return null
    }
    if ('axrT'.includes(letter)) options.select.add(letter)
    else if ('ulj'.includes(letter)) options.style = letter as PsOptions['style']
    else if (letter === 'f') options.forest = 'drawn'
    else if (letter === 'h') options.headers = false
    else if (letter === 'w') options.wide++
    else if ('gcneS'.includes(letter)) continue
    else if ('mHLXvsZ'.includes(letter)) return { kind: 'unmodelled', option: letter }
    else return error('unsupported option (BSD syntax)')
  }
  return null
}
