/** The rows around every screen: the title, the rules, the keys. */
import { arrangementOf, layoutOf, SIDE_BY_SIDE } from '../layout.ts'
import { clip, textWidth } from '../screen/width.ts'
import { type Binding, type Context, contextOf, KEYMAP } from '../state/keymap.ts'
import { type AppState, isTooSmall, LEAST } from '../state/model.ts'
import { clockText } from './clock-text.ts'
import { type Line, lineWidth, padLine, type Span, spread } from './line.ts'

const NAME: Line = [{ text: ' docker-net-tutor ', tone: 'strong' }]

export function titleLine(state: AppState): Line {
  const { columns } = state.size
  const [left, right] = titleParts(state)
  // In a narrow window the lesson's own title needs the room.
  const name = state.screen === 'lesson' && columns < SIDE_BY_SIDE ? [] : NAME
  return spread([...name, ...left], right.length === 0 ? [] : [...right, { text: ' ' }], columns)
}

function titleParts(state: AppState): [Line, Line] {
  if (state.help) return [[{ text: ' Keys', tone: 'heading' }], []]
  switch (state.screen) {
    case 'home':
      return [[], [{ text: 'Docker networking, hands on', tone: 'dim' }]]
    case 'quiz':
      return [[{ text: quizName(state), tone: 'heading' }], quizPlace(state)]
    case 'sandbox': {
      const { world = '', engine = '', seed = 1 } = state.sandbox ?? {}
      return [
        [{ text: ' Sandbox', tone: 'heading' }],
        [{ text: `world ${world} · Docker ${engine} · seed ${seed}`, tone: 'dim' }],
      ]
    }
    case 'lesson':
      return lessonParts(state)
  }
}

function quizName({ quiz }: AppState): string {
  if (quiz === null || quiz.menu !== null) return ' Quiz'
  return quiz.options.exam ? ' Exam' : quiz.options.review ? ' Review' : ' Quiz'
}

function quizPlace(state: AppState): Line {
  const { quiz } = state
  const question = quiz?.question
  if (quiz == null || question == null || quiz.outcome !== null) return []
  const place: Span = { text: `question ${question.number} of ${question.count}`, tone: 'dim' }
  const { secondsLeft } = quiz
  const clock: Span[] =
    secondsLeft === null
      ? []
      : [{ text: `  ${clockText(secondsLeft)} left`, tone: secondsLeft <= 60 ? 'bad' : 'strong' }]
  const isInTurn = quiz.shell && arrangementOf(state.size) === 'in-turn'
  return [place, ...clock, ...(isInTurn ? [{ text: '  ' }, ...tabs(state)] : [])]
}

function lessonParts(state: AppState): [Line, Line] {
  const { lesson } = state
  if (lesson === null) return [[], []]
  const number = state.lessons.indexOf(lesson.head) + 1
  const count = lesson.head.steps.length
  const right: Span[] = [{ text: `step ${lesson.step + 1} of ${count} `, tone: 'dim' }, ...stepDots(state)]
  if (arrangementOf(state.size) === 'in-turn') right.push({ text: '  ' }, ...tabs(state))
  const name = state.size.columns < SIDE_BY_SIDE ? 0 : lineWidth(NAME)
  const room = state.size.columns - name - lineWidth(right) - 3
  return [[{ text: clip(` ${number}  ${lesson.head.title}`, room), tone: 'heading' }], right]
}

/** Done, here, open. */
function stepDots(state: AppState): Line {
  const { head, step } = state.lesson!
  return head.steps.map((id, i): Span => {
    if (i === step) return { text: '◆', tone: 'accent' }
    const isDone = state.marks.steps.has(`${head.id}/${id}`)
    return isDone ? { text: '●', tone: 'good' } : { text: '○', tone: 'dim' }
  })
}

/** Which of the two panes is seen, where only one fits. */
function tabs(state: AppState): Line {
  const tab = (name: string, isOn: boolean): Span =>
    isOn ? { text: ` ${name} `, tone: 'tag' } : { text: ` ${name} `, tone: 'dim' }
  const name =
    state.side === null
      ? state.screen === 'quiz'
        ? 'Question'
        : 'Lesson'
      : { map: 'Map', walk: 'Walk', glossary: 'Words' }[state.side.kind]
  return [tab(name, state.focus === 'main'), tab('Shell', state.focus === 'shell')]
}

export function topRule(state: AppState): Line {
  return [{ text: rule(state, '┬'), tone: 'dim' }]
}

function rule(state: AppState, junction: string): string {
  const { columns } = state.size
  const x = dividerColumn(state)
  if (x === null) return '─'.repeat(columns)
  return '─'.repeat(x) + junction + '─'.repeat(Math.max(0, columns - x - 1))
}

/** Where the line between two panes stands. */
export function dividerColumn(state: AppState): number | null {
  const { arrangement, main, shell, side } = layoutOf(state)
  const left = main ?? (side !== null && side.x === 0 ? side : null)
  return arrangement === 'beside' && left !== null && shell !== null ? left.columns : null
}

/** The lower rule carries what there is to say at the moment. */
export function bottomRule(state: AppState): Line {
  const { columns } = state.size
  const said = message(state)
  if (said === null) return [{ text: rule(state, '┴'), tone: 'dim' }]
  const text = clip(said.text, columns - 6)
  const line: Line = [
    { text: '── ', tone: 'dim' },
    { text, tone: said.tone ?? 'plain' },
    { text: ' ', tone: 'dim' },
  ]
  const rest = rule(state, '┴').slice(lineWidth(line))
  return [...line, { text: rest, tone: 'dim' }]
}

function message(state: AppState): Span | null {
  if (state.busy !== null) return { text: `${state.busy} …`, tone: 'accent' }
  if (state.notice === null) return null
  const { tone, text } = state.notice
  if (tone === 'plain') return { text, tone: 'strong' }
  return tone === 'good' ? { text: `✓ ${text}`, tone: 'good' } : { text: `✗ ${text}`, tone: 'bad' }
}

const TAGS: Readonly<Record<Context, string>> = {
  small: '',
  help: 'HELP',
  confirm: 'SURE?',
  home: 'HOME',
  lesson: 'LESSON',
  glossary: 'GLOSSARY',
  choice: 'QUESTION',
  several: 'QUESTION',
  typing: 'QUESTION',
  result: 'ANSWER',
  'quiz-menu': 'QUIZ',
  'quiz-choice': 'QUESTION',
  'quiz-several': 'QUESTION',
  'quiz-order': 'QUESTION',
  'quiz-typing': 'QUESTION',
  'quiz-result': 'ANSWER',
  outcome: 'RESULT',
  shell: 'SHELL',
  sandbox: 'SANDBOX',
  waiting: 'WAIT',
}

/** Whereto Ctrl-O leads from the shell, where it is no lesson. */
const SHELL_SIDES: Readonly<Partial<Record<AppState['screen'], string>>> = {
  sandbox: 'leave',
  quiz: 'question',
}

/** Most questions of the quiz have no shell; in those that have one, the way there comes first. */
function shownBindings(state: AppState, context: Context): readonly Binding[] {
  const all = KEYMAP[context]
  if (state.screen !== 'quiz') return all
  const others = all.filter(({ action }) => action.kind !== 'switch-focus' && action.kind !== 'side')
  const ways = all.filter(({ action }) => action.kind === 'switch-focus')
  return state.quiz?.shell === true ? [...ways, ...others] : others
}

export function statusLine(state: AppState): Line {
  const context = contextOf(state)
  const { columns } = state.size
  const spans: Span[] = [{ text: ' ' }, { text: ` ${TAGS[context]} `, tone: 'tag' }, { text: ' ' }]
  if (state.confirm !== null)
    spans.push({ text: ` ${clip(state.confirm.ask, columns - 30)} `, tone: 'strong' })
  let used = lineWidth(spans)
  for (const { label, shown, keys } of shownBindings(state, context)) {
    if (label === undefined) continue
    const key = shown ?? keys[0] ?? ''
    const word = context === 'shell' && label === 'lesson' ? (SHELL_SIDES[state.screen] ?? label) : label
    const width = textWidth(key) + textWidth(word) + 3
    if (used + width > columns) continue
    spans.push({ text: ' ' }, { text: key, tone: 'key' }, { text: ` ${word} `, tone: 'dim' })
    used += width
  }
  return padLine(spans, columns)
}

export function tooSmallLines({ size }: AppState): Line[] {
  if (!isTooSmall(size)) return []
  return [
    [{ text: 'This window is too small.' }],
    [{ text: `It has ${size.columns}×${size.rows}; make it ${LEAST.columns}×${LEAST.rows} or more.` }],
    [{ text: 'q quits.' }],
  ]
}
