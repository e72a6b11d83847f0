/** The course map: lessons with their marks, what is next, the quiz, the sandbox. Drawn before Ink is loaded, too. */

import { doneSteps, hardSteps, isDone, lessonMark, nextLesson, percentDone } from '../../course/progress.ts'
import { layoutOf } from '../layout.ts'
import { clip } from '../screen/width.ts'
import { type HomeItem, homeItems } from '../state/home-items.ts'
import type { AppState } from '../state/model.ts'
import { inline, type Line, padLine, type Span, spread, wrapLine } from './line.ts'

/** Kept free below the list. */
const ABOUT_ROWS = 1
/** Wider, lines would fall apart. */
const MOST_COLUMNS = 92

const MARKS = {
  mastered: { text: '★', tone: 'good' },
  done: { text: '✓', tone: 'good' },
  begun: { text: '◐', tone: 'accent' },
  open: { text: '○', tone: 'dim' },
} as const

export function homeColumns(state: AppState): number {
  return Math.min(state.size.columns, MOST_COLUMNS)
}

/** What is done, what went without help, what there is still to do. */
function standing({ lessons, marks }: AppState): string {
  const done = lessons.filter((head) => isDone(marks, head)).length
  const mastered = lessons.filter((head) => lessonMark(marks, head) === 'mastered').length
  const left = lessons.filter((head) => !isDone(marks, head)).reduce((sum, { minutes }) => sum + minutes, 0)
  const parts = [
    `${done} of ${lessons.length} lessons done`,
    ...(mastered > 0 ? [`★ ${mastered} mastered`] : []),
    ...(done > 0 || percentDone(marks, lessons) > 0 ? [`${percentDone(marks, lessons)} %`] : []),
    ...(left > 0 ? [`${duration(left)} to go`] : []),
  ]
  return parts.join(' · ')
}

function duration(minutes: number): string {
  return minutes < 90 ? `${minutes} min` : `${Math.round(minutes / 6) / 10} h`
}

/** Above the list. */
export function homeIntro(state: AppState): Line[] {
  const width = homeColumns(state)
  const count: Line = [{ text: standing(state), tone: 'dim' }]
  const heading = spread([{ text: '  Course', tone: 'heading' }], count, width - 2)
  const isRoomy = state.size.rows >= homeItems(state).length + 14
  const welcome: Line[] = [
    [],
    [{ text: '  A Linux host with Docker that you may break: every packet is simulated,' }],
    [{ text: '  nothing leaves this terminal.' }],
    [],
  ]
  return isRoomy ? [...welcome, heading, []] : [heading]
}

export function homeItemLine(state: AppState, item: HomeItem, index: number, isSelected: boolean): Line {
  const width = homeColumns(state)
  const pointer: Span = isSelected ? { text: '❯ ', tone: 'selected' } : { text: '  ' }
  const title: Span = { text: clip(item.title, width - 34), tone: isSelected ? 'selected' : 'plain' }
  if (item.lesson === null)
    return [
      { text: '  ' },
      pointer,
      { text: `${index + 1}`.padStart(2), tone: 'dim' },
      { text: '    ' },
      title,
      ...quizScore(state, item),
    ]
  const mark = MARKS[lessonMark(state.marks, item.lesson)]
  const left: Line = [
    { text: '  ' },
    pointer,
    { text: `${index + 1} `.padStart(3), tone: 'dim' },
    { text: ' ' },
    mark,
    { text: ' ' },
    title,
  ]
  return spread(left, lessonFacts(state, item), width - 2)
}

function lessonFacts(state: AppState, { lesson }: HomeItem): Line {
  if (lesson === null) return []
  const done = doneSteps(state.marks, lesson)
  const isNext = nextLesson(state.marks, state.lessons)?.id === lesson.id
  const part = done > 0 && done < lesson.steps.length ? `${done}/${lesson.steps.length} steps  ` : ''
  const steps = isDone(state.marks, lesson) && hardSteps(state.marks, lesson).length > 0 ? 'again?  ' : part
  return [
    ...(isNext ? [{ text: '← next  ', tone: 'accent' } as const] : []),
    { text: steps, tone: 'plain' },
    { text: `${lesson.minutes} min`.padStart(6), tone: 'dim' },
  ]
}

function quizScore({ marks, due }: AppState, item: HomeItem): Line {
  if (item.key !== 'quiz' || marks.quizAsked === 0) return []
  const score: Span = {
    text: `   ${marks.quizRight} of ${marks.quizAsked} answers right so far`,
    tone: 'dim',
  }
  return due === null || due === 0 ? [score] : [score, { text: `  ${due} due for review`, tone: 'accent' }]
}

/** How many rows of the list fit; below them it scrolls. */
export function homeListRows(state: AppState): number {
  const { body } = layoutOf(state)
  return Math.max(1, body.rows - homeIntro(state).length - ABOUT_ROWS)
}

/** Below the list: what the selected row is about. */
export function homeAbout(state: AppState): Line[] {
  const item = homeItems(state)[state.selected]
  if (item === undefined) return []
  const lines = wrapLine(inline(item.about, 'dim'), homeColumns(state) - 4).map(
    (line): Line => [{ text: '    ' }, ...line],
  )
  const isTight = homeItems(state).length >= homeListRows(state)
  return isTight ? lines.slice(0, ABOUT_ROWS) : [[], ...lines]
}

/** The whole body, for the first frame. */
export function homeBody(state: AppState): Line[] {
  const items = homeItems(state).map((item, i) => homeItemLine(state, item, i, i === state.selected))
  // As the list shows it: the selected row is the last one where it would be out of sight.
  const first = Math.max(0, state.selected - homeListRows(state) + 1)
  const visible = items.slice(first, first + homeListRows(state))
  const lines = [...homeIntro(state), ...visible, ...homeAbout(state)]
  return lines.map((line) => padLine(line, state.size.columns))
}
