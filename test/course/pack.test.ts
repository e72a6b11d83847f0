import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadPack } from '../../src/course/pack.ts'
import { openLibrary } from '../../src/headless/library.ts'
import { MOST_BYTES, NoPack, openPackFolder } from '../../src/io/pack-folder.ts'
import { lessonText } from './helpers.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pack-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function put(path: string, text: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true })
  writeFileSync(join(folder, path), text)
}

const GOOD = lessonText('\nProse.\n')
const own = resolve(import.meta.dirname, '../../lessons')
const library = (...packs: string[]) =>
  openLibrary({ folder: own, packs, from: folder, lang: null, env: { LANG: 'C' } })

describe('a pack', () => {
  it('joins the list of lessons, with ids of its own', async () => {
    put('acme/pack.yaml', 'format: 1\nname: acme\ntitle: Acme\n')
    put('acme/01-tried.md', GOOD)
    put(
      'acme/02-more.md',
      GOOD.replace('id: tried', 'id: more').replace('requires: []', 'requires: [tried, publishing]'),
    )
    put(
      'acme/quiz/a.yaml',
      'format: 1\ntopic: mine\ntitle: Mine\nquestions:\n  - id: one\n    ask: What?\n    right: this\n    wrong: [{ text: that }, { text: it }]\n    why: So.\n    link: tried#one-step\n',
    )
    const { heads, complaints, files } = await library('./acme')
    expect(complaints).toEqual([])
    expect(heads.slice(-2).map(({ id }) => id)).toEqual(['acme--tried', 'acme--more'])
    expect(heads[0]!.id).toBe('networking-types')
    const { lessons, quiz } = files()
    expect(lessons.at(-1)!.text).toContain('requires: ["acme--tried", publishing]')
    expect(quiz.at(-1)!.text).toContain('link: "acme--tried#one-step"')
    expect(quiz.at(-1)!.text).toContain('id: "acme--one"')
  })

  it('is found as an installed package, with the lessons in its folder', async () => {
    put('node_modules/@acme/net-course/package.json', '{"name":"@acme/net-course","main":"index.js"}')
    put('node_modules/@acme/net-course/index.js', 'throw new Error("never loaded")')
    put('node_modules/@acme/net-course/lessons/01-tried.md', GOOD)
    const { heads, complaints } = await library('@acme/net-course')
    expect(complaints).toEqual([])
    expect(heads.at(-1)!.id).toBe('acme-net-course--tried')
  })

  it('with an error in one lesson keeps the others, and the course stands', async () => {
    put('p/01-tried.md', GOOD)
    put('p/02-broken.md', GOOD.replace('world: linux', 'world: mars'))
    put('p/03-none.md', 'no front matter')
    const { heads, complaints } = await library('p')
    expect(heads.at(-1)!.id).toBe('p--tried')
    expect(complaints[0]).toMatch(/02-broken\.md:6: world: .*'docker-net-tutor lint p' says more\.$/)
    expect(complaints[1]).toMatch(/03-none\.md:1: a lesson starts with front matter/)
  })

  it('that is not there, or holds nothing, is named with a remedy', async () => {
    mkdirSync(join(folder, 'empty'))
    const { heads, complaints } = await library('./none', 'not-installed', 'empty', 'a b')
    expect(heads.length).toBeGreaterThanOrEqual(16)
    expect(complaints).toEqual([
      "./none:1: there is no folder ./none. Give the folder that holds the pack's lessons.",
      expect.stringMatching(/no installed package 'not-installed'\. 'npm install/),
      expect.stringMatching(/^empty:1: there are no lessons/),
      "a b:1: 'a b' is neither a folder nor the name of a package.",
    ])
  })

  it('cannot lead out of its folder, nor be of any size', () => {
    put('secret.md', GOOD)
    put('p/01-tried.md', GOOD)
    symlinkSync('../secret.md', join(folder, 'p/02-out.md'))
    symlinkSync('01-tried.md', join(folder, 'p/03-in.md'))
    symlinkSync('nowhere.md', join(folder, 'p/04-gone.md'))
    symlinkSync('..', join(folder, 'p/quiz'))
    put('p/05-large.md', 'x'.repeat(MOST_BYTES + 1))
    mkdirSync(join(folder, 'p/06-folder.md'))
    const { lessons, quiz, refused } = openPackFolder('p', folder)
    expect(lessons.map(({ name }) => basename(name))).toEqual(['01-tried.md', '03-in.md'])
    expect(quiz).toEqual([])
    expect(refused.map(({ text }) => text.replace(/\d+/g, 'N'))).toEqual([
      'leads out of the pack. Put a copy of the file here.',
      'leads out of the pack. Put a copy of the file here.',
      'leads nowhere. Take the link out, or put the file here.',
      'has N bytes; N are read. Divide it.',
      'is no file. Take it out of the pack.',
    ])
    expect(() => openPackFolder('nothing-here', folder)).toThrow(NoPack)
  })

  it('of the same name as another one is refused', async () => {
    put('a/p/01-tried.md', GOOD)
    put('b/p/01-tried.md', GOOD)
    const { heads, complaints } = await library('a/p', 'b/p')
    expect(heads.filter(({ id }) => id === 'p--tried')).toHaveLength(1)
    expect(complaints).toEqual(['b/p:1: another pack is called p; rename one of them in its pack.yaml.'])
  })

  it('with a broken pack.yaml is called by its folder', () => {
    const { name, problems } = loadPack({
      origin: 'x',
      fallbackName: 'My Pack!',
      manifest: { name: 'x/pack.yaml', text: 'format: 1\nname: [\n' },
      lessons: [{ name: 'x/1.md', text: GOOD }],
      quiz: [],
      glossary: null,
    })
    expect(name).toBe('my-pack')
    expect(problems[0]).toMatchObject({ file: 'x/pack.yaml', text: expect.stringMatching(/^YAML: /) })
  })
})
