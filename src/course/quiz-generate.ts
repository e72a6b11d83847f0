/** From an entry of the bank to a question that can be asked: its world by seed, its answer out of that world. */
import { createRandom, nextUint32, type RandomState, shuffled } from '../sim/base/random.ts'
import type { Services } from '../sim/kernel/simulation.ts'
import { createWorld } from '../sim/world/create.ts'
import type { World } from '../sim/world/world.ts'
import { computeAnswer, type OpenChoice } from './answer.ts'
import { drawVariables, fillIn, type Variables } from './instantiate.ts'
import type { CommandLine, Source } from './lesson.ts'
import type { BankEntry, ExplainedSource, FixedEntry, GeneratedEntry, Proof } from './quiz-bank.ts'
import type { ItemForm, OrderForm, QuizItem, TypedMistake } from './quiz-item.ts'
import { runnerFor, runOnCopy } from './runner.ts'
import { showText } from './show.ts'

export class Ungenerable extends Error {}

/** A question with the world that it is about, for those who want to look into it or to prove the answer. */
export interface MadeItem {
  readonly item: QuizItem
  readonly world: World | null
  /** The answer, to be computed again in a world that the learner has changed. */
  readonly answer: Source | null
  /** Where the learner's shell stands. */
  readonly node: string
}

/** More than this many choices are not shown; of several right ones there may be more. */
const MOST_CHOICES = 4
const MOST_OF_SEVERAL = 6
const FEWEST_CHOICES = 2

/** Throws `Ungenerable`, with a sentence. */
export async function makeItem(entry: BankEntry, seed: number, services: Services): Promise<MadeItem> {
  if (entry.kind === 'fixed')
    return { item: await fixedItem(entry, seed, services), world: null, answer: null, node: 'host1' }
  const { item, world, answer } = await generateItem(entry, seed, services)
  return { item, world, answer, node: entry.node }
}

async function fixedItem(entry: FixedEntry, seed: number, services: Services): Promise<QuizItem> {
  const { id, topic, asks, ask, why, lesson, step } = entry
  const form = shuffledForm(entry.form, createRandom(seed))
  const reveal = entry.see === null ? null : await seen(entry, entry.see, seed, services)
  return { id, entry: id, topic, kind: asks, ask, exhibit: null, form, reveal, why, lesson, step }
}

async function seen(entry: FixedEntry, see: Proof, seed: number, services: Services): Promise<string> {
  const { world: name, engine, setup, run } = see
  return showText(run, await worldAfter(createWorld(name, { engine, seed }, services), setup, entry, seed))
}

async function worldAfter(
  world: World,
  setup: readonly CommandLine[],
  { id }: BankEntry,
  seed: number,
): Promise<World> {
  const runner = runnerFor(world)
  for (const line of setup) {
    const { status, errors } = await runner.run(line)
    if (status !== 0) throw new Ungenerable(`${id}, seed ${seed}: '${line.command}' failed: ${errors.trim()}`)
  }
  return world
}

function shuffledForm(form: ItemForm, random: RandomState): ItemForm {
  if (form.kind === 'choice') return { ...form, choices: shuffled(random, form.choices) }
  return form.kind === 'order' ? shuffledSteps(form.steps, random) : form
}

/** `steps` come in their right order; they are shown in another one. */
function shuffledSteps(steps: readonly string[], random: RandomState): OrderForm {
  const all = steps.map((_, index) => index)
  let places = shuffled(random, all)
  if (places.every((place, i) => steps[place] === steps[i])) places = [...all.slice(1), 0]
  return {
    kind: 'order',
    steps: places.map((place) => steps[place]!),
    order: all.map((index) => places.indexOf(index)),
  }
}

/** Throws `Ungenerable`. */
export async function generateItem(
  template: GeneratedEntry,
  seed: number,
  services: Services,
): Promise<{ item: QuizItem; world: World; values: Variables; answer: Source | null }> {
  const values = drawVariables(template.variables, seed)
  const { ask, why, setup, show, reveal, answer, also, wrong, choices, holds } = fillIn(
    {
      ask: template.ask,
      why: template.why,
      setup: template.setup,
      show: template.show,
      reveal: template.reveal,
      answer: template.answer,
      also: template.also,
      wrong: template.wrong,
      choices: template.choices,
      holds: template.holds,
    },
    values,
  )
  const world = createWorld(template.world, { engine: template.engine, seed }, services)
  await worldAfter(world, setup, template, seed)
  const draft = { template, seed, world, answer, also, wrong, choices, holds }
  const item: QuizItem = {
    id: `${template.id}?seed=${seed}`,
    entry: template.id,
    topic: template.topic,
    kind: template.asks,
    ask,
    exhibit: show.length === 0 ? null : await showText(show, world),
    form: await formOf(draft),
    reveal: reveal.length === 0 ? null : await showText(reveal, world),
    why,
    lesson: template.lesson,
    step: template.step,
  }
  return { item, world, values, answer }
}

/** A template with its values put in, and its world. */
interface Draft {
  readonly template: GeneratedEntry
  readonly seed: number
  readonly world: World
  readonly answer: Source | null
  readonly also: readonly Source[]
  readonly wrong: readonly ExplainedSource[]
  readonly choices: readonly ExplainedSource[]
  readonly holds: CommandLine | null
}

function ungenerable({ id }: GeneratedEntry, seed: number, text: string): Ungenerable {
  return new Ungenerable(`${id}, seed ${seed}: ${text}`)
}

async function formOf(draft: Draft): Promise<ItemForm> {
  const { template, seed, world, answer } = draft
  const random = createRandom(seed)
  if (template.asks === 'several') return severalForm(draft, random)
  if (template.asks === 'order') {
    const { output } = answer?.kind === 'from' ? await runOnCopy(world, answer.command) : { output: '' }
    const steps = output.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]))
    if (steps.length < 3) throw ungenerable(template, seed, 'fewer than three steps')
    return shuffledSteps(steps, random)
  }
  const right = answer === null ? '' : await computeAnswer(answer, world)
  if (right === '') throw ungenerable(template, seed, 'the answer is empty')
  return isTyped(template, random) ? typedForm(draft, right) : choiceForm(draft, right, random)
}

/** A choice that may be typed as well is, one time of two. */
function isTyped({ asks, accepts, wrong }: GeneratedEntry, random: RandomState): boolean {
  if (asks === 'text' || asks === 'number' || asks === 'find') return true
  if (accepts === null) return false
  return wrong.length < FEWEST_CHOICES || nextUint32(random) % 2 === 0
}

async function choiceForm({ template, seed, world, wrong }: Draft, right: string, random: RandomState) {
  const choices: OpenChoice[] = [{ text: right, right: true, why: null }]
  for (const one of wrong) {
    const text = await computeAnswer(one.text, world)
    if (text === '' || choices.length === MOST_CHOICES || choices.some((choice) => choice.text === text))
      continue
    choices.push({ text, right: false, why: one.why })
  }
  if (choices.length < FEWEST_CHOICES) throw ungenerable(template, seed, 'no wrong answer is left')
  return { kind: 'choice', several: false, choices: shuffled(random, choices) } as const
}

/** Wrong choices are known mistakes here. */
async function typedForm({ template, world, wrong, also }: Draft, right: string): Promise<ItemForm> {
  const answers = [right]
  for (const one of also) {
    const text = await computeAnswer(one, world)
    if (text !== '') answers.push(text)
  }
  const mistakes: TypedMistake[] = []
  for (const { text, why } of wrong) {
    const known = await computeAnswer(text, world)
    if (known !== '' && why !== null) mistakes.push({ when: { kind: 'equals', text: known }, say: why })
  }
  return { kind: 'typed', accepts: template.accepts ?? 'ignore-case', answers, mistakes }
}

/** The world tells which ones are right. */
async function severalForm({ template, seed, world, choices, holds }: Draft, random: RandomState) {
  const open: OpenChoice[] = []
  for (const { text, why } of choices) {
    const words = await computeAnswer(text, world)
    if (words === '' || open.some((one) => one.text === words)) continue
    open.push({ text: words, right: await holdsIn(holds, words, world), why })
  }
  const shown = shuffled(random, open).slice(0, MOST_OF_SEVERAL)
  if (!shown.some(({ right }) => right)) throw ungenerable(template, seed, 'no choice is right')
  if (shown.every(({ right }) => right)) throw ungenerable(template, seed, 'no choice is wrong')
  const said = shown.map((one) => (one.right ? { ...one, why: null } : one))
  return { kind: 'choice', several: true, choices: said } as const
}

async function holdsIn(holds: CommandLine | null, choice: string, world: World): Promise<boolean> {
  if (holds === null) return false
  return (await runOnCopy(world, fillIn(holds, new Map([['choice', choice]])))).status === 0
}

/** Is this choice right in the world? By the entry's own test, apart from the way its answer is computed. */
export async function holdsFor(
  entry: GeneratedEntry,
  values: Variables,
  choice: string,
  world: World,
): Promise<boolean> {
  if (entry.holds === null) throw new Ungenerable(`${entry.id} has no test of its choices`)
  return holdsIn(fillIn(entry.holds, values), choice, world)
}
