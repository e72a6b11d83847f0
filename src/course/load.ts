/** A course: lessons in order, whose ids and requirements fit together. */
import type { Lesson, Problem } from './lesson.ts'
import { roleOf } from './lesson-files.ts'
import { parseLesson } from './parse.ts'
import { parseTranslation, type Translation, translateLesson } from './translate.ts'

export interface CourseFile {
  readonly name: string
  readonly text: string
}

export interface Course {
  readonly lessons: readonly Lesson[]
}

export interface LoadedCourse {
  readonly course: Course
  readonly translations: readonly Translation[]
  readonly problems: readonly Problem[]
}

/** Lessons come in the order of their file names; one that cannot be read is left out, and said to be. */
export function loadCourse(files: readonly CourseFile[]): LoadedCourse {
  const sorted = files
    .filter(({ name }) => roleOf(name).kind === 'lesson')
    .sort((x, y) => (x.name < y.name ? -1 : 1))
  const lessons: Lesson[] = []
  const problems: Problem[] = []
  for (const { name, text } of sorted) {
    const parsed = parseLesson(name, text)
    problems.push(...parsed.problems)
    if (parsed.lesson !== null) lessons.push(parsed.lesson)
  }
  const isWhole = lessons.length === sorted.length
  const { translations, problems: inTranslations } = loadTranslations(files, lessons)
  const all = [...problems, ...relations(lessons, isWhole), ...inTranslations]
  return { course: { lessons }, translations, problems: all }
}

function loadTranslations(files: readonly CourseFile[], lessons: readonly Lesson[]) {
  const translations: Translation[] = []
  const problems: Problem[] = []
  for (const { name, text } of files) {
    const role = roleOf(name)
    if (role.kind !== 'translation') continue
    const parsed = parseTranslation(name, text)
    problems.push(...parsed.problems)
    const { translation } = parsed
    if (translation === null) continue
    translations.push(translation)
    const lesson = lessons.find((one) => one.file === role.of)
    if (lesson === undefined) problems.push({ file: name, line: 1, text: `there is no lesson ${role.of}` })
    else if (lesson.id !== translation.translates) {
      const text = `translates ${translation.translates}, but ${role.of} is ${lesson.id}`
      problems.push({ file: name, line: 1, text })
    } else problems.push(...translateLesson(lesson, translation).problems)
  }
  return { translations, problems }
}

/** In the language whose translation is among the files; as it is, where there is none. */
export function inLanguageOf(files: readonly CourseFile[], lesson: Lesson): Lesson {
  for (const { name, text } of files) {
    const role = roleOf(name)
    if (role.kind !== 'translation' || role.of !== lesson.file) continue
    const { translation } = parseTranslation(name, text)
    if (translation?.translates === lesson.id) return translateLesson(lesson, translation).lesson
  }
  return lesson
}

export function findLesson(course: Course, id: string): Lesson | null {
  return course.lessons.find((lesson) => lesson.id === id) ?? null
}

/** Of an incomplete course nobody can say what is missing. */
function relations(lessons: readonly Lesson[], isWhole: boolean): Problem[] {
  const problems: Problem[] = []
  const seen = new Map<string, string>()
  for (const { id, file, requires, steps } of lessons) {
    const other = seen.get(id)
    if (other !== undefined) problems.push({ file, line: 1, text: `the id ${id} is taken by ${other}` })
    for (const one of requires) {
      if (seen.has(one)) continue
      const later = lessons.some((lesson) => lesson.id === one)
      if (!later && !isWhole) continue
      problems.push({
        file,
        line: 1,
        text: later ? `requires ${one}, which comes later` : `requires ${one}, which does not exist`,
      })
    }
    seen.set(id, file)
    const titles = new Set<string>()
    for (const step of steps) {
      if (titles.has(step.id))
        problems.push({ file, line: step.line, text: `two steps have the id ${step.id}` })
      titles.add(step.id)
    }
  }
  return problems
}
