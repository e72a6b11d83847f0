/** An entry of the bank from what its author wrote (already in the schema's shape). Throws `Unreadable`. */
import { pattern, readCommand, Unreadable } from './check-reader.ts'
import type { CommandLine, Source } from './lesson.ts'
import type { BankEntryBase, ExplainedSource, FixedEntry, GeneratedEntry, Proof, Topic } from './quiz-bank.ts'
import type { ItemForm, QuizKind, TypedMistake } from './quiz-item.ts'
import type { FixedInput, GeneratedInput } from './quiz-schema.ts'

interface Place {
  readonly file: string
  readonly line: number
}

function base(
  input: { id: string; ask: string; why: string; link: string },
  asks: QuizKind,
  topic: Topic,
  { file, line }: Place,
): BankEntryBase {
  const [lesson = '', step = ''] = input.link.split('#')
  return { id: input.id, topic, asks, ask: input.ask, why: input.why, lesson, step, file, line }
}

export function fixedEntry(input: FixedInput, topic: Topic, place: Place): FixedEntry {
  const asks = input.kind ?? (Array.isArray(input.right) ? 'several' : 'choice')
  const form = fixedForm(input, asks)
  return { ...base(input, asks, topic, place), kind: 'fixed', form, see: proof(input, place) }
}

function proof({ see }: FixedInput, { line }: Place): Proof | null {
  if (see === undefined) return null
  const command = (text: string): CommandLine => readCommand(text, line)
  return { ...see, setup: see.setup.map(command), run: see.run.map(command) }
}

function fixedForm(input: FixedInput, asks: QuizKind): ItemForm {
  const needs = (isThere: boolean, what: string): void => {
    if (!isThere) throw new Unreadable(`${input.id}: a question of the kind '${asks}' needs ${what}`)
  }
  switch (asks) {
    case 'order': {
      const { steps = [] } = input
      needs(steps.length > 0, "'steps', in their right order")
      return { kind: 'order', steps, order: steps.map((_, index) => index) }
    }
    case 'text':
    case 'number': {
      const { answer, also } = input
      needs(answer !== undefined, "an 'answer'")
      const accepts = asks === 'number' ? 'number' : (input.accepts ?? 'ignore-case')
      const answers = [answer!, ...also].map(String)
      return { kind: 'typed', accepts, answers, mistakes: input.mistakes.map(typedMistake) }
    }
    default:
      needs(input.right !== undefined, "what is 'right'")
      needs((input.wrong ?? []).length > 0, "'wrong' choices")
      needs(asks !== 'predict' || input.see !== undefined, "'see': the lines whose output is predicted")
      needs(asks === 'several' || !Array.isArray(input.right), "one 'right' choice")
      return choiceForm(input, asks === 'several')
  }
}

function choiceForm({ id, right, wrong = [] }: FixedInput, several: boolean): ItemForm {
  const choices = [
    ...[right ?? []].flat().map((text) => ({ text: String(text), right: true, why: null })),
    ...wrong.map(({ text, why }) => ({ text: String(text), right: false, why: why ?? null })),
  ]
  if (new Set(choices.map(({ text }) => text)).size < choices.length)
    throw new Unreadable(`${id}: two choices are the same`)
  return { kind: 'choice', several, choices }
}

function typedMistake({ when, say }: FixedInput['mistakes'][number]): TypedMistake {
  if (typeof when === 'object') return { when: { kind: 'matches', text: pattern(when.matches) }, say }
  return { when: { kind: 'equals', text: String(when) }, say }
}

export function generatedEntry(input: GeneratedInput, topic: Topic, place: Place): GeneratedEntry {
  const { kind: asks } = input
  checkShape(input)
  const command = (text: string): CommandLine => readCommand(text, place.line)
  const source = (value: string | number | { from: string }): Source =>
    typeof value === 'object'
      ? { kind: 'from', command: command(value.from) }
      : { kind: 'fixed', value: String(value) }
  const explained = (one: GeneratedInput['wrong'][number]): ExplainedSource =>
    typeof one === 'object' && 'text' in one
      ? { text: source(one.text), why: one.why }
      : { text: source(one), why: null }
  return {
    ...base(input, asks, topic, place),
    kind: 'generated',
    world: input.world,
    engine: input.engine,
    variables: new Map(Object.entries(input.vars).map(([name, { pick }]) => [name, pick])),
    setup: input.setup.map(command),
    show: input.show.map(command),
    reveal: input.reveal.map(command),
    answer: input.answer === undefined ? null : source(input.answer),
    also: input.also.map(source),
    wrong: input.wrong.map(explained),
    choices: input.choices.map(explained),
    accepts: asks === 'number' ? 'number' : (input.accepts ?? null),
    node: input.node,
    holds: input.holds === undefined ? null : command(input.holds),
  }
}

/** What a kind cannot do without. */
function checkShape({ id, kind, answer, wrong, choices, accepts, holds, reveal }: GeneratedInput): void {
  const needs = (isThere: boolean, what: string): void => {
    if (!isThere) throw new Unreadable(`${id}: a question of the kind '${kind}' needs ${what}`)
  }
  if (kind === 'several') {
    needs(choices.length > 2, "three 'choices' or more")
    return needs(holds !== undefined, "'holds', which tells the right choices")
  }
  needs(answer !== undefined, "an 'answer'")
  if (kind === 'choice' || kind === 'cause') needs(wrong.length > 1, "two 'wrong' choices or more")
  if (kind === 'text' || kind === 'find')
    needs(accepts !== undefined, "'accepts': how the answer is compared")
  if (kind === 'predict') needs(reveal.length > 0, "'reveal': the lines whose output is predicted")
  if (kind === 'predict') needs(wrong.length > 1 || accepts !== undefined, "'wrong' choices, or 'accepts'")
  needs(choices.length === 0, "no 'choices' (they are for 'several')")
}
