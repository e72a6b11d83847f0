/** The quiz: one question after another, then the result. */
import type { Action } from './actions.ts'
import type { Step } from './go-home.ts'
import type { AppState } from './model.ts'
import { openQuestion, reduceQuestion } from './reduce-question.ts'

export function reduceQuiz(state: AppState, action: Action): Step {
  if (action.kind === 'open-quiz') {
    const { options } = action
    const quiz = { options, question: null, asked: null, right: 0, wrong: 0, outcome: null }
    const opened: AppState = {
      ...state,
      screen: 'quiz',
      focus: 'main',
      quiz,
      notice: null,
      busy: 'Shuffling the questions',
    }
    return [opened, [{ kind: 'open-quiz', options }]]
  }
  const { quiz } = state
  if (quiz === null) return [state, []]
  switch (action.kind) {
    case 'quiz-question': {
      const { question, outcome } = action
      const asked = question === null ? null : openQuestion('', question)
      return [{ ...state, busy: null, quiz: { ...quiz, question, asked, outcome } }, []]
    }
    case 'answered': {
      const [next, effects] = reduceQuestion(state, action)
      const { right } = action.result
      const counted = {
        ...next.quiz!,
        right: quiz.right + (right ? 1 : 0),
        wrong: quiz.wrong + (right ? 0 : 1),
      }
      const event = { kind: 'quiz-answer', question: quiz.question?.id ?? '', right }
      return [{ ...next, quiz: counted }, [...effects, { kind: 'record', event }]]
    }
    case 'submit':
      if (quiz.outcome !== null) return reduceQuiz(state, { kind: 'open-quiz', options: quiz.options })
      if (quiz.asked?.result != null)
        return [{ ...state, busy: 'Next question' }, [{ kind: 'next-question' }]]
      return reduceQuestion(state, action)
    default:
      return reduceQuestion(state, action)
  }
}
