/**
 * Proves a lesson pack: reads it, then plays every lesson over many seeds. A task has to be unsolved when its step
 * begins; its solution and each alternative solve it, what must fail does not. Findings come with file and line.
 */
import type { Problem } from '../course/lesson.ts'
import { type CourseFile, loadCourse } from '../course/load.ts'
import { loadBank } from '../course/quiz-bank.ts'
import type { Services } from '../sim/kernel/simulation.ts'
import { proveBank } from './lint/bank.ts'
import { proveLesson } from './lint/lesson.ts'
import { lintText } from './lint/text.ts'

export interface LintOptions {
  /** Seeds 1 … n are tried. */
  readonly seeds: number
  readonly services: Services
  readonly onProgress?: (text: string) => void
}

export interface PackFiles {
  readonly lessons: readonly CourseFile[]
  readonly quiz: readonly CourseFile[]
}

/** In the order of files and lines. A finding that several seeds have in common is told once, with the first seed. */
export async function lint(files: PackFiles, options: LintOptions): Promise<Problem[]> {
  const say = options.onProgress ?? (() => {})
  const { course, problems } = loadCourse(files.lessons)
  const { bank, problems: bankProblems } = loadBank(files.quiz, course)
  const found: Problem[] = [...problems, ...bankProblems]
  if (files.lessons.length === 0) found.push({ file: '.', line: 1, text: 'there are no lessons (*.md) here' })
  for (const lesson of course.lessons) found.push(...lintText(lesson))
  // What cannot be read whole is not played: its findings would follow from the first ones.
  const unread = new Set(problems.map((one) => one.file))
  for (const lesson of course.lessons) {
    if (unread.has(lesson.file)) continue
    say(`${lesson.file}: ${options.seeds} seeds\n`)
    found.push(...(await proveLesson(lesson, options)))
  }
  if (bankProblems.length === 0 && bank.entries.length > 0) {
    say(`quiz: ${bank.entries.length} questions\n`)
    found.push(...(await proveBank(bank, options)))
  }
  return inOrder(found)
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
