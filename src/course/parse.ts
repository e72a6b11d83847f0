/** Reads a lesson from Markdown: front matter, steps, tasks. What is wrong comes back with file and line. */
import type { Check } from './check.ts'
import { pattern, readCheck, readCommand, Unreadable } from './check-reader.ts'
import { type FenceName, type Piece, splitPieces } from './fences.ts'
import type {
  Block,
  CommandLine,
  Goal,
  Hint,
  Lesson,
  Mistake,
  Problem,
  Question,
  QuestionForm,
  Source,
  Step,
  Task,
} from './lesson.ts'
import { diagramSchema, frontMatterSchema, goalSchema, hintSchema, questionSchema } from './schema.ts'
import { slug } from './slug.ts'
import { readYaml } from './yaml-source.ts'

export interface ParsedLesson {
  /** Null when the front matter cannot be read. */
  readonly lesson: Lesson | null
  readonly problems: readonly Problem[]
}

const FRONT_MATTER = /^---\n([\s\S]*?)\n---\n/

export function parseLesson(file: string, source: string): ParsedLesson {
  const problems: Problem[] = []
  const text = source.replaceAll('\r\n', '\n')
  const front = FRONT_MATTER.exec(text)
  if (front === null) {
    return {
      lesson: null,
      problems: [{ file, line: 1, text: 'a lesson starts with front matter between two lines ---' }],
    }
  }
  const about = readYaml(front[1]!, frontMatterSchema, { file, offset: 1 }, problems)
  const firstLine = front[0].split('\n').length
  const { pieces, unclosed } = splitPieces(text.slice(front[0].length), firstLine)
  if (unclosed !== null) problems.push({ file, line: unclosed, text: 'this fence is never closed' })
  const reader = new LessonReader(file, problems)
  const { intro, steps } = reader.read(pieces)
  if (about === null) return { lesson: null, problems }
  if (steps.length === 0) problems.push({ file, line: firstLine, text: 'no steps: a step starts with ##' })
  const variables = new Map(Object.entries(about.vars).map(([name, spec]) => [name, spec.pick]))
  const { id, title, section, world, engine, requires, minutes, draw } = about
  return {
    lesson: {
      ...{ id, title, section, world, engine, requires, minutes, variables, draw, seed: 0 },
      ...{ file, intro, steps },
    },
    problems,
  }
}

/** Tasks are built up while their hints and solutions are read. */
type Open = { -readonly [K in keyof Goal]: Goal[K] } | { -readonly [K in keyof Question]: Question[K] }

class LessonReader {
  private readonly file: string
  private readonly problems: Problem[]

  constructor(file: string, problems: Problem[]) {
    this.file = file
    this.problems = problems
  }

  read(pieces: readonly Piece[]): { intro: string; steps: Step[] } {
    const intro: string[] = []
    const steps: { id: string; title: string; line: number; blocks: Block[] }[] = []
    for (const piece of pieces) {
      const step = steps.at(-1)
      if (piece.kind === 'heading') {
        steps.push({ id: slug(piece.text), title: piece.text, line: piece.line, blocks: [] })
      } else if (step === undefined) {
        if (piece.kind === 'prose') intro.push(piece.text)
        else this.problem(piece.line, `a ${piece.name} fence stands before the first step (##)`)
      } else if (piece.kind === 'prose') {
        step.blocks.push({ kind: 'prose', line: piece.line, markdown: piece.text })
      } else this.guarded(piece.line, () => this.fence(step, piece.name, piece.body, piece.line))
    }
    return { intro: intro.join('\n\n'), steps }
  }

  private problem(line: number, text: string): void {
    this.problems.push({ file: this.file, line, text })
  }

  private guarded(line: number, action: () => void): void {
    try {
      action()
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      this.problem(line, error.message)
    }
  }

  private fence(step: { id: string; blocks: Block[] }, name: FenceName, body: string, line: number): void {
    switch (name) {
      case 'setup':
      case 'show':
        step.blocks.push({ kind: name, line, lines: this.commands(body, line) })
        return
      case 'diagram': {
        const diagram = readYaml(body, diagramSchema, { file: this.file, offset: line }, this.problems)
        if (diagram !== null) {
          step.blocks.push({
            kind: name,
            line,
            diagram: { ...diagram, container: diagram.container ?? null },
          })
        }
        return
      }
      case 'goal':
      case 'question': {
        const count = step.blocks.filter((block) => block.kind === 'task').length
        const id = `${step.id}-${count + 1}`
        const task = name === 'goal' ? this.goal(body, line, id) : this.question(body, line, id)
        if (task !== null) step.blocks.push({ kind: 'task', line, task })
        return
      }
      default:
        this.attach(step.blocks, name, body, line)
    }
  }

  /** Hints and solutions belong to the task above them. */
  private attach(
    blocks: readonly Block[],
    name: 'hint' | 'solution' | 'alt' | 'mustfail',
    body: string,
    line: number,
  ): void {
    const block = blocks.findLast((one) => one.kind === 'task')
    if (block === undefined || block.kind !== 'task') {
      this.problem(line, `a ${name} fence needs a goal or a question above it in its step`)
      return
    }
    const task = block.task as Open
    if (name === 'hint') {
      const hint = this.hint(body, line)
      if (hint !== null) task.hints = [...task.hints, hint]
    } else if (name === 'solution') task.solution = [...task.solution, ...this.commands(body, line)]
    else if (name === 'alt') task.alternatives = [...task.alternatives, this.commands(body, line)]
    else task.mustFail = [...task.mustFail, this.commands(body, line)]
  }

  private commands(body: string, line: number): CommandLine[] {
    const result: CommandLine[] = []
    body.split('\n').forEach((text, index) => {
      if (text.trim() === '' || text.startsWith('# ')) return
      this.guarded(line + 1 + index, () => result.push(readCommand(text, line + 1 + index)))
    })
    return result
  }

  private check(input: Parameters<typeof readCheck>[0], line: number): Check {
    return readCheck(input, line)
  }

  private goal(body: string, line: number, id: string): Goal | null {
    const read = readYaml(body, goalSchema, { file: this.file, offset: line }, this.problems)
    if (read === null) return null
    return {
      ...emptyTask(id, line),
      kind: 'goal',
      label: read.label,
      check: this.check(read.check, line),
      otherwise: read.else,
    }
  }

  private hint(body: string, line: number): Hint | null {
    if (!/^(when|say):/m.test(body)) return { line, when: null, say: body.trim() }
    const read = readYaml(body, hintSchema, { file: this.file, offset: line }, this.problems)
    if (read === null) return null
    return { line, when: read.when === undefined ? null : this.check(read.when, line), say: read.say }
  }

  private question(body: string, line: number, id: string): Question | null {
    const read = readYaml(body, questionSchema, { file: this.file, offset: line }, this.problems)
    if (read === null) return null
    const form = questionForm(read, line)
    const mistakes: Mistake[] = read.mistakes.map(({ when, say }) => ({
      say,
      when:
        'equals' in when
          ? { kind: 'equals', source: readSource(when.equals, line) }
          : { kind: 'matches', pattern: pattern(when.matches) },
    }))
    return { ...emptyTask(id, line), kind: 'question', ask: read.ask, form, mistakes, why: read.why }
  }
}

function emptyTask(id: string, line: number): Omit<Task, 'kind'> {
  return { id, line, hints: [], solution: [], alternatives: [], mustFail: [] }
}

interface QuestionInput {
  readonly kind: QuestionForm['kind']
  readonly choices?:
    | readonly { text: SourceInput; right?: boolean | undefined; why?: string | undefined }[]
    | undefined
  readonly answer?: SourceInput | undefined
  readonly accepts?: 'exact' | 'ignore-case' | 'interface-name' | 'address' | undefined
}

type SourceInput = string | number | { from: string }

export function questionForm(input: QuestionInput, line: number): QuestionForm {
  if (input.kind === 'text' || input.kind === 'number') {
    if (input.answer === undefined) throw new Unreadable(`a question of kind ${input.kind} needs an answer`)
    return {
      kind: input.kind,
      answer: readSource(input.answer, line),
      accepts: input.accepts ?? 'ignore-case',
    }
  }
  if (input.choices === undefined) throw new Unreadable(`a question of kind ${input.kind} needs choices`)
  const choices = input.choices.map((choice) => ({
    text: readSource(choice.text, line),
    right: choice.right === true,
    why: choice.why ?? null,
  }))
  const right = choices.filter((choice) => choice.right).length
  if (right === 0 || (right > 1 && input.kind !== 'several')) {
    throw new Unreadable(
      `a question of kind ${input.kind} needs ${input.kind === 'several' ? 'a right choice' : 'exactly one right choice'}`,
    )
  }
  return { kind: input.kind, choices }
}

export function readSource(input: SourceInput, line: number): Source {
  if (typeof input === 'object') return { kind: 'from', command: readCommand(input.from, line) }
  return { kind: 'fixed', value: String(input) }
}
