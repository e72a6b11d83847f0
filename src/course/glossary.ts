/** The glossary: what a word of the course means, in a few sentences, and which step teaches it. */
import { glossarySchema } from './glossary-schema.ts'
import type { Problem } from './lesson.ts'
import type { Course, CourseFile } from './load.ts'
import { readYaml } from './yaml-source.ts'

export interface GlossaryEntry {
  readonly term: string
  readonly also: readonly string[]
  readonly text: string
  readonly lesson: string
  readonly step: string
  readonly see: readonly string[]
}

export interface Glossary {
  /** In alphabetical order. */
  readonly entries: readonly GlossaryEntry[]
}

export const EMPTY_GLOSSARY: Glossary = { entries: [] }

/** With a course, the links to its steps are followed. A glossary that cannot be read is empty, and said to be wrong. */
export function loadGlossary(
  file: CourseFile,
  course: Course | null = null,
): { glossary: Glossary; problems: readonly Problem[] } {
  const problems: Problem[] = []
  const input = readYaml(file.text, glossarySchema, { file: file.name, offset: 0 }, problems)
  if (input === null) return { glossary: EMPTY_GLOSSARY, problems }
  const entries = input.terms.map(({ term, also, text, step: link, see }) => {
    const [lesson = '', step = ''] = link.split('#')
    return { term, also, text: text.trim().replace(/\s+/g, ' '), lesson, step, see }
  })
  entries.sort((x, y) => compare(normal(x.term), normal(y.term)))
  const glossary = { entries }
  const at = (term: string, text: string): void =>
    void problems.push({ file: file.name, line: lineOf(file.text, term), text: `${term}: ${text}` })
  const seen = new Map<string, string>()
  for (const { term, also, see, lesson, step } of entries) {
    for (const name of new Set([term, ...also].map(normal))) {
      const other = seen.get(name)
      if (other !== undefined) at(term, `'${name}' is explained by ${other} already`)
      seen.set(name, term)
    }
    for (const other of see) if (lookUp(glossary, other) === null) at(term, `there is no term '${other}'`)
    const steps = course?.lessons.find(({ id }) => id === lesson)?.steps
    if (course !== null && steps?.some(({ id }) => id === step) !== true)
      at(term, `there is no step ${lesson}#${step}`)
  }
  return { glossary, problems }
}

/** Kindly: case, blanks, dashes and a plural's s do not matter. Null for what is not explained. */
export function lookUp(glossary: Glossary, word: string): GlossaryEntry | null {
  const wanted = normal(word)
  if (wanted === '') return null
  const named = (name: string): boolean => normal(name) === wanted
  const found = glossary.entries.find(({ term, also }) => [term, ...also].some(named))
  if (found !== undefined) return found
  return /[^s]s$/.test(wanted) ? lookUp(glossary, wanted.slice(0, -1)) : null
}

/** Terms that hold these letters, those that begin with them first: for a list that narrows while one types. */
export function findTerms(glossary: Glossary, letters: string): GlossaryEntry[] {
  const wanted = normal(letters)
  const rank = ({ term, also }: GlossaryEntry): number => {
    const names = [term, ...also].map(normal)
    if (names.some((name) => name.startsWith(wanted))) return 0
    return names.some((name) => name.includes(wanted)) ? 1 : 2
  }
  const ranked = glossary.entries.map((entry) => ({ entry, rank: rank(entry) }))
  return ranked
    .filter((one) => one.rank < 2)
    .sort((x, y) => x.rank - y.rank)
    .map(({ entry }) => entry)
}

/** Terms of the glossary that stand in a text, longest names first; for a step's list of words. */
export function termsIn(glossary: Glossary, text: string): GlossaryEntry[] {
  const plain = ` ${normal(text.replace(/[^\p{L}\p{N}._/-]+/gu, ' '))} `
  return glossary.entries.filter(({ term, also }) =>
    [term, ...also].some((name) => plain.includes(` ${normal(name)} `)),
  )
}

function normal(word: string): string {
  return word
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
}

function compare(x: string, y: string): number {
  return x < y ? -1 : x > y ? 1 : 0
}

function lineOf(text: string, term: string): number {
  const index = text.split('\n').findIndex((line) => {
    const match = /^\s*-?\s*term:\s*["']?(.*?)["']?\s*$/.exec(line)
    return match?.[1] === term
  })
  return Math.max(1, index + 1)
}
