/** Lessons and progress as text: for `list`, `progress` and `progress --json`. */

export interface ListedLesson {
  readonly id: string
  readonly title: string
  readonly minutes: number
  readonly steps: number
  readonly done: number
  readonly state: 'mastered' | 'done' | 'begun' | 'open'
}

export interface Listing {
  readonly lessons: readonly ListedLesson[]
  /** Steps done of all, in percent. */
  readonly percent: number
  /** Steps that went hard, as `lesson/step`. */
  readonly repeat: readonly string[]
  /** Where to go on. */
  readonly next: string | null
  readonly quiz: { readonly asked: number; readonly right: number }
}

const WORDS = { mastered: 'mastered', done: 'done', begun: 'begun', open: '' } as const

export function lessonList({ lessons, next }: Listing): string {
  const width = Math.max(...lessons.map(({ id }) => id.length), 2)
  const rows = lessons.map(({ id, title, minutes, steps, done, state }, i) => {
    const part = state === 'begun' ? `${done} of ${steps} steps` : WORDS[state]
    const note = [part, id === next ? 'next' : ''].filter((word) => word !== '').join(', ')
    return `${`${i + 1}`.padStart(2)}  ${id.padEnd(width)}  ${`${minutes} min`.padStart(6)}  ${title}${note === '' ? '' : `  (${note})`}`
  })
  return `${rows.join('\n')}\n`
}

export function progressText({ lessons, next, quiz, percent, repeat }: Listing): string {
  const done = lessons.filter(({ state }) => state === 'done' || state === 'mastered').length
  const lines = [`${done} of ${lessons.length} lessons done, ${percent} % of the steps`]
  for (const lesson of lessons) {
    if (lesson.state === 'begun') lines.push(`  ${lesson.id}: ${lesson.done} of ${lesson.steps} steps`)
  }
  if (repeat.length > 0) lines.push(`Worth another look: ${repeat.join(', ')}`)
  if (quiz.asked > 0) lines.push(`Quiz: ${quiz.right} of ${quiz.asked} answers right`)
  if (next !== null) lines.push(`Next: ${next}`)
  return `${lines.join('\n')}\n`
}

export function progressJson(listing: Listing): string {
  return `${JSON.stringify(listing, null, 2)}\n`
}
