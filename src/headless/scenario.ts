/** The scenario format: one command a line, its prompt says where it runs. Read into steps, or refused with its line. */

/** Where a command runs: a node's shell, or a container's (`docker exec -it NAME sh -c …` on `node`, null: the default). */
export type Place =
  | { readonly kind: 'node'; readonly node: string }
  | { readonly kind: 'container'; readonly container: string; readonly node: string | null }

export interface ScenarioCommand {
  readonly place: Place
  readonly command: string
}

export type ScenarioStep =
  | { readonly kind: 'comment' }
  | { readonly kind: 'run'; readonly run: ScenarioCommand; readonly typed: readonly string[] }
  | { readonly kind: 'interrupt'; readonly afterS: number; readonly run: ScenarioCommand }
  | { readonly kind: 'background'; readonly name: string; readonly run: ScenarioCommand }
  | { readonly kind: 'end' | 'wait'; readonly name: string }
  | { readonly kind: 'split'; readonly run: ScenarioCommand }
  | { readonly kind: 'set'; readonly variable: string; readonly run: ScenarioCommand }
  | { readonly kind: 'sleep'; readonly seconds: number }

export interface ScenarioLine {
  /** As it stands in the file; the transcript repeats it. */
  readonly text: string
  readonly number: number
  readonly step: ScenarioStep
}

/** A scenario that cannot be read; the message is for the person who wrote it. */
export class ScenarioError extends Error {
  readonly line: number
  constructor(line: number, message: string) {
    super(message)
    this.line = line
  }
}

const PROMPT = /^([A-Za-z0-9_.-]+)(?:@(\w+))?([$#]) (.*)$/

/** Throws `ScenarioError`. */
export function parseScenario(text: string): ScenarioLine[] {
  const lines = text.split('\n')
  const result: ScenarioLine[] = []
  lines.forEach((line, index) => {
    if (line.trim() === '') return
    if (!line.startsWith('< '))
      result.push({ text: line, number: index + 1, step: parseStep(line, index, lines) })
    else if (!isTypedInto(lines, index))
      throw new ScenarioError(index + 1, 'text is typed here, but no command stands above it')
  })
  return result
}

function isTypedInto(lines: readonly string[], index: number): boolean {
  let at = index
  while (at > 0 && lines[at]!.startsWith('< ')) at--
  return PROMPT.test(lines[at]!)
}

function parseStep(line: string, index: number, lines: readonly string[]): ScenarioStep {
  if (line.startsWith('#')) return { kind: 'comment' }
  if (line.startsWith('!')) return parseDirective(line, index + 1)
  const typed: string[] = []
  for (let i = index + 1; lines[i]?.startsWith('< '); i++) typed.push(lines[i]!.slice(2))
  return { kind: 'run', run: parseCommand(line, index + 1), typed }
}

function parseCommand(text: string, number: number): ScenarioCommand {
  const match = PROMPT.exec(text)
  if (match === null) {
    throw new ScenarioError(
      number,
      `'${text}' is no command: a line starts with NODE$ or CONTAINER# and a blank`,
    )
  }
  const [, name, node, sign, command] = match
  const place: Place =
    sign === '#' ? { kind: 'container', container: name!, node: node ?? null } : { kind: 'node', node: name! }
  return { place, command: command! }
}

function parseDirective(line: string, number: number): ScenarioStep {
  const [word = '', first = '', ...others] = line.slice(1).split(' ')
  const rest = others.join(' ')
  const named = (what: string): string => {
    if (first === '') throw new ScenarioError(number, `!${word} needs ${what}`)
    return first
  }
  switch (word) {
    case 'sleep':
      return { kind: 'sleep', seconds: seconds(named('a number of seconds'), number) }
    case 'int':
      return {
        kind: 'interrupt',
        afterS: seconds(named('a number of seconds'), number),
        run: parseCommand(rest, number),
      }
    case 'bg':
      return { kind: 'background', name: named('a name'), run: parseCommand(rest, number) }
    case 'end':
    case 'wait':
      return { kind: word, name: named('the name of a !bg command') }
    case 'split':
      return { kind: 'split', run: parseCommand(line.slice('!split '.length), number) }
    case 'set':
      return { kind: 'set', variable: named('a variable'), run: parseCommand(rest, number) }
    default:
      throw new ScenarioError(
        number,
        `unknown directive !${word}; there are !int !bg !end !wait !split !set !sleep`,
      )
  }
}

function seconds(text: string, number: number): number {
  const value = Number(text)
  if (text === '' || !(value >= 0)) throw new ScenarioError(number, `'${text}' is no number of seconds`)
  return value
}
