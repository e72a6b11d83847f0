/**
 * What was answered in the quiz, by question: all that a review is scheduled from. The answers themselves are kept, not
 * what follows from them, so that two copies of the program lose nothing: the union of two lists is their merge.
 */

export interface ReviewAnswer {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly right: boolean
  /** Asked again in the same round, after a wrong answer. */
  readonly again: boolean
}

/** By the question's id in the bank, in the order of time. */
export type Reviews = { readonly [question: string]: readonly ReviewAnswer[] }

export const NO_REVIEWS: Reviews = {}

export function noteReview(reviews: Reviews, question: string, answer: ReviewAnswer): Reviews {
  return mergeReviews(reviews, { [question]: [answer] })
}

export function mergeReviews(x: Reviews, y: Reviews): Reviews {
  const merged = new Map(Object.entries(x))
  for (const [question, answers] of Object.entries(y))
    merged.set(question, mergeAnswers(merged.get(question) ?? [], answers))
  return Object.fromEntries([...merged].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The same answer at the same moment is one. */
function mergeAnswers(x: readonly ReviewAnswer[], y: readonly ReviewAnswer[]): ReviewAnswer[] {
  const key = ({ at, right, again }: ReviewAnswer): string => `${at} ${right} ${again}`
  const all = new Map([...x, ...y].map((answer) => [key(answer), answer]))
  return [...all.values()].sort((a, b) => a.at - b.at || (key(a) < key(b) ? -1 : 1))
}

/** An event of the progress file. */
interface Event {
  readonly at: number
  readonly kind: string
  readonly [field: string]: unknown
}

/** From the events of a progress file, in the order of time. A reset of all forgets what came before it. */
export function reviewsOf(events: readonly Event[]): Reviews {
  let found = new Map<string, ReviewAnswer[]>()
  for (const event of events) {
    const { at, kind, question, right, again } = event
    if (kind === 'reset' && (event['lesson'] === undefined || event['lesson'] === null)) found = new Map()
    if (kind !== 'quiz-answer' || typeof question !== 'string' || question === '') continue
    const answers = found.get(question) ?? []
    answers.push({ at, right: right === true, again: again === true })
    found.set(question, answers)
  }
  return mergeReviews(Object.fromEntries(found), NO_REVIEWS)
}

/** What can be read of it; the rest is left out. */
export function readReviews(value: unknown): Reviews {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return NO_REVIEWS
  const found: [string, ReviewAnswer[]][] = []
  for (const [question, answers] of Object.entries(value)) {
    if (Array.isArray(answers)) found.push([question, answers.filter(isAnswer)])
  }
  return mergeReviews(Object.fromEntries(found), NO_REVIEWS)
}

function isAnswer(value: unknown): value is ReviewAnswer {
  const { at, right, again } = (value ?? {}) as Partial<ReviewAnswer>
  return typeof at === 'number' && typeof right === 'boolean' && typeof again === 'boolean'
}
