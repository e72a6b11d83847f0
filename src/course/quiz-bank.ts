/** The question bank: what may be asked, read from YAML. A question with an error is named; the others work. */
import { Unreadable } from './check-reader.ts'
import type { CommandLine, Problem, Source, VariableValue } from './lesson.ts'
import type { Outline } from './lesson-head.ts'
import type { CourseFile } from './load.ts'
import { fixedEntry, generatedEntry } from './quiz-entry.ts'
import type { ItemForm, QuizKind } from './quiz-item.ts'
import { bankHeadSchema, fixedSchema, generatedSchema } from './quiz-schema.ts'
import type { TypedAs } from './same-answer.ts'
import { lineAt, type OpenYaml, openYaml, shaped } from './yaml-source.ts'

export interface Topic {
  readonly id: string
  readonly title: string
}

export interface BankEntryBase {
  readonly id: string
  readonly topic: Topic
  /** What has to be done to answer it. */
  readonly asks: QuizKind
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
  /** Choices and steps not yet shuffled. */
  readonly form: ItemForm
  readonly see: Proof | null
}

/** What shows that an answer is right: lines run in a world. */
export interface Proof {
  readonly world: string
  readonly engine: string
  readonly setup: readonly CommandLine[]
  readonly run: readonly CommandLine[]
}

export interface ExplainedSource {
  readonly text: Source
  readonly why: string | null
}

/** A template: world and values by seed, answer and wrong answers by commands. */
export interface GeneratedEntry extends BankEntryBase {
  readonly kind: 'generated'
  readonly world: string
  readonly engine: string
  readonly variables: ReadonlyMap<string, readonly VariableValue[]>
  readonly setup: readonly CommandLine[]
  readonly show: readonly CommandLine[]
  readonly reveal: readonly CommandLine[]
  /** Null for `several`, where `holds` tells which choices are right. */
  readonly answer: Source | null
  readonly also: readonly Source[]
  readonly wrong: readonly ExplainedSource[]
  readonly choices: readonly ExplainedSource[]
  /** How a typed answer is compared; null: it is not typed. */
  readonly accepts: TypedAs | null
  /** The node of the learner's shell. */
  readonly node: string
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
export function loadBank(files: readonly CourseFile[], course: Outline | null = null): LoadedBank {
  const problems: Problem[] = []
  const topics: Topic[] = []
  const entries: BankEntry[] = []
  for (const { name, text } of [...files].sort((x, y) => (x.name < y.name ? -1 : 1))) {
    const yaml = openYaml(text, name, problems)
    const head = shaped(yaml, [], bankHeadSchema, problems)
    if (head === null) continue
    const topic = { id: head.topic, title: head.title }
    if (!topics.some(({ id }) => id === topic.id)) topics.push(topic)
    head.questions.forEach((_, index) => {
      read(yaml, ['questions', index], problems, (at, line) => {
        const input = shaped(yaml, at, fixedSchema, problems)
        if (input !== null) entries.push(fixedEntry(input, topic, { file: name, line }))
      })
    })
    head.generated.forEach((_, index) => {
      read(yaml, ['generated', index], problems, (at, line) => {
        const input = shaped(yaml, at, generatedSchema, problems)
        if (input !== null) entries.push(generatedEntry(input, topic, { file: name, line }))
      })
    })
  }
  const { unique, taken } = duplicates(entries)
  problems.push(...taken, ...(course === null ? [] : brokenLinks(unique, course)))
  return { bank: { topics, entries: unique }, problems }
}

type Path = readonly (string | number)[]

function read(yaml: OpenYaml, at: Path, problems: Problem[], work: (at: Path, line: number) => void): void {
  const line = lineAt(yaml, at)
  try {
    work(at, line)
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    problems.push({ file: yaml.file, line, text: error.message })
  }
}

function duplicates(entries: readonly BankEntry[]): { unique: BankEntry[]; taken: Problem[] } {
  const seen = new Set<string>()
  const unique: BankEntry[] = []
  const taken: Problem[] = []
  for (const entry of entries) {
    const { id, file, line } = entry
    if (seen.has(id)) taken.push({ file, line, text: `the id ${id} is taken` })
    else unique.push(entry)
    seen.add(id)
  }
  return { unique, taken }
}

function brokenLinks(entries: readonly BankEntry[], course: Outline): Problem[] {
  return entries.flatMap(({ lesson, step, file, line }) => {
    const steps = course.lessons.find((one) => one.id === lesson)?.steps
    if (steps?.some((one) => one.id === step) === true) return []
    return [{ file, line, text: `there is no step ${lesson}#${step}` }]
  })
}
