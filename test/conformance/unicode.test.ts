import { expect, it } from 'vitest'
import { found, replaced, trimmedEnd, words } from './unicode.ts'

it('sees letters and digits beyond ASCII as parts of words', () => {
  expect(found(/\bfoo\b/, 'foo é')).toBe(true)
  expect(found(/\bfoo\b/, 'éfoo')).toBe(false)
  expect(replaced('٣é', /\d/g, '#')).toBe('#é')
  expect(replaced('é.a b', /[\w.]+/g, 'x')).toBe('x x')
})

it('takes every blank as one', () => {
  expect(words(' a\u00a0b\t\x1cc ')).toEqual(['a', 'b', 'c'])
  expect(trimmedEnd('| a \t\u3000')).toBe('| a')
})
