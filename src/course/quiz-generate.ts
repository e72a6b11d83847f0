/** From an entry of the bank to a question that can be asked: choices in words and in an order drawn by seed. */
import { createRandom, shuffled } from '../sim/base/random.ts'
import type { Services } from '../sim/kernel/simulation.ts'
import { createWorld } from '../sim/world/create.ts'
import type { World } from '../sim/world/world.ts'
import { computeAnswer, type OpenChoice } from './answer.ts'
import { drawVariables, fillIn, type Variables } from './instantiate.ts'
import type { BankEntry, FixedEntry, GeneratedEntry } from './quiz-bank.ts'
import { runnerFor, runOnCopy } from './runner.ts'
import { showText } from './show.ts'

export interface QuizItem {
  /** The entry's id; a generated one carries its seed: `who-is-16?seed=7`. */
  readonly id: string
  readonly topic: string
  readonly ask: string
  /** Output of the world that it is about; null when there is none. */
  readonly exhibit: string | null
  readonly choices: readonly OpenChoice[]
  readonly why: string
  readonly lesson: string
  readonly step: string
}

export class Ungenerable extends Error {}

/** More than this many choices are not shown. */
const MOST_CHOICES = 4
const FEWEST_CHOICES = 2

export async function makeItem(entry: BankEntry, seed: number, services: Services): Promise<QuizItem> {
  return entry.kind === 'fixed' ? fixedItem(entry, seed) : (await generateItem(entry, seed, services)).item
}

function fixedItem(entry: FixedEntry, seed: number): QuizItem {
  const { id, topic, ask, why, lesson, step } = entry
  const choices = shuffled(createRandom(seed), entry.choices)
  return { id, topic: topic.title, ask, exhibit: null, choices, why, lesson, step }
}

/** The world comes with it, for those who want to prove the answer. Throws `Ungenerable`. */
export async function generateItem(
  template: GeneratedEntry,
  seed: number,
  services: Services,
): Promise<{ item: QuizItem; world: World; values: Variables }> {
  const values = drawVariables(template.variables, seed)
  const { ask, why, setup, show, answer, wrong } = fillIn(
    {
      ask: template.ask,
      why: template.why,
      setup: template.setup,
      show: template.show,
      answer: template.answer,
      wrong: template.wrong,
    },
    values,
  )
  const world = createWorld(template.world, { engine: template.engine, seed }, services)
  const runner = runnerFor(world)
  for (const line of setup) {
    const { status, errors } = await runner.run(line)
    if (status !== 0)
      throw new Ungenerable(`${template.id}, seed ${seed}: '${line.command}' failed: ${errors.trim()}`)
  }
  const right = await computeAnswer(answer, world)
  if (right === '') throw new Ungenerable(`${template.id}, seed ${seed}: the answer is empty`)
  const choices: OpenChoice[] = [{ text: right, right: true, why: null }]
  for (const one of wrong) {
    const text = await computeAnswer(one.text, world)
    if (text === '' || choices.length === MOST_CHOICES || choices.some((choice) => choice.text === text))
      continue
    choices.push({ text, right: false, why: one.why })
  }
  if (choices.length < FEWEST_CHOICES)
    throw new Ungenerable(`${template.id}, seed ${seed}: no wrong answer is left`)
  const item: QuizItem = {
    id: `${template.id}?seed=${seed}`,
    topic: template.topic.title,
    ask,
    exhibit: show.length === 0 ? null : await showText(show, world),
    choices: shuffled(createRandom(seed), choices),
    why,
    lesson: template.lesson,
    step: template.step,
  }
  return { item, world, values }
}

/** Is this choice right in the world? By the entry's own test, apart from the way its answer is computed. */
export async function holdsFor(
  entry: GeneratedEntry,
  values: Variables,
  choice: string,
  world: World,
): Promise<boolean> {
  if (entry.holds === null) throw new Ungenerable(`${entry.id} has no test of its choices`)
  const line = fillIn(entry.holds, new Map([...values, ['choice', choice]]))
  return (await runOnCopy(world, line)).status === 0
}
