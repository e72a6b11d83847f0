/** Keys on a line: what is typed, killed, yanked, found in the history, drawn. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { applyCompletion } from '../../../src/shell/editor/complete.ts'
import { type EditorAction, editLine } from '../../../src/shell/editor/edit.ts'
import { renderLine } from '../../../src/shell/editor/render.ts'
import { createEditor, type EditorState, lineText } from '../../../src/shell/editor/state.ts'

const HISTORY = ['docker ps', 'ip addr', 'docker network ls']

function press(
  keys: readonly string[],
  state = createEditor(HISTORY),
): { state: EditorState; action: EditorAction } {
  let result: { state: EditorState; action: EditorAction } = { state, action: { kind: 'none' } }
  for (const key of keys) {
    const text = key.length === 1 ? key : key === 'space' ? ' ' : '\x1b'
    result = editLine(result.state, { kind: 'key', name: key, text })
  }
  return result
}

const shown = (keys: readonly string[]): string => {
  const { state } = press(keys)
  return `${state.characters.slice(0, state.cursor).join('')}|${state.characters.slice(state.cursor).join('')}`
}

describe('keys', () => {
  test.each([
    [[...'abc', 'left', 'x'], 'abx|c'],
    [[...'abc', 'ctrl+a', 'x', 'ctrl+e', 'y'], 'xabcy|'],
    [[...'one', 'space', ...'two', 'ctrl+w'], 'one |'],
    [[...'one', 'space', ...'two', 'ctrl+w', 'ctrl+w', 'ctrl+y'], 'one two|'],
    [[...'abc', 'ctrl+u', 'x', 'ctrl+y'], 'xabc|'],
    [[...'abc', 'ctrl+b', 'ctrl+k', 'ctrl+a', 'ctrl+y'], 'c|ab'],
    [[...'a-b', 'alt+b', 'alt+b', 'alt+u'], 'A|-b'],
    [[...'ab', 'ctrl+t'], 'ba|'],
    [['up', 'up'], 'ip addr|'],
    [[...'new', 'up', 'down'], 'new|'],
    [['ctrl+r', ...'doc'], '|docker network ls'],
    [['ctrl+r', ...'doc', 'ctrl+r'], '|docker ps'],
    [['ctrl+r', ...'ps', 'right', '!'], 'docker p!|s'],
    [['x', 'ctrl+r', ...'doc', 'ctrl+g'], 'x|'],
    [['alt+.'], 'ls|'],
    [[...'ab', 'ctrl+_'], 'a|'],
  ])('%j', (keys, expected) => {
    expect(shown(keys)).toBe(expected)
  })

  test('Enter, Ctrl-C, Ctrl-D and Tab are told to the caller', () => {
    expect(press([...'ls', 'enter']).action).toEqual({ kind: 'submit', text: 'ls' })
    expect(press([...'ls', 'ctrl+c']).action.kind).toBe('interrupt')
    expect(press(['ctrl+d']).action.kind).toBe('end')
    expect(press(['l', 'tab', 'tab']).action).toEqual({ kind: 'complete', again: true })
  })

  test('a pasted newline does not run a half-read line', () => {
    const { state, action } = editLine(createEditor([]), { kind: 'paste', text: 'a\r\nb' })
    expect(action.kind).toBe('none')
    expect(lineText(state)).toBe('a\nb')
  })

  test('whatever is pressed, the cursor stays in the line', () => {
    const keys = fc.constantFrom(
      'a',
      '日',
      'space',
      'left',
      'right',
      'ctrl+w',
      'ctrl+y',
      'alt+y',
      'up',
      'down',
      'ctrl+t',
      'alt+d',
      'backspace',
      'delete',
      'ctrl+_',
      'ctrl+r',
      'alt+c',
    )
    fc.assert(
      fc.property(fc.array(keys), fc.integer({ min: 4, max: 40 }), (pressed, columns) => {
        const { state } = press(pressed)
        expect(state.cursor).toBeGreaterThanOrEqual(0)
        expect(state.cursor).toBeLessThanOrEqual(state.characters.length)
        const { rows, cursor } = renderLine(state, '$ ', columns)
        expect(cursor.row).toBeLessThan(rows.length)
        expect(cursor.column).toBeLessThan(columns)
      }),
    )
  })
})

describe('completion', () => {
  test('one candidate is taken whole, several as far as they agree', () => {
    const state = createEditor([], 'docker ne')
    expect(lineText(applyCompletion(state, { start: 7, candidates: ['network'] }))).toBe('docker network ')
    expect(lineText(applyCompletion(state, { start: 7, candidates: ['net-a', 'net-b'] }))).toBe('docker net-')
    expect(lineText(applyCompletion(state, { start: 7, candidates: [] }))).toBe('docker ne')
  })
})

describe('drawing', () => {
  test('wide characters and long lines wrap', () => {
    expect(renderLine(createEditor([], '日本語'), '$ ', 6)).toEqual({
      rows: ['$ 日本', '語'],
      cursor: { row: 1, column: 2 },
    })
    expect(renderLine(createEditor([], 'abcd'), '$ ', 6)).toEqual({
      rows: ['$ abcd', ''],
      cursor: { row: 1, column: 0 },
    })
  })
})
