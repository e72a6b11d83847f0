/** Generated questions: what is right holds in the world, what is wrong does not, and no two worlds are the same. */
import { describe, expect, it } from 'vitest'
import { type GeneratedEntry, loadBank } from '../../src/course/quiz-bank.ts'
import { generateItem, holdsFor, makeItem } from '../../src/course/quiz-generate.ts'
import { hasShell, QUIZ_KINDS } from '../../src/course/quiz-item.ts'
import { claimsOf } from '../../src/headless/lint/bank.ts'
import { packFiles, services } from './helpers.ts'

const { bank } = loadBank(packFiles().quiz)
const generated = bank.entries.filter((one): one is GeneratedEntry => one.kind === 'generated')
const SEEDS = [1, 7]

describe('generated questions', () => {
  it('are of every kind', () => {
    const asked = new Set(bank.entries.map(({ asks }) => asks))
    expect([...QUIZ_KINDS].filter((kind) => !asked.has(kind))).toEqual([])
    expect(generated.filter(({ asks }) => hasShell(asks)).length).toBeGreaterThanOrEqual(5)
  })

  it('prove each of their choices', () => {
    const unproven = generated.filter(({ holds, asks }) => holds === null && asks !== 'order')
    expect(unproven.map(({ id }) => id)).toEqual([])
  })

  it.each(generated.map((entry) => [entry.id, entry] as const))(
    '%s',
    { timeout: 60_000 },
    async (_, entry) => {
      for (const seed of SEEDS) {
        const { item, world, values } = await generateItem(entry, seed, services)
        const claims = claimsOf(item)
        expect(
          claims.filter(({ right }) => right).length + (item.form.kind === 'order' ? 1 : 0),
        ).toBeGreaterThan(0)
        if (item.form.kind === 'choice' && !item.form.several)
          expect(claims.filter(({ right }) => right)).toHaveLength(1)
        for (const { text, right } of entry.holds === null ? [] : claims)
          expect(await holdsFor(entry, values, text, world), `${item.id}: ${text}`).toBe(right)
      }
    },
  )

  it('change with the seed, so that the file teaches no answer', { timeout: 120_000 }, async () => {
    for (const entry of generated) {
      const seen = new Set<string>()
      for (let seed = 1; seed <= 12 && seen.size < 2; seed++) {
        const { item } = await generateItem(entry, seed, services)
        seen.add(JSON.stringify([item.ask, item.exhibit, item.form]))
      }
      expect(seen.size, entry.id).toBeGreaterThan(1)
    }
  })
})

describe('fixed questions', () => {
  it('show in the world what they claim', { timeout: 60_000 }, async () => {
    for (const entry of bank.entries) {
      if (entry.kind !== 'fixed' || entry.see === null) continue
      const { item } = await makeItem(entry, 1, services)
      expect(item.reveal?.split('\n').length, entry.id).toBeGreaterThan(1)
    }
  })
})

describe('a bank with errors', () => {
  const HEAD = 'format: 1\ntopic: t\ntitle: T\nquestions:\n'
  const good = (id: string) =>
    `  - id: ${id}\n    ask: x\n    right: a\n    wrong: [{ text: b }]\n    why: y\n    link: l#s\n`
  const load = (text: string) => {
    const { bank: read, problems } = loadBank([{ name: 'q.yaml', text }])
    return { ids: read.entries.map(({ id }) => id), problems }
  }

  it('names the question and its line, and keeps the others', () => {
    const { ids, problems } = load(`${HEAD}${good('one')}  - id: two\n    ask: x\n${good('three')}`)
    expect(ids).toEqual(['one', 'three'])
    expect(problems.length).toBeGreaterThan(0)
    for (const { file, line } of problems) expect([file, line]).toEqual(['q.yaml', 11])
  })

  it('keeps the others of a file whose YAML is broken', () => {
    const { ids, problems } = load(
      `${HEAD}${good('one')}  - id: two\n    ask: "x\n    why: [\n${good('three')}${good('four')}`,
    )
    expect(ids).toContain('one')
    expect(ids).toContain('four')
    expect(problems[0]?.text).toMatch(/^YAML/)
  })

  it.each([
    ['kind: order', "needs 'steps'"],
    ['kind: number', "needs an 'answer'"],
    ['kind: predict\n    right: a\n    wrong: [{ text: b }]', "needs 'see'"],
    ['kind: choice', "needs what is 'right'"],
    ['kind: choice\n    right: [a, b]\n    wrong: [{ text: c }]', "needs one 'right' choice"],
    ['kind: text\n    answer: a\n    mistakes: [{ when: { matches: "(" }, say: no }]', 'regular expression'],
  ])('%s: %s', (fields, said) => {
    const { ids, problems } = load(
      `${HEAD}  - id: one\n    ask: x\n    ${fields}\n    why: y\n    link: l#s\n${good('two')}`,
    )
    expect(ids).toEqual(['two'])
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatchObject({ file: 'q.yaml', line: 5 })
    expect(problems[0]!.text).toContain(said)
  })
})
