import { describe, expect, it } from 'vitest'
import type { BlockView, StepView } from '../../src/tui/ports.ts'
import { documentOf } from '../../src/tui/text/document.ts'

const view = (...blocks: BlockView[]): StepView => ({
  id: 's',
  title: 'A step',
  index: 0,
  count: 1,
  intro: null,
  blocks,
  tasks: [],
})
const shown = (width: number, ...blocks: BlockView[]): string[] =>
  documentOf(view(...blocks), [], width).map((line) => line.replace(/\u001b\[[0-9;]*m/g, '').trimEnd())

describe('the document of a step', () => {
  it('shows output as a terminal does: tabs, and long lines broken where they end', () => {
    expect(shown(20, { kind: 'output', text: 'a\tb\n1234567890123456789012' })).toEqual([
      'A step',
      '',
      '  a       b',
      '  123456789012345678',
      '  9012',
    ])
  })

  it('tells a picture in words where it does not fit', () => {
    const picture = { kind: 'picture', drawing: '┌────────────┐', words: 'A box.' } as const
    expect(shown(40, picture)).toContain('  ┌────────────┐')
    expect(shown(12, picture)).toEqual(['A step', '', 'A box.'])
  })
})
