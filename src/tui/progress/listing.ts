/** What the marks say about all lessons, for commands that print it. */

import type { LessonHead } from '../../course/lesson-head.ts'
import {
  doneSteps,
  hardSteps,
  lessonMark,
  type Marks,
  nextLesson,
  percentDone,
} from '../../course/progress.ts'
import type { Listing } from './listing-text.ts'

export function listingOf(lessons: readonly LessonHead[], marks: Marks): Listing {
  return {
    lessons: lessons.map((head) => ({
      id: head.id,
      title: head.title,
      minutes: head.minutes,
      steps: head.steps.length,
      done: doneSteps(marks, head),
      state: lessonMark(marks, head),
    })),
    percent: percentDone(marks, lessons),
    repeat: lessons.flatMap((head) => hardSteps(marks, head).map((step) => `${head.id}/${step}`)),
    next: nextLesson(marks, lessons)?.id ?? null,
    quiz: { asked: marks.quizAsked, right: marks.quizRight },
  }
}
