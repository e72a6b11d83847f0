/** Lessons read aloud: no signs of Markdown, no boxes, every picture as sentences. */
import { describe, expect, it } from 'vitest'
import { parseLesson } from '../../src/course/parse.ts'
import { spokenProse } from '../../src/tui/linear/spoken-prose.ts'
import { packFiles } from '../course/helpers.ts'

describe('prose that is spoken', () => {
  it('loses the signs that only colour it, and keeps commands', () => {
    expect(spokenProse('A **veth** is *one* of `ip link`: `grep * a*`, 2 * 3 * 4.')).toBe(
      'A veth is one of ip link: grep * a*, 2 * 3 * 4.',
    )
    expect(spokenProse('> **The document says** so.\n>\n> And more.')).toBe(
      'The document says so.\n\nAnd more.',
    )
    expect(spokenProse('Type:\n\n    docker run *.txt')).toBe('Type:\n\n    docker run *.txt')
  })

  it('says tables row by row', () => {
    const table =
      '| Port | For |\n|---|---|\n| 2377/tcp | management |\n| 7946/tcp | **gossip** |\n\nSo it is.'
    expect(spokenProse(table)).toBe('- 2377/tcp. For: management.\n- 7946/tcp. For: gossip.\n\nSo it is.')
  })

  it('says what a picture shows', () => {
    expect(spokenProse('Look:\n\n```text Two boxes.\n[a]--[b]\n```\n\nThere.')).toBe(
      'Look:\n\nTwo boxes.\n\nThere.',
    )
    expect(spokenProse('```text\nSWMTKN-1\n```')).toBe('SWMTKN-1')
  })

  const lessons = packFiles().lessons.filter(({ name }) => /^\d\d-.*\.md$/.test(name))
  it.each(lessons.map(({ name, text }) => [name, text] as const))('is all of %s', (name, text) => {
    const { lesson } = parseLesson(name, text)
    const prose = (lesson?.steps ?? []).flatMap(({ blocks }) =>
      blocks.flatMap((block) => (block.kind === 'prose' ? [spokenProse(block.markdown)] : [])),
    )
    for (const said of [spokenProse(lesson?.intro ?? ''), ...prose]) {
      expect(said).not.toMatch(/```|\*\*|^\s*\||^> |[─│┌└├█▪■]|--[+>-]|\+--|<-{2,}/m)
    }
  })
})
