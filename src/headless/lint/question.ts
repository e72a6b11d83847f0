/** Proves a question in a world: it has an answer there, its choices differ, known mistakes are mistakes. */
import { computeAnswer, computeChoices } from '../../course/answer.ts'
import { judge } from '../../course/judge.ts'
import type { Question } from '../../course/lesson.ts'
import { type Runner, runnerOnCopy, runOnCopy } from '../../course/runner.ts'
import type { RanLine } from '../../course/verdict.ts'
import type { Proof, Report } from './lesson.ts'
import { reportMissing } from './missing.ts'

export async function proveQuestion(question: Question, runner: Runner, proof: Proof): Promise<void> {
  const { report, hints } = proof
  const { form, line } = question
  if ('answer' in form) await proveTyped(question, runner, report)
  else {
    for (const { text } of form.choices) {
      if (text.kind === 'from')
        reportMissing({ ...text.command, line }, await runOnCopy(runner.world, text.command), report)
    }
    const choices = await computeChoices(form.choices, runner.world)
    if (choices.length < 2) report(line, 'fewer than two different choices are left')
    if (choices.some((one) => one.right && one.text === '')) report(line, 'the right choice is empty')
    // A wrong one that is right in this world drops out; two wrong ones alike are a slip.
    const wrong = form.choices.filter((one) => !one.right)
    const texts = wrong.map((one) => (one.text.kind === 'fixed' ? one.text.value : null))
    if (new Set(texts.filter((one) => one !== null)).size < texts.filter((one) => one !== null).length)
      report(line, 'two choices are the same')
  }
  const copy = runnerOnCopy(runner.world)
  const ran: RanLine[] = []
  for (const command of question.solution) {
    reportMissing(command, await copy.run(command), report)
    ran.push({ place: command.place, line: command.command })
    await hints.look(question, { world: copy.world, ran: [...ran] })
  }
}

async function proveTyped(question: Question, runner: Runner, report: Report): Promise<void> {
  const { form, line } = question
  if (!('answer' in form)) return
  const { world } = runner
  if (form.answer.kind === 'from') {
    reportMissing({ ...form.answer.command, line }, await runOnCopy(world, form.answer.command), report)
  }
  const answer = await computeAnswer(form.answer, world)
  if (answer === '') {
    report(line, 'the answer is empty')
    return
  }
  const verdict = await judge(question, { kind: 'typed', text: answer }, world)
  if (!verdict.right) report(line, `the answer '${answer}' is not accepted`)
  for (const { when } of question.mistakes) {
    if (when.kind === 'matches' && new RegExp(when.pattern, 'i').test(answer))
      report(line, `the right answer '${answer}' matches the mistake ${when.pattern}`)
    if (when.kind === 'equals' && when.source.kind === 'from')
      reportMissing({ ...when.source.command, line }, await runOnCopy(world, when.source.command), report)
  }
}
