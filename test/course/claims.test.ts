/** `lessons/CLAIMS.md` covers every section of the document, and leads to steps that are there. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadCourse } from '../../src/course/load.ts'
import { packFiles } from './helpers.ts'

const SECTIONS = [
  'Docker networking types',
  'Bridge network',
  'Lets get a closer look to the bridge network',
  'Demo: docker run, ip addr, ip route',
  'Demo: a container with full root access, chroot',
  'Demo: brctl show, iflink, ifindex',
  'Publishing',
  'Custom Bridge Network',
  'Overlay Driver Network Architecture',
  'Packet flow in an overlay network',
  'Docker Networking – key points',
]

interface Row {
  readonly section: string
  readonly quote: string
  readonly step: string
  readonly verdict: string
  readonly taught: string
}

function rows(): Row[] {
  const text = readFileSync(resolve(import.meta.dirname, '../../lessons/CLAIMS.md'), 'utf8')
  const found: Row[] = []
  let section = ''
  for (const line of text.split('\n')) {
    if (line.startsWith('## ')) section = line.slice(3)
    const cells = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim())
    if (cells.length !== 4 || cells[0] === 'Claim' || cells[0]!.startsWith('---')) continue
    const [quote, step, verdict, taught] = cells as [string, string, string, string]
    found.push({ section, quote, step, verdict, taught })
  }
  return found
}

const { course } = loadCourse(packFiles().lessons)
const steps = new Map(
  course.lessons.flatMap((lesson) => lesson.steps.map((step) => [`${lesson.id}#${step.id}`, step])),
)

describe('the table of claims', () => {
  it('covers every section', () => {
    expect([...new Set(rows().map(({ section }) => section))]).toEqual(SECTIONS)
    expect(rows().length).toBeGreaterThanOrEqual(60)
  })

  it.each(rows())('$quote: $step', ({ quote, step, verdict, taught }) => {
    expect(steps.has(step)).toBe(true)
    expect(['true', 'corrected', 'outdated']).toContain(verdict)
    expect(quote).toMatch(/^".+"$/)
    expect(quote.split(' ').length).toBeLessThanOrEqual(12)
    expect(taught).not.toBe('')
  })

  it('says in the lesson itself what it corrects', () => {
    const marked = (lesson: string): boolean =>
      course.lessons.some(
        ({ id, steps: all }) =>
          id === lesson &&
          all.some(({ blocks }) =>
            blocks.some(
              (block) => block.kind === 'prose' && /\*\*(The document|Since then)/.test(block.markdown),
            ),
          ),
      )
    for (const { step, verdict } of rows())
      if (verdict !== 'true') expect([step, marked(step.split('#')[0]!)]).toEqual([step, true])
  })

  it('finds each lesson about the document mentioned', () => {
    const mentioned = new Set(rows().map(({ step }) => step.split('#')[0]))
    const beyond = new Set(['host-none-macvlan', 'build-docker0', 'troubleshooting'])
    for (const { id } of course.lessons) if (!beyond.has(id)) expect(mentioned).toContain(id)
  })
})
