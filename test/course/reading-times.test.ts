/**
 * The minutes that a lesson states are honest: what is read, answered and typed in it takes about so long. Counted are
 * 200 words a minute, a quarter of a minute for the output of a command that is shown, 20 seconds a question, 25 a
 * command to be typed. Where a fault is to be found first, some commands of the learner's own come before.
 */
import { describe, expect, it } from 'vitest'
import type { Block, Lesson, Task } from '../../src/course/lesson.ts'
import { parseLesson } from '../../src/course/parse.ts'
import { packFiles, lesson as read } from './helpers.ts'

const WORDS_A_MINUTE = 200
const SHOWN_MINUTES = 15 / 60
const QUESTION_MINUTES = 20 / 60
const COMMAND_MINUTES = 25 / 60
/** Commands before a fault is found that each learner has drawn for himself. */
const SEARCHED = 6
/** Who looks around and errs now and then takes longer than who goes straight on. */
const LEAST = 0.8
const MOST = 1.6

function words(text: string): number {
  return text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length
}

function taskWords(task: Task): number {
  if (task.kind === 'goal') return words(task.label)
  const choices = 'choices' in task.form ? task.form.choices : []
  const texts = choices.map(({ text }) => (text.kind === 'fixed' ? text.value : 'computed'))
  return words([task.ask, ...texts, task.why].join(' '))
}

function blockMinutes(block: Block, isSearch: boolean): number {
  switch (block.kind) {
    case 'prose':
      return words(block.markdown) / WORDS_A_MINUTE
    case 'show':
      return block.lines.length * SHOWN_MINUTES
    case 'diagram':
      return SHOWN_MINUTES
    case 'setup':
      return 0
    case 'task': {
      const { task } = block
      const commands = task.solution.length + (isSearch && task.kind === 'goal' ? SEARCHED : 0)
      const asked = task.kind === 'question' ? QUESTION_MINUTES : 0
      return taskWords(task) / WORDS_A_MINUTE + commands * COMMAND_MINUTES + asked
    }
  }
}

function minutesOf(lesson: Lesson): number {
  const blocks = lesson.steps.flatMap((step) => step.blocks)
  const isSearch = lesson.draw === 'own'
  return blocks.reduce(
    (sum, block) => sum + blockMinutes(block, isSearch),
    words(lesson.intro) / WORDS_A_MINUTE,
  )
}

describe('how long a lesson takes', () => {
  it('counts words, output, questions and commands', () => {
    expect(minutesOf(read('\nNothing else.\n'))).toBeCloseTo(5 / WORDS_A_MINUTE)
    const shown = '\n```show\nhost1$ docker ps\nhost1$ ip addr\n```\n'
    expect(minutesOf(read(shown))).toBeCloseTo(3 / WORDS_A_MINUTE + 2 * SHOWN_MINUTES)
    const asked =
      '\n```question\nask: How many?\nkind: number\nanswer: 1\nwhy: One.\n```\n```hint\nLook.\n```\n```solution\nhost1$ docker ps\n```\n'
    expect(minutesOf(read(asked))).toBeCloseTo(6 / WORDS_A_MINUTE + QUESTION_MINUTES + COMMAND_MINUTES)
  })

  const originals = packFiles().lessons.filter(({ name }) => /^\d\d-[a-z0-9-]+\.md$/.test(name))

  it('is stated by each lesson', () => {
    expect(originals.length).toBeGreaterThanOrEqual(16)
  })

  it.each(originals.map(({ name, text }) => [name, text] as const))('is what %s says', (name, text) => {
    const { lesson } = parseLesson(name, text)
    const counted = minutesOf(lesson!)
    const range = `${(counted * LEAST).toFixed(1)} to ${(counted * MOST).toFixed(1)}`
    expect(lesson!.minutes / counted, `${lesson!.minutes} stated, ${range} held`).toBeGreaterThanOrEqual(
      LEAST,
    )
    expect(lesson!.minutes / counted, `${lesson!.minutes} stated, ${range} held`).toBeLessThanOrEqual(MOST)
  })
})
