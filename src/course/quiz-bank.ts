/** The question bank: what may be asked, read from YAML. */
import { readCommand, Unreadable } from './check-reader.ts'
import type { CommandLine, Problem, Source } from './lesson.ts'
import type { Course, CourseFile } from './load.ts'
import { type BankInput, bankSchema } from './quiz-schema.ts'
import { readYaml } from './yaml-source.ts'

export interface Topic {
  readonly id: string
  readonly title: string
}

interface BankEntryBase {
  readonly id: string
  readonly topic: Topic
  readonly ask: string
  readonly why: string
  /** Where to read it up. */
  readonly lesson: string
  readonly step: string
  readonly file: string
  readonly line: number
}

export interface FixedEntry extends BankEntryBase {
  readonly kind: 'fixed'
  readonly choices: readonly { readonly text: string; readonly right: boolean; readonly why: string | null }[]
}

/** A template: world and values by seed, answer and wrong answers by commands. */
export interface GeneratedEntry extends BankEntryBase {
  readonly kind: 'generated'
  readonly world: string
  readonly engine: string
  readonly variables: ReadonlyMap<string, readonly (string | number)[]>
  readonly setup: readonly CommandLine[]
  readonly show: readonly CommandLine[]
  readonly answer: Source
  readonly wrong: readonly { readonly text: Source; readonly why: string | null }[]
  /** Succeeds in the world exactly for a `{{choice}}` that is right there: the proof of the question. */
  readonly holds: CommandLine | null
}

export type BankEntry = FixedEntry | GeneratedEntry

export interface Bank {
  readonly topics: readonly Topic[]
  readonly entries: readonly BankEntry[]
}

export interface LoadedBank {
  readonly bank: Bank
  readonly problems: readonly Problem[]
}

/** With a course, links are followed to their steps. */
export function loadBank(files: readonly CourseFile[], course: Course | null = null): LoadedBank {
  const problems: Problem[] = []
  const topics: Topic[] = []
  const entries: BankEntry[] = []
  for (const { name, text } of [...files].sort((x, y) => (x.name < y.name ? -1 : 1))) {
    const input = readYaml(text, bankSchema, { file: name, offset: 0 }, problems)
    if (input === null) continue
    const topic = { id: input.topic, title: input.title }
    topics.push(topic)
    entries.push(...readEntries(input, topic, { file: name, text }, problems))
  }
  problems.push(...duplicates(entries), ...(course === null ? [] : brokenLinks(entries, course)))
  return { bank: { topics, entries }, problems }
}

function readEntries(
  input: BankInput,
  topic: Topic,
  place: { file: string; text: string },
  problems: Problem[],
): BankEntry[] {
  const { file, text } = place
  const entries: BankEntry[] = []
  for (const one of [...input.questions, ...input.generated]) {
    const line = lineOf(text, one.id)
    try {
      entries.push(
        'right' in one ? fixedEntry(one, topic, file, line) : generatedEntry(one, topic, file, line),
      )
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      problems.push({ file, line, text: error.message })
    }
  }
  return entries
}

function lineOf(text: string, id: string): number {
  const index = text
    .split('\n')
    .findIndex((line) => /^\s*(- )?id:/.test(line) && line.trim().endsWith(` ${id}`))
  return index + 1
}

function base(
  input: { id: string; ask: string; why: string; link: string },
  topic: Topic,
  file: string,
  line: number,
): BankEntryBase {
  const [lesson = '', step = ''] = input.link.split('#')
  return { id: input.id, topic, ask: input.ask, why: input.why, lesson, step, file, line }
}

function fixedEntry(
  input: BankInput['questions'][number],
  topic: Topic,
  file: string,
  line: number,
): FixedEntry {
  const wrong = input.wrong.map(({ text, why }) => ({ text: String(text), right: false, why: why ?? null }))
  const right = [input.right].flat().map((text) => ({ text: String(text), right: true, why: null }))
  const choices = [...right, ...wrong]
  const texts = new Set(choices.map((choice) => choice.text))
  if (texts.size < choices.length) throw new Unreadable(`${input.id}: two choices are the same`)
  return { ...base(input, topic, file, line), kind: 'fixed', choices }
}

function generatedEntry(
  input: BankInput['generated'][number],
  topic: Topic,
  file: string,
  line: number,
): GeneratedEntry {
  const command = (text: string): CommandLine => readCommand(text, line)
  const source = (value: string | number | { from: string }): Source =>
    typeof value === 'object'
      ? { kind: 'from', command: command(value.from) }
      : { kind: 'fixed', value: String(value) }
  return {
    ...base(input, topic, file, line),
    kind: 'generated',
    world: input.world,
    engine: input.engine,
    variables: new Map(Object.entries(input.vars).map(([name, { pick }]) => [name, pick])),
    setup: input.setup.map(command),
    show: input.show.map(command),
    answer: source(input.answer),
    wrong: input.wrong.map((one) =>
      typeof one === 'object' && 'text' in one
        ? { text: source(one.text), why: one.why }
        : { text: source(one), why: null },
    ),
    holds: input.holds === undefined ? null : command(input.holds),
  }
}

function duplicates(entries: readonly BankEntry[]): Problem[] {
  const seen = new Set<string>()
  return entries.flatMap(({ id, file, line }) => {
    const again = seen.has(id)
    seen.add(id)
    return again ? [{ file, line, text: `the id ${id} is taken` }] : []
  })
}

function brokenLinks(entries: readonly BankEntry[], course: Course): Problem[] {
  return entries.flatMap(({ lesson, step, file, line }) => {
    const steps = course.lessons.find((one) => one.id === lesson)?.steps
    if (steps?.some((one) => one.id === step) === true) return []
    return [{ file, line, text: `there is no step ${lesson}#${step}` }]
  })
}
