/** The help page, made from the keymap. */

import { clip, pad, textWidth } from '../screen/width.ts'
import { type Binding, type Context, KEYMAP } from '../state/keymap.ts'
import { type Line, padLine } from './line.ts'

const SECTIONS: readonly { readonly title: string; readonly context: Context }[] = [
  { title: 'Course map', context: 'home' },
  { title: 'Lesson', context: 'lesson' },
  { title: 'Shell', context: 'shell' },
  { title: 'Sandbox', context: 'sandbox' },
  { title: 'Quiz', context: 'quiz-choice' },
]

const WORDS: readonly (readonly [string, string])[] = [
  ['tutor check', 'are the goals reached?'],
  ['tutor hint', 'the next hint'],
  ['tutor why A B:80', 'does a packet get there? why not?'],
  ['tutor walk', 'packets of the last command, step by step'],
  ['tutor map', 'the world in one picture'],
  ['tutor glossary X', 'what a word means'],
  ['tutor undo', 'take back the last line; tutor redo'],
  ['tutor reset', 'the world as it was at first'],
  ['tutor help', 'all the words'],
]

function keyName({ shown, keys }: Binding): string {
  return shown ?? keys[0]?.replace('ctrl+', '^').toUpperCase() ?? ''
}

function sectionLines(title: string, rows: readonly (readonly [string, string])[], width: number): Line[] {
  const column = Math.max(...rows.map(([key]) => textWidth(key))) + 2
  const lines = rows.map(
    ([key, text]): Line => [
      { text: `  ${pad(key, column)}`, tone: 'key' },
      { text: clip(text, width - column - 2) },
    ],
  )
  return [[{ text: `  ${title}`, tone: 'heading' }], ...lines, []]
}

/** In as many columns as fit. */
export function helpLines(columns: number, rows: number): Line[] {
  const count = columns >= 76 ? 2 : 1
  const width = Math.min(60, Math.floor((columns - 2) / count))
  const sections = [
    ...SECTIONS.map(({ title, context }) => {
      const bindings = KEYMAP[context].filter((binding) => binding.help !== '')
      return sectionLines(
        title,
        bindings.map((binding) => [keyName(binding), binding.help] as const),
        width,
      )
    }),
    sectionLines('Words in the shell', WORDS, width),
  ]
  const stacks: Line[][] = Array.from({ length: count }, () => [])
  for (const section of sections) {
    const shortest = stacks.reduce((a, b) => (b.length < a.length ? b : a))
    shortest.push(...section)
  }
  const height = Math.min(rows, Math.max(...stacks.map((stack) => stack.length)))
  return Array.from({ length: height }, (_, y) => stacks.flatMap((stack) => padLine(stack[y] ?? [], width)))
}
