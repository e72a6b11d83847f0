import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { textWidth } from '../../src/tui/screen/width.ts'
import type { QuestionState } from '../../src/tui/state/model.ts'
import { proseLines } from '../../src/tui/text/prose.ts'
import { askLines } from '../../src/tui/text/question-lines.ts'
import { withoutTabs } from '../../src/tui/text/tabs.ts'
import { wrapStyled } from '../../src/tui/text/wrap-styled.ts'

const plain = (text: string): string => text.replace(/\u001b\[[0-9;]*m/g, '')
const shown = (markdown: string, width = 40): string[] => proseLines(markdown, width).map(plain)

describe('prose', () => {
  it('joins the source lines of a paragraph and breaks them anew', () => {
    expect(shown('A veth is a cable\nwith two plugs. What goes in here comes out there.', 30)).toEqual([
      'A veth is a cable with two',
      'plugs. What goes in here comes',
      'out there.',
    ])
  })

  it('styles strong text and code inside list items', () => {
    const lines = proseLines('- a **strong** word\n- `code: x` and *this*', 40)
    expect(lines.map(plain)).toEqual(['  • a strong word', '  • code: x and this'])
    expect(lines[0]).toMatch(/\u001b\[[0-9;]*1m/)
  })

  it('hangs the following lines of items and quotations', () => {
    expect(shown('1. one two three four five six\n2. seven', 20)).toEqual([
      '  1. one two three',
      '     four five six',
      '  2. seven',
    ])
    expect(shown('> a quotation that is longer than the line', 20)).toEqual([
      '│ a quotation that',
      '│ is longer than the',
      '│ line',
    ])
  })

  it('keeps code as it is, colons, stars and all', () => {
    expect(shown('```\n1: lo: <UP> *x* **y**\n   two\n```')).toEqual(['  1: lo: <UP> *x* **y**', '     two'])
    expect(shown('Look at `eth0@if16: <UP>` & <b>.')).toEqual(['Look at eth0@if16: <UP> & <b>.'])
  })

  it('draws tables', () => {
    const lines = shown('| a | b |\n|---|---|\n| one | two |', 60)
    expect(lines.join('\n')).toMatch(/a .*│.* b[\s\S]*one.*│.*two/)
  })

  it('never leaves a line that is too wide', () => {
    const word = fc.constantFrom('a', 'bridge', '漢字', 'é', '\u001b[1mx\u001b[22m', 'averyveryverylongword')
    fc.assert(
      fc.property(fc.array(word), fc.integer({ min: 4, max: 30 }), (words, width) => {
        for (const line of wrapStyled(words.join(' '), width))
          expect(textWidth(plain(line))).toBeLessThanOrEqual(width)
      }),
    )
  })
})

describe('tabs of output', () => {
  it('go on to the next eighth column', () => {
    expect(withoutTabs('range = 32768\t60999')).toBe('range = 32768   60999')
    expect(withoutTabs('\ta\t12345678\tb')).toBe('        a       12345678        b')
    const asked = { ask: 'Which?', exhibit: 'a\tb', scroll: 0, form: { kind: 'number' } } as QuestionState
    const shown = askLines(asked, 60).map((line) => line.map(({ text }) => text).join(''))
    expect(shown).toContain('  │ a       b')
  })
})
