/** The line editor in the pane: what is drawn is the prompt and the line, whatever is typed. */
import type { Terminal } from '@xterm/headless'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Session } from '../../src/session/session.ts'
import { editedLine } from '../../src/tui/adapters/edited-line.ts'
import { createDecoder } from '../../src/tui/screen/decoder.ts'
import { createEmulator } from '../../src/tui/screen/emulator.ts'

const PROMPT = 'root@host1:~# '

function fakeSession(candidates: readonly string[] = []): Session {
  const complete = (line: string, cursor: number) => {
    const start = line.slice(0, cursor).lastIndexOf(' ') + 1
    return { start, candidates: candidates.filter((word) => word.startsWith(line.slice(start, cursor))) }
  }
  const state = { history: ['ip addr', 'docker ps -a'] }
  return { prompt: () => PROMPT, current: { state }, complete } as unknown as Session
}

const written = (terminal: Terminal, text: string): Promise<void> =>
  new Promise((resolve) => terminal.write(text, resolve))

/** All rows from the prompt on, wrapped ones joined. */
function shown(terminal: Terminal): string {
  const { active } = terminal.buffer
  let text = ''
  for (let y = 0; y <= active.baseY + terminal.rows - 1; y++) {
    const line = active.getLine(y)!
    if (y > 0 && !line.isWrapped) text += '\n'
    text += line.translateToString(active.getLine(y + 1)?.isWrapped !== true)
  }
  return text.trimEnd()
}

async function type(columns: number, rows: number, text: string, candidates: readonly string[] = []) {
  const terminal = createEmulator(columns, rows)
  let pending = Promise.resolve()
  const write = (piece: string): void => {
    pending = written(terminal, piece)
  }
  write(PROMPT)
  const line = editedLine(fakeSession(candidates), write, { columns, rows })
  const decoder = createDecoder()
  const bytes = new TextEncoder().encode(text)
  const results = [...decoder.push(bytes), ...decoder.flush()].map((event) => line.key(event))
  await pending
  return { terminal, line, results, settle: () => pending }
}

describe('the edited line', () => {
  it('draws what is typed, edited in the middle, over the edge', async () => {
    expect(shown((await type(40, 6, 'ip addr\u001b[D\u001b[DXY')).terminal)).toBe(`${PROMPT}ip adXYdr`)
    expect(shown((await type(20, 6, 'echo a long line over the edge')).terminal)).toBe(
      `${PROMPT}echo a long line over the edge`,
    )
    expect(shown((await type(20, 6, 'echo 漢字漢字漢字漢字\u0001\u000b')).terminal)).toBe(PROMPT.trimEnd())
  })

  it('searches the history and takes it over', async () => {
    const { terminal, results } = await type(60, 6, '\u0012add')
    expect(shown(terminal)).toBe("(reverse-i-search)`add': ip addr")
    expect(results.every(({ kind }) => kind === 'more')).toBe(true)
    const chosen = await type(60, 6, '\u001b[A\u001b[A\r')
    expect(chosen.results.at(-1)).toEqual({ kind: 'line', text: 'ip addr' })
    expect(chosen.terminal.buffer.active.cursorY).toBe(1)
  })

  it('completes, and lists what there is', async () => {
    const names = ['web', 'wide', 'other']
    expect(shown((await type(60, 8, 'docker rm o\t', names)).terminal)).toBe(`${PROMPT}docker rm other`)
    const listed = shown((await type(60, 8, 'docker rm w\t\t', names)).terminal)
    expect(listed).toBe(`${PROMPT}docker rm w\nweb   wide\n${PROMPT}docker rm w`)
  })

  it('does not run a pasted line, and cuts an endless one', async () => {
    const { results } = await type(60, 8, '\u001b[200~one\ntwo\u001b[201~')
    expect(results).toEqual([{ kind: 'more' }])
    const { terminal, results: long } = await type(60, 8, `\u001b[200~${'x'.repeat(1_000_000)}\u001b[201~\r`)
    const last = long.at(-1)!
    expect(last.kind === 'line' && last.text.length).toBe(32_768)
    expect(terminal.buffer.active.length).toBeLessThan(100)
  })

  it('shows exactly the line after any keys', async () => {
    const key = fc.constantFrom(
      'a',
      'b',
      ' ',
      '漢',
      'é',
      '\u001b[D',
      '\u001b[C',
      '\u007f',
      '\u0001',
      '\u0005',
      '\u0017',
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(key, { maxLength: 60 }),
        fc.integer({ min: 18, max: 40 }),
        async (keys, columns) => {
          const { terminal } = await type(columns, 12, keys.join(''))
          const { results } = await type(columns, 12, `${keys.join('')}\r`)
          const result = results.at(-1)!
          const text = result.kind === 'line' ? result.text : ''
          expect(shown(terminal).replaceAll('\n', '').trimEnd()).toBe((PROMPT + text).trimEnd())
        },
      ),
      { numRuns: 60 },
    )
  })
})
