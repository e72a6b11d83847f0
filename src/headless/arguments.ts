/** The program's own command line, read into one of a closed set of requests, or refused with a sentence. */

import { QUIZ_FLAGS, QUIZ_USAGE, type QuizRequest, readQuizFlags } from './quiz-arguments.ts'

export type Request =
  | { readonly kind: 'course' }
  | { readonly kind: 'lesson'; readonly id: string }
  | { readonly kind: 'list' }
  | { readonly kind: 'progress'; readonly json: boolean }
  | { readonly kind: 'progress-export' }
  | { readonly kind: 'progress-import'; readonly file: string }
  | { readonly kind: 'reset'; readonly id: string | null }
  | QuizRequest
  | ({ readonly kind: 'sandbox' } & WorldChoice)
  | ({ readonly kind: 'replay'; readonly file: string } & WorldChoice)
  | { readonly kind: 'lint'; readonly folder: string | null; readonly seeds: number }
  | { readonly kind: 'new'; readonly lesson: string }
  | { readonly kind: 'schema' }
  | { readonly kind: 'version' }
  | { readonly kind: 'help' }

export interface WorldChoice {
  readonly world: string
  readonly engine: string
  readonly seed: number
}

/** What goes with any command. */
export interface Common {
  readonly linear: boolean
  /** Folders and packages whose lessons are added. */
  readonly packs: readonly string[]
  /** As asked for by `--lang`; null: the locale decides. */
  readonly lang: string | null
}

export type Parsed =
  | ({ readonly ok: true; readonly request: Request } & Common)
  | { readonly ok: false; readonly message: string }

export const WORLDS = ['lab', 'desktop', 'linux', 'bare'] as const
export const ENGINES = ['20.10'] as const

/** Flags by command; `value` flags take the next word (or what follows `=`). */
const FLAGS: Record<string, Record<string, 'switch' | 'value'>> = {
  course: {},
  lesson: {},
  list: {},
  progress: { '--json': 'switch' },
  reset: {},
  quiz: QUIZ_FLAGS,
  sandbox: { '--world': 'value', '--engine': 'value', '--seed': 'value' },
  replay: { '--world': 'value', '--engine': 'value', '--seed': 'value' },
  lint: { '--seeds': 'value' },
  new: {},
  schema: {},
}

export const USAGE = `Usage: docker-net-tutor [COMMAND] [--linear] [--pack PACK] [--lang LANG]

  (no command)                          the course, where you left off
  lesson ID                             open one lesson
  list                                  all lessons, with what is done
  progress [--json]                     how far you are
  progress export                       your progress as text on stdout
  progress import FILE                  take over what 'progress export' wrote
  reset [ID]                            forget the progress of one lesson, or of all
${QUIZ_USAGE}  sandbox [--world lab] [--engine 20.10] [--seed N]
                                        a shell in a world of its own (worlds: ${WORLDS.join(', ')})
  replay FILE.scn [--world lab] [--engine 20.10] [--seed 1]
                                        run a scenario, write its transcript to stdout
  lint [DIR] [--seeds 20]               prove the lessons of a folder (default: the built-in ones)
  new LESSON                            write a lesson to begin with
  schema                                a JSON schema of lessons, for editors

  --pack PACK  add the lessons of a folder or an installed package; may be repeated
  --lang LANG  language of the lessons, where there is a translation (default: from LANG)
  --linear     line by line, for screen readers and plain terminals
  --version    print the version
  --help       print this
`

export function parseArguments(argv: readonly string[]): Parsed {
  if (argv.includes('--help') || argv.includes('-h')) return done({ kind: 'help' })
  if (argv.includes('--version') || argv.includes('-V')) return done({ kind: 'version' })
  const taken = takeCommon(argv)
  if (typeof taken === 'string') return wrong(taken)
  const [first, ...rest] = taken.words
  const command = first === undefined || first.startsWith('-') ? 'course' : first
  const words = command === 'course' && first !== undefined ? [first, ...rest] : rest
  if (FLAGS[command] === undefined || (command === 'course' && first === 'course')) {
    return wrong(`unknown command '${first}'. Run 'docker-net-tutor --help' for the list.`)
  }
  const split = splitFlags(command, words)
  if (typeof split === 'string') return wrong(split)
  const built = build(command, split.positional, split.flags)
  return typeof built === 'string' ? wrong(built) : { ok: true, request: built, ...taken.common }
}

function takeCommon(argv: readonly string[]): { words: string[]; common: Common } | string {
  const words: string[] = []
  const packs: string[] = []
  let linear = false
  let lang: string | null = null
  for (let i = 0; i < argv.length; i++) {
    const [name, inline] = argv[i]!.split(/=(.*)/s) as [string, string | undefined]
    if (name === '--linear' && inline === undefined) linear = true
    else if (name === '--pack' || name === '--lang') {
      const value = inline ?? argv[++i]
      if (value === undefined || value === '') return `flag '${name}' needs a value.`
      if (name === '--pack') packs.push(value)
      else if (/^[a-z]{2,3}(-[A-Z]{2})?$/.test(value)) lang = value
      else return `flag '--lang' needs a language such as de, not '${value}'.`
    } else words.push(argv[i]!)
  }
  return { words, common: { linear, packs, lang } }
}

function done(request: Request): Parsed {
  return { ok: true, request, linear: false, packs: [], lang: null }
}

function wrong(message: string): Parsed {
  return { ok: false, message }
}

interface Split {
  readonly positional: string[]
  readonly flags: Map<string, string>
}

function splitFlags(command: string, words: readonly string[]): Split | string {
  const positional: string[] = []
  const flags = new Map<string, string>()
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (!word.startsWith('-') || word === '-') {
      positional.push(word)
      continue
    }
    const [name, inline] = word.split(/=(.*)/s) as [string, string | undefined]
    const type = FLAGS[command]?.[name]
    if (type === undefined) return `unknown flag '${name}'. Run 'docker-net-tutor --help' for the list.`
    if (type === 'switch') flags.set(name, '')
    else {
      const value = inline ?? words[++i]
      if (value === undefined || value === '') return `flag '${name}' needs a value.`
      flags.set(name, value)
    }
  }
  return { positional, flags }
}

function build(command: string, words: readonly string[], flags: Map<string, string>): Request | string {
  const few = (least: number, most: number, what: string): string | null =>
    words.length < least || words.length > most ? `'${command}' takes ${what}.` : null
  switch (command) {
    case 'course':
      return few(0, 0, 'no arguments') ?? { kind: 'course' }
    case 'list':
      return few(0, 0, 'no arguments') ?? { kind: 'list' }
    case 'lesson':
      return few(1, 1, "one lesson; 'docker-net-tutor list' names them") ?? { kind: 'lesson', id: words[0]! }
    case 'reset':
      return few(0, 1, 'one lesson at most') ?? { kind: 'reset', id: words[0] ?? null }
    case 'progress':
      return progress(words, flags)
    case 'quiz':
      return few(0, 0, 'flags only') ?? quiz(flags)
    case 'sandbox':
      return few(0, 0, 'flags only') ?? withWorld({ kind: 'sandbox' }, flags, 'linux')
    case 'replay':
      return few(1, 1, 'one scenario file') ?? withWorld({ kind: 'replay', file: words[0]! }, flags, 'lab')
    case 'new':
      return few(1, 1, 'the name of a lesson, such as 17-my-lesson') ?? { kind: 'new', lesson: words[0]! }
    case 'schema':
      return few(0, 0, 'no arguments') ?? { kind: 'schema' }
    default:
      return few(0, 1, 'one folder at most') ?? lint(words, flags)
  }
}

function progress(words: readonly string[], flags: Map<string, string>): Request | string {
  if (words.length === 0) return { kind: 'progress', json: flags.has('--json') }
  if (words[0] === 'export' && words.length === 1) return { kind: 'progress-export' }
  if (words[0] === 'import' && words.length === 2) return { kind: 'progress-import', file: words[1]! }
  return "'progress' takes nothing, 'export', or 'import' and a file."
}

function wholeNumber(
  flags: Map<string, string>,
  name: string,
  fallback: number,
  least: number,
): number | string {
  const text = flags.get(name)
  if (text === undefined) return fallback
  const value = Number(text)
  return Number.isSafeInteger(value) && value >= least
    ? value
    : `flag '${name}' needs a whole number from ${least} on, not '${text}'.`
}

function quiz(flags: Map<string, string>): Request | string {
  return readQuizFlags(flags, (name, fallback, least) => wholeNumber(flags, name, fallback, least))
}

function lint(words: readonly string[], flags: Map<string, string>): Request | string {
  const seeds = wholeNumber(flags, '--seeds', 20, 1)
  return typeof seeds === 'string' ? seeds : { kind: 'lint', folder: words[0] ?? null, seeds }
}

function withWorld<R extends { kind: 'sandbox' } | { kind: 'replay'; file: string }>(
  request: R,
  flags: Map<string, string>,
  fallback: string,
): Request | string {
  const world = flags.get('--world') ?? fallback
  const engine = flags.get('--engine') ?? '20.10'
  if (!(WORLDS as readonly string[]).includes(world))
    return `unknown world '${world}'; there are ${WORLDS.join(', ')}.`
  if (!(ENGINES as readonly string[]).includes(engine)) {
    return `engine '${engine}' is not available; there is ${ENGINES.join(', ')}.`
  }
  const seed = wholeNumber(flags, '--seed', 1, 0)
  return typeof seed === 'string' ? seed : ({ ...request, world, engine, seed } as Request)
}
