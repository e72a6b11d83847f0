/** The quiz: opened, asked one question after another, answered; its clock, its shells, its result as a file. */
import { shellSize } from '../layout.ts'
import type { QuizRun } from '../ports.ts'
import type { Effect } from '../state/actions.ts'
import { answered } from './answered.ts'
import type { EffectsPorts } from './ports.ts'
import { sentence, type Visit } from './visit.ts'

const QUIZ_EFFECTS = [
  'open-quiz',
  'open-quiz-menu',
  'open-quiz-shell',
  'next-question',
  'skip-question',
  'finish-quiz',
  'quiz-answer',
  'export-quiz',
] as const

export type QuizEffect = Extract<Effect, { kind: (typeof QUIZ_EFFECTS)[number] }>

export function isQuizEffect(effect: Effect): effect is QuizEffect {
  return (QUIZ_EFFECTS as readonly string[]).includes(effect.kind)
}

export function performQuiz(effect: QuizEffect, ports: EffectsPorts, visit: Visit): void {
  switch (effect.kind) {
    case 'open-quiz':
      visit.close()
      return visit.during(
        async () => (await ports.tutor()).openQuiz(effect.options, ports.progress.reviews()),
        (run) => begin(run, ports, visit),
      )
    case 'open-quiz-menu':
      visit.close()
      return visit.during(
        async () => (await ports.tutor()).quizMenu(ports.progress.reviews()),
        (menu) => ports.dispatch({ kind: 'quiz-menu', menu }),
      )
    default:
      return visit.quiz === null ? undefined : perform(effect, visit.quiz, ports, visit)
  }
}

function perform(
  effect: Exclude<QuizEffect, { kind: 'open-quiz' | 'open-quiz-menu' }>,
  run: QuizRun,
  ports: EffectsPorts,
  visit: Visit,
): void {
  switch (effect.kind) {
    case 'next-question':
      return nextQuestion(run, ports, visit)
    case 'skip-question':
      run.skip()
      return nextQuestion(run, ports, visit)
    case 'finish-quiz':
      run.finish()
      return nextQuestion(run, ports, visit)
    case 'open-quiz-shell':
      ports.pane.clear()
      return visit.opened(run.openShell(ports.pane, shellSize(ports.state()), visit.listener()), null)
    case 'export-quiz':
      return exportResult(effect, run, ports)
    case 'quiz-answer': {
      const { id = '', again = false } = ports.state().quiz?.question ?? {}
      return visit.during(
        () => run.answer(effect.answer),
        (result) => {
          const right = result?.right ?? run.lastRight()
          ports.dispatch({ kind: 'noted', event: { kind: 'quiz-answer', question: id, right, again } })
          if (result === null) return nextQuestion(run, ports, visit)
          const { correct, reveal, link } = result
          ports.dispatch({ ...answered(result, correct, effect.shown), reveal, link })
        },
      )
    }
  }
}

function begin(run: QuizRun, ports: EffectsPorts, visit: Visit): void {
  visit.quiz = run
  const [first] = run.problems
  if (first !== undefined) {
    const more = run.problems.length > 1 ? ` (and ${run.problems.length - 1} more)` : ''
    ports.dispatch({ kind: 'notice', tone: 'bad', text: `left out: ${first}${more}` })
  }
  const left = run.secondsLeft()
  if (left !== null) visit.tick(() => ports.dispatch({ kind: 'clock', secondsLeft: run.secondsLeft() ?? 0 }))
  nextQuestion(run, ports, visit)
}

/** The shell of the last one is left. */
function nextQuestion(run: QuizRun, { dispatch }: EffectsPorts, visit: Visit): void {
  visit.leave()
  visit.during(
    () => run.next(),
    (question) => {
      if (question === null) visit.tick(null)
      const outcome = question === null ? run.outcome() : null
      dispatch({ kind: 'quiz-question', question, outcome, secondsLeft: run.secondsLeft() })
    },
  )
}

function exportResult(
  { format, file }: Extract<QuizEffect, { kind: 'export-quiz' }>,
  run: QuizRun,
  ports: EffectsPorts,
): void {
  try {
    const { name, text } = run.report(format)
    const path = ports.writeFile(file ?? name, text)
    ports.dispatch({ kind: 'notice', tone: 'good', text: `The result is in ${path}` })
  } catch (error) {
    ports.dispatch({
      kind: 'notice',
      tone: 'bad',
      text: `The result could not be written: ${sentence(error)}`,
    })
  }
}
