/** The course from its files, as much of it as is needed. */

import { instantiate } from '../../course/instantiate.ts'
import type { Lesson, Problem } from '../../course/lesson.ts'
import { roleOf } from '../../course/lesson-files.ts'
import { type Outline, outlineOf, readHead } from '../../course/lesson-head.ts'
import { type CourseFile, inLanguageOf } from '../../course/load.ts'
import { parseLesson } from '../../course/parse.ts'
import { type Bank, loadBank } from '../../course/quiz-bank.ts'
import { LESSON_SEED } from './lesson-world.ts'

/** Reads this lesson alone; `seed` is for lessons that are drawn anew for each learner. Throws a sentence. */
export function readLesson(files: readonly CourseFile[], id: string, seed: number): Lesson {
  const file = files.find(({ text }) => readHead(text)?.id === id)
  const lesson = file === undefined ? null : parseLesson(file.name, file.text).lesson
  if (lesson === null) throw new Error(`The lesson '${id}' cannot be read; 'docker-net-tutor lint' says why.`)
  return instantiate(inLanguageOf(files, lesson), lesson.draw === 'own' ? seed : LESSON_SEED)
}

export interface QuizSource {
  readonly course: Outline
  readonly bank: Bank
  /** Questions that cannot be read. */
  readonly problems: readonly Problem[]
}

export function readQuiz(files: { lessons: readonly CourseFile[]; quiz: readonly CourseFile[] }): QuizSource {
  const lessons = files.lessons.filter(({ name }) => roleOf(name).kind === 'lesson')
  const course = outlineOf(lessons.map(({ text }) => text))
  return { course, ...loadBank(files.quiz, course) }
}
