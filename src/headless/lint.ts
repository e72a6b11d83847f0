/**
 * Proves a lesson pack: reads it, then plays every lesson over many seeds. A task has to be unsolved when its step
 * begins; its solution and each alternative solve it, what must fail does not. Findings come with file and line.
 * The proof falls into units that do not know of each other, so that several processors can share it.
 */
import { loadGlossary } from '../course/glossary.ts'
import type { Lesson, Problem } from '../course/lesson.ts'
import { type CourseFile, loadCourse } from '../course/load.ts'
import { type Bank, loadBank } from '../course/quiz-bank.ts'
import type { Services } from '../sim/kernel/simulation.ts'
import { proveEntryOverSeeds } from './lint/bank.ts'
import { proveLesson } from './lint/lesson.ts'
import { lintText } from './lint/text.ts'

export interface PackFiles {
  readonly lessons: readonly CourseFile[]
  readonly quiz: readonly CourseFile[]
  readonly glossary?: CourseFile | null
}

/** One lesson, or one generated kind of the quiz. */
export type LintUnit =
  | { readonly kind: 'lesson'; readonly file: string }
  | { readonly kind: 'entry'; readonly id: string }

export interface ProofOptions {
  /** Seeds 1 … n are tried. */
  readonly seeds: number
  readonly services: Services
}

export interface LintOptions extends ProofOptions {
  /** Told after each unit: how many of how many are done. */
  readonly onProgress?: (done: number, all: number) => void
  /** Proves a unit elsewhere (another processor); without it, here. */
  readonly prove?: (unit: LintUnit) => Promise<Problem[]>
}

/** In the order of files and lines. A finding that several seeds have in common is told once, with the first seed. */
export async function lint(files: PackFiles, options: LintOptions): Promise<Problem[]> {
  const pack = readPack(files)
  const found: Problem[] = [...pack.problems]
  if (files.lessons.length === 0) found.push({ file: '.', line: 1, text: 'there are no lessons (*.md) here' })
  for (const lesson of pack.lessons) found.push(...lintText(lesson))
  const units = unitsOf(pack)
  // Here one after the other: the time that a line may take would run while others are worked at.
  let last: Promise<Problem[]> = Promise.resolve([])
  const proveHere = (unit: LintUnit): Promise<Problem[]> => {
    last = last.then(() => proveUnit(pack, unit, options))
    return last
  }
  const prove = options.prove ?? proveHere
  let done = 0
  options.onProgress?.(0, units.length)
  const proofs = units.map(async (unit) => {
    const problems = await prove(unit)
    options.onProgress?.(++done, units.length)
    return problems
  })
  for (const problems of await Promise.all(proofs)) found.push(...problems)
  return inOrder(found)
}

export interface Pack {
  readonly lessons: readonly Lesson[]
  readonly bank: Bank
  readonly problems: readonly Problem[]
  /** What cannot be read whole is not played: its findings would follow from the first ones. */
  readonly unread: ReadonlySet<string>
}

export function readPack(files: PackFiles): Pack {
  const { course, problems } = loadCourse(files.lessons)
  const { bank, problems: bankProblems } = loadBank(files.quiz, course)
  const { glossary } = files
  const inGlossary = glossary == null ? [] : loadGlossary(glossary, course).problems
  const all = [...problems, ...bankProblems, ...inGlossary]
  return { lessons: course.lessons, bank, problems: all, unread: new Set(all.map((one) => one.file)) }
}

function unitsOf({ lessons, bank, unread }: Pack): LintUnit[] {
  // The longest first, so that none of the processors is left with it at the end.
  const weight = ({ steps }: Lesson): number => steps.flatMap(({ blocks }) => blocks).length
  const played = lessons.filter((lesson) => !unread.has(lesson.file)).sort((x, y) => weight(y) - weight(x))
  const entries = bank.entries.filter((entry) => entry.kind === 'generated' && !unread.has(entry.file))
  return [
    ...played.map((lesson): LintUnit => ({ kind: 'lesson', file: lesson.file })),
    ...entries.map((entry): LintUnit => ({ kind: 'entry', id: entry.id })),
  ]
}

/** Throws `RangeError` for a unit that the pack does not have. */
export async function proveUnit(pack: Pack, unit: LintUnit, options: ProofOptions): Promise<Problem[]> {
  if (unit.kind === 'lesson') {
    const lesson = pack.lessons.find((one) => one.file === unit.file)
    if (lesson === undefined) throw new RangeError(`no lesson ${unit.file}`)
    return proveLesson(lesson, options)
  }
  const entry = pack.bank.entries.find((one) => one.id === unit.id)
  if (entry?.kind !== 'generated') throw new RangeError(`no generated question ${unit.id}`)
  return proveEntryOverSeeds(entry, options)
}

export function formatProblem({ file, line, text }: Problem): string {
  return `${file}:${line}: ${text}`
}

function inOrder(problems: readonly Problem[]): Problem[] {
  const distinct = new Map<string, Problem>()
  for (const one of problems) {
    const key = `${one.file}:${one.line}: ${one.text.replace(/ \(seed \d+\).*$/, '')}`
    if (!distinct.has(key)) distinct.set(key, one)
  }
  const order = (x: Problem, y: Problem): number =>
    x.file < y.file ? -1 : x.file > y.file ? 1 : x.line - y.line
  return [...distinct.values()].sort(order)
}
