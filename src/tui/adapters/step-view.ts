/** A step as the screen shows it: prose, output and pictures of the world, tasks and how they stand. */
import { computeChoices, type OpenChoice } from '../../course/answer.ts'
import { drawWorld } from '../../course/diagram.ts'
import { describePicture, drawPicture } from '../../course/diagram-text.ts'
import type { GoalState } from '../../course/goals.ts'
import type { Block, Lesson, Question } from '../../course/lesson.ts'
import { showText } from '../../course/show.ts'
import type { Evidence } from '../../course/verdict.ts'
import { createRandom, shuffled } from '../../sim/base/random.ts'
import type { World } from '../../sim/world/world.ts'
import type { AnswerForm, BlockView, GoalView, QuestionView } from '../ports.ts'

/** As wide as prose is where lesson and shell stand beside each other. */
const NARROW = 38

/** What is shown of a question, so that an answer by number can be understood. */
export type ShownChoices = Map<string, readonly OpenChoice[]>

/** Prose and output are made once, when the step begins: they say what was true then. */
export async function blocksOf(lesson: Lesson, index: number, world: World): Promise<BlockView[]> {
  const blocks: BlockView[] = []
  for (const block of lesson.steps[index]?.blocks ?? []) {
    const view = await blockOf(block, world)
    if (view !== null) blocks.push(view)
  }
  return blocks
}

async function blockOf(block: Block, world: World): Promise<BlockView | null> {
  switch (block.kind) {
    case 'prose':
      return { kind: 'prose', markdown: block.markdown }
    case 'show':
      return { kind: 'output', text: await showText(block.lines, world) }
    case 'diagram': {
      const picture = drawWorld(block.diagram, world)
      if (picture === null) return null
      const narrow = drawPicture(picture, NARROW)
      return { kind: 'picture', drawing: drawPicture(picture), narrow, words: describePicture(picture) }
    }
    case 'task':
      return { kind: 'task', task: block.task.id }
    case 'setup':
      return null
  }
}

export function goalView({ goal, done, isTurn }: GoalState, evidence: Evidence): GoalView {
  // Nothing to complain about before anything was tried.
  const because = isTurn && evidence.ran.length > 0 ? goal.otherwise : null
  return { kind: 'goal', id: goal.id, label: goal.label, done, because }
}

export async function questionView(
  question: Question,
  world: World,
  done: boolean,
  shown: ShownChoices,
): Promise<QuestionView> {
  const base = { kind: 'question', id: question.id, ask: question.ask, done } as const
  return { ...base, form: await formOf(question, world, shown) }
}

async function formOf({ id, form }: Question, world: World, shown: ShownChoices): Promise<AnswerForm> {
  if ('answer' in form) return { kind: form.kind }
  const choices = shuffled(createRandom(hash(id)), await computeChoices(form.choices, world))
  shown.set(id, choices)
  // What the right answer says is made by a goal before it: until then there is nothing to choose from.
  const isReady = choices.every(({ text, right }) => !right || text !== '')
  const texts = isReady ? choices.map(({ text }) => text) : []
  return { kind: 'choice', several: form.kind === 'several', choices: texts }
}

/** The same order each time, and another one for each question (FNV-1a). */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (const char of text) value = Math.imul(value ^ char.codePointAt(0)!, 0x01000193) >>> 0
  return value
}
