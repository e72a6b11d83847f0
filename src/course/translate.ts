/**
 * Translations: sibling files keyed by step. Only words come from them; what is run and what is checked stays the
 * original's. A step that does not fit (it is gone, or has other tasks) is a finding, and stays in the original's
 * language.
 */
import { z } from 'zod'
import { type Piece, splitPieces } from './fences.ts'
import type { Block, Lesson, Problem, Step } from './lesson.ts'
import { roleOf } from './lesson-files.ts'
import { type Part, translateTask } from './translate-task.ts'
import { readYaml } from './yaml-source.ts'

export const translationSchema = z.strictObject({
  format: z.literal(1),
  /** Id of the lesson. */
  translates: z.string().min(1),
  lang: z.string().regex(/^[a-z]{2,3}(-[A-Z]{2})?$/, 'a language such as de or pt-BR'),
  title: z.string().min(1),
  section: z.string().min(1).optional(),
})

export interface Translation {
  readonly file: string
  readonly translates: string
  readonly language: string
  readonly title: string
  readonly section: string | null
  readonly intro: string
  readonly steps: readonly TranslatedStep[]
}

export interface TranslatedStep {
  readonly id: string
  readonly title: string
  readonly line: number
  readonly pieces: readonly Piece[]
}

const FRONT_MATTER = /^---\n([\s\S]*?)\n---\n/
const HEADING = /^(.*?)\s*\{#([a-z0-9-]+)\}$/

export function parseTranslation(
  file: string,
  source: string,
): { translation: Translation | null; problems: readonly Problem[] } {
  const problems: Problem[] = []
  const text = source.replaceAll('\r\n', '\n')
  const front = FRONT_MATTER.exec(text)
  if (front === null) {
    const missing = 'a translation starts with front matter between two lines ---'
    return { translation: null, problems: [{ file, line: 1, text: missing }] }
  }
  const about = readYaml(front[1]!, translationSchema, { file, offset: 1 }, problems)
  const firstLine = front[0].split('\n').length
  const { pieces, unclosed } = splitPieces(text.slice(front[0].length), firstLine)
  if (unclosed !== null) problems.push({ file, line: unclosed, text: 'this fence is never closed' })
  const { intro, steps } = stepsOf(file, pieces, problems)
  if (about === null) return { translation: null, problems }
  const named = roleOf(file)
  if (named.kind === 'translation' && named.language !== about.lang)
    problems.push({ file, line: 1, text: `the file's name says ${named.language}, lang says ${about.lang}` })
  const { translates, lang, title, section } = about
  return {
    translation: { file, translates, language: lang, title, section: section ?? null, intro, steps },
    problems,
  }
}

function stepsOf(file: string, pieces: readonly Piece[], problems: Problem[]) {
  const intro: string[] = []
  const steps: { id: string; title: string; line: number; pieces: Piece[] }[] = []
  for (const piece of pieces) {
    const step = steps.at(-1)
    if (piece.kind === 'heading') {
      const match = HEADING.exec(piece.text)
      if (match === null) {
        const text = 'name the step that this translates: ## Title {#step-id}'
        problems.push({ file, line: piece.line, text })
      }
      const [, title, id] = match ?? ['', piece.text, '']
      steps.push({ id: id!, title: title!, line: piece.line, pieces: [] })
    } else if (step !== undefined) step.pieces.push(piece)
    else if (piece.kind === 'prose') intro.push(piece.text)
  }
  return { intro: intro.join('\n\n'), steps }
}

/** The lesson in the translation's words, as far as they fit; and what does not. */
export function translateLesson(
  lesson: Lesson,
  translation: Translation,
): { lesson: Lesson; problems: readonly Problem[] } {
  const problems: Problem[] = []
  const { file } = translation
  const byId = new Map<string, TranslatedStep>()
  for (const step of translation.steps) {
    if (!lesson.steps.some(({ id }) => id === step.id)) {
      if (step.id !== '')
        problems.push({ file, line: step.line, text: `${lesson.id} has no step ${step.id}` })
    } else if (byId.has(step.id)) problems.push({ file, line: step.line, text: `${step.id} is here twice` })
    else byId.set(step.id, step)
  }
  const steps = lesson.steps.map((step) => {
    const found = byId.get(step.id)
    return found === undefined ? step : translateStep(step, found, file, problems)
  })
  const intro = translation.intro === '' ? lesson.intro : translation.intro
  const { title, section } = translation
  return { lesson: { ...lesson, title, section: section ?? lesson.section, intro, steps }, problems }
}

/** Steps that are shown in the original's language. */
export function untranslatedSteps(lesson: Lesson, translation: Translation): string[] {
  const known = new Set(translation.steps.map(({ id }) => id))
  return lesson.steps.map(({ id }) => id).filter((id) => !known.has(id))
}

function translateStep(step: Step, words: TranslatedStep, file: string, problems: Problem[]): Step {
  const found: Problem[] = []
  const say = (line: number, text: string): void => void found.push({ file, line, text })
  const parts = partsOf(words.pieces, say)
  const wanted = step.blocks.filter((block) => block.kind !== 'setup')
  const blocks: Block[] = []
  let next = 0
  const take = (kind: string): Part | null => (parts[next]?.kind === kind ? parts[next++]! : null)
  for (const [index, block] of step.blocks.entries()) {
    if (block.kind === 'setup') blocks.push(block)
    else if (block.kind === 'prose') {
      // Prose around a setup is one text in a translation.
      if (precededByProse(step.blocks, index)) continue
      const part = take('prose')
      if (part?.kind === 'prose') blocks.push({ ...block, markdown: part.text })
      else say(parts[next]?.line ?? words.line, `the text before '${labelAfter(wanted, block)}' is missing`)
    } else if (block.kind === 'task') {
      const part = take(block.task.kind)
      if (part === null) {
        say(
          parts[next]?.line ?? words.line,
          `here ${step.id} has the ${nameOf(block)}, the translation has not`,
        )
        break
      }
      const task = translateTask(block.task, part, { file, say, problems: found })
      if (task !== null) blocks.push({ ...block, task })
    } else {
      if (take(block.kind) === null)
        say(parts[next]?.line ?? words.line, `here ${step.id} has a ${block.kind}: set an empty one`)
      blocks.push(block)
    }
  }
  const rest = parts[next]
  if (found.length === 0 && rest !== undefined)
    say(rest.line, `the original of ${step.id} has no further ${rest.kind} here`)
  problems.push(...found)
  return found.length > 0 ? step : { ...step, title: words.title, blocks }
}

/** Commands are left out: they are the original's. */
function partsOf(pieces: readonly Piece[], say: (line: number, text: string) => void): Part[] {
  const parts: Part[] = []
  for (const piece of pieces) {
    const last = parts.at(-1)
    if (piece.kind === 'prose') {
      if (last?.kind === 'prose') parts[parts.length - 1] = { ...last, text: `${last.text}\n\n${piece.text}` }
      else parts.push({ kind: 'prose', line: piece.line, text: piece.text })
    } else if (piece.kind === 'fence') {
      const { name, line, body } = piece
      if (name === 'show' || name === 'diagram') parts.push({ kind: name, line })
      else if (name === 'goal' || name === 'question') parts.push({ kind: name, line, body, hints: [] })
      else if (name === 'hint') {
        const task = parts.findLast(isTask)
        if (task === undefined) say(line, 'a hint needs a goal or a question above it in its step')
        else task.hints.push({ line, body })
      }
    }
  }
  return parts
}

function isTask(part: Part): part is Extract<Part, { kind: 'goal' | 'question' }> {
  return part.kind === 'goal' || part.kind === 'question'
}

function precededByProse(blocks: readonly Block[], index: number): boolean {
  for (let i = index - 1; i >= 0; i--) {
    const { kind } = blocks[i]!
    if (kind !== 'setup') return kind === 'prose'
  }
  return false
}

function labelAfter(blocks: readonly Block[], block: Block): string {
  const next = blocks[blocks.indexOf(block) + 1]
  return next === undefined ? 'the end' : nameOf(next)
}

function nameOf(block: Block): string {
  if (block.kind !== 'task') return block.kind
  return block.task.kind === 'goal' ? `goal '${block.task.label}'` : `question '${block.task.ask}'`
}
