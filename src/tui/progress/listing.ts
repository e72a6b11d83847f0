/** What the marks say about all lessons, for commands that print it. */

import type { LessonHead } from '../ports.ts'
import type { Listing } from './listing-text.ts'
import { doneSteps, lessonMark, type Marks, nextLesson } from './marks.ts'

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
    next: nextLesson(marks, lessons)?.id ?? null,
    quiz: { asked: marks.quizAsked, right: marks.quizRight },
  }
}
