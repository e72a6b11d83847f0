/**
 * When a question is to be asked again: FSRS (Free Spaced Repetition Scheduler, github.com/open-spaced-repetition) by
 * `ts-fsrs`, played over all answers that were given. What was answered wrong last is due at once.
 */
import { type Card, createEmptyCard, fsrs, type Grade, Rating } from 'ts-fsrs'
import type { ReviewAnswer, Reviews } from './reviews.ts'

export interface Scheduled {
  /** Milliseconds since 1970. */
  readonly due: number
  /** After so many days nine of ten would still know it. */
  readonly stability: number
  readonly answers: number
  /** How often it was forgotten after it had been known. */
  readonly lapses: number
  readonly lastRight: boolean
}

/** Days, not minutes: within a round wrong answers come back anyway. Same answers, same schedule. */
const scheduler = fsrs({ enable_fuzz: false, enable_short_term: false, maximum_interval: 365 })

/** Null for a question that was never answered. */
export function scheduleOf(answers: readonly ReviewAnswer[]): Scheduled | null {
  const [first] = answers
  const last = answers.at(-1)
  if (first === undefined || last === undefined) return null
  let card: Card = createEmptyCard(new Date(first.at))
  for (const answer of answers) card = scheduler.next(card, new Date(answer.at), gradeOf(answer)).card
  const { due, stability, lapses } = card
  return {
    due: last.right ? due.getTime() : last.at,
    stability,
    answers: answers.length,
    lapses,
    lastRight: last.right,
  }
}

/** Right only after the answer had just been told is hardly known. */
function gradeOf({ right, again }: ReviewAnswer): Grade {
  if (!right) return Rating.Again
  return again ? Rating.Hard : Rating.Good
}

/** Questions that are due, the longest overdue first. */
export function dueQuestions(reviews: Reviews, now: number): string[] {
  return schedules(reviews)
    .filter(({ due }) => due <= now)
    .map(({ question }) => question)
}

/** The next moment at which something gets due; null: nothing will. */
export function nextDue(reviews: Reviews, now: number): number | null {
  return schedules(reviews).find(({ due }) => due > now)?.due ?? null
}

function schedules(reviews: Reviews): { question: string; due: number }[] {
  return Object.entries(reviews)
    .flatMap(([question, answers]) => {
      const scheduled = scheduleOf(answers)
      return scheduled === null ? [] : [{ question, due: scheduled.due }]
    })
    .sort((a, b) => a.due - b.due || (a.question < b.question ? -1 : 1))
}
