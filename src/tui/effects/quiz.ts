/** The quiz: opened, asked one question after another, answered; its clock, its shells, its result as a file. */
import { shellSize } from '../layout.ts'
import type { QuizRun } from '../ports.ts'
import { OPEN_ROUND } from '../progress/open-round.ts'
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
        async () => {
          const tutor = await ports.tutor()
          return tutor.openQuiz(effect.options, ports.progress.reviews(), ports.snapshots.load(OPEN_ROUND))
        },
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
      return visit.during(
        () => run.skip(),
        () => nextQuestion(run, ports, visit),
      )
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
          ports.snapshots.save(OPEN_ROUND, run.saved())
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
  const left = run.secondsLeft()
  if (left !== null) visit.tick(() => ports.dispatch({ kind: 'clock', secondsLeft: run.secondsLeft() ?? 0 }))
  if (run.goesOn) {
    const clock = left === null ? '' : ' Its clock did not stop.'
    ports.dispatch({ kind: 'notice', tone: 'plain', text: `The round goes on where you left it.${clock}` })
  }
  nextQuestion(run, ports, visit, 0)
}

function leftOut({ problems }: QuizRun, dispatch: EffectsPorts['dispatch']): void {
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''
  dispatch({ kind: 'notice', tone: 'bad', text: `left out: ${problems[0]}${more}` })
}

/** The shell of the last one is left. */
function nextQuestion(
  run: QuizRun,
  { dispatch, snapshots }: EffectsPorts,
  visit: Visit,
  known = run.problems.length,
): void {
  visit.leave()
  visit.during(
    () => run.next(),
    (question) => {
      if (run.problems.length > known) leftOut(run, dispatch)
      const outcome = question === null ? run.outcome() : null
      const secondsLeft = run.secondsLeft()
      dispatch({ kind: 'quiz-question', question, outcome, secondsLeft, tally: run.tally() })
      if (question !== null) return snapshots.save(OPEN_ROUND, run.saved())
      visit.tick(null)
      snapshots.remove(OPEN_ROUND)
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
