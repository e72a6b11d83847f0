/** What a key does on the lesson's screen, a word does in its shell, while a line runs and the clock stands still. */
import { expect, it } from 'vitest'
import { createTutor } from '../../src/tui/adapters/tutor.ts'
import type { LessonRun, ShellScreen } from '../../src/tui/ports.ts'
import { createDecoder } from '../../src/tui/screen/decoder.ts'
import { lessonText } from '../course/helpers.ts'

const BODY = `
\`\`\`goal
label: Forwarding is off
check:
  output: { of: "host1$ sysctl -n net.ipv4.ip_forward", matches: "^0$" }
else: It still forwards.
\`\`\`
\`\`\`hint
A setting of the kernel.
\`\`\`
\`\`\`solution
host1$ sysctl -w net.ipv4.ip_forward=0
\`\`\`

\`\`\`question
ask: Which device do all machines have?
kind: choice
choices:
  - text: lo
    right: true
  - text: eth7
    why: Hardly one has it.
why: It is made with the stack.
\`\`\`
\`\`\`question
ask: Its address?
kind: text
accepts: address
answer: 127.0.0.1
mistakes:
  - when: { equals: 127.0.0.0 }
    say: That is the network.
why: By convention.
\`\`\`
`

interface Played {
  readonly run: LessonRun
  type(line: string): Promise<string>
}

async function play(): Promise<Played> {
  let shown = ''
  let prompted: () => void = () => {}
  const screen: ShellScreen = {
    write: (text: string) => void (shown += text),
    clear: () => void (shown = ''),
    pending: () => 0,
    serialize: () => '',
  } as unknown as ShellScreen
  const prompt = (): Promise<void> => new Promise((resolve) => void (prompted = resolve))
  const machine = { saveFile: () => '', speed: 50, told: false }
  const tutor = createTutor({ lessons: [{ name: 'tried.md', text: lessonText(BODY) }], quiz: [] }, 1, machine)
  const first = prompt()
  const listener = { onPrompt: () => prompted(), onEnd: () => {} }
  const { run } = await tutor.openLesson('tried', 0, null, screen, { columns: 80, rows: 24 }, listener)
  await first
  return {
    run,
    async type(line) {
      const next = prompt()
      shown = ''
      for (const event of createDecoder().push(new TextEncoder().encode(`${line}\r`))) run.shell.input(event)
      await next
      return shown.replaceAll('\r\n', '\n')
    },
  }
}

it('tutor check, hint and answer come back, and count', { timeout: 20_000 }, async () => {
  const { run, type } = await play()
  expect(await type('tutor check')).toContain('○ Forwarding is off\n')
  expect(await type('tutor hint')).toContain('A setting of the kernel.\n')
  await type('sysctl -w net.ipv4.ip_forward=0')
  expect(await type('tutor check')).toContain('✓ Forwarding is off\n')
  const asked = await type('tutor answer')
  expect(asked).toContain('Which device do all machines have?\n')
  const letter = /^ {2}(\w) {2}lo$/m.exec(asked)![1]!
  expect(await type(`tutor answer ${letter === 'a' ? 'b' : 'a'}`)).toContain(
    '✗ Not right.\nHardly one has it.\n',
  )
  expect(await type('tutor answer z')).toContain('Type a letter from a to b.\n')
  expect(await type(`tutor answer ${letter}`)).toContain('✓ Right.\nIt is made with the stack.\n')
  expect(await type('tutor answer 127.0.0.0')).toContain('That is the network.\n')
  expect(await type('tutor answer 127.0.0.1/8')).toContain('✓ Right.\n')
  expect(await type('tutor answer again')).toContain('There is no open question here.\n')
  expect((await run.check()).tasks.every((task) => task.done)).toBe(true)
  // What was asked for a step that has been left meanwhile.
  expect(await run.answer('gone-1', { kind: 'typed', text: 'x' })).toMatchObject({
    right: false,
    settled: false,
  })
  expect(await run.hint('gone-1')).toBeNull()
  expect(run.solution('gone-1')).toEqual([])
  run.shell.close()
})
