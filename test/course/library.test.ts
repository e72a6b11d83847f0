import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseArguments } from '../../src/headless/arguments.ts'
import { openLibrary } from '../../src/headless/library.ts'

const folder = resolve(import.meta.dirname, '../../lessons')
const titles = async (lang: string | null, env: Record<string, string>): Promise<string[]> =>
  (await openLibrary({ folder, packs: [], from: folder, lang, env })).heads.map(({ title }) => title)

describe('the language of the lessons', () => {
  it('is the one that is asked for, or the locale’s', async () => {
    const german = await titles('de', {})
    expect(german[6]).toBe('Einen Port veröffentlichen')
    expect(await titles(null, { LANG: 'de_AT.UTF-8' })).toEqual(german)
    expect(await titles(null, { LC_ALL: '', LC_MESSAGES: 'de_DE', LANG: 'en_GB' })).toEqual(german)
    expect((await titles('en', { LANG: 'de_DE' }))[6]).toBe('Publishing a port')
    expect((await titles(null, { LC_ALL: 'C', LANG: 'de_DE' }))[6]).toBe('Publishing a port')
  })

  it('leaves lessons without a translation as they are', async () => {
    expect((await titles('de', {}))[0]).toBe('What a container is given')
    expect(await titles('fr', {})).toEqual(await titles(null, {}))
  })

  it('brings its translations and the glossary, and no papers', async () => {
    const { files, heads, complaints } = await openLibrary({
      folder,
      packs: [],
      from: folder,
      lang: 'de',
      env: {},
    })
    expect(complaints).toEqual([])
    expect(heads).toHaveLength(16)
    const { lessons, glossary } = files()
    expect(lessons).toHaveLength(17)
    expect(glossary?.name).toMatch(/glossary\.yaml$/)
  })
})

describe('what goes with any command', () => {
  const common = (line: string): unknown => {
    const parsed = parseArguments(line.split(' '))
    return parsed.ok ? [parsed.request.kind, parsed.packs, parsed.lang] : parsed.message
  }

  it.each([
    ['list --pack a --pack=b --lang de', ['list', ['a', 'b'], 'de']],
    ['--lang=pt-BR lesson x', ['lesson', [], 'pt-BR']],
    ['--pack a', ['course', ['a'], null]],
    ['new 17-mine', ['new', [], null]],
    ['schema', ['schema', [], null]],
    ['list --lang', "flag '--lang' needs a value."],
    ['list --lang german', "flag '--lang' needs a language such as de, not 'german'."],
    ['new', "'new' takes the name of a lesson, such as 17-my-lesson."],
  ])('%s', (line, expected) => {
    expect(common(line)).toEqual(expected)
  })
})
