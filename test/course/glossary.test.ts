import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findTerms, loadGlossary, lookUp, termsIn } from '../../src/course/glossary.ts'
import { loadCourse } from '../../src/course/load.ts'
import { packFiles } from './helpers.ts'

const name = resolve(import.meta.dirname, '../../lessons/glossary.yaml')
const { glossary, problems } = loadGlossary(
  { name: 'glossary.yaml', text: readFileSync(name, 'utf8') },
  loadCourse(packFiles().lessons).course,
)

describe('the glossary', () => {
  it('is whole: steps and terms that it names are there, nothing is explained twice', () => {
    expect(problems).toEqual([])
    expect(glossary.entries.length).toBeGreaterThanOrEqual(60)
  })

  it('explains in at most three sentences', () => {
    for (const { term, text } of glossary.entries) {
      const sentences = text.split(/[.!?](?= [A-Z`/]|$)/).filter((one) => one.trim() !== '')
      expect(sentences.length, term).toBeLessThanOrEqual(3)
      expect(text, term).toMatch(/[.]$/)
    }
  })

  it('knows every word in bold of the document, and its parts', () => {
    const words =
      'bridge, docker0, eth0, veth, Netfilter, iptables, NAT, default gateway, routing table, DNS, publishing, CNM, sandbox, endpoint, overlay, swarm, TLS, brctl, iflink, ifindex, privileged, chroot, host network, MobyLinuxVM, nat network on Windows, cni0, tunl0, subnet'
    for (const word of words.split(', ')) expect(lookUp(glossary, word)?.term, word).toBeDefined()
  })

  it('is kind to spelling', () => {
    expect(lookUp(glossary, 'VETH pairs')?.term).toBe('veth')
    expect(lookUp(glossary, ' published  port')?.term).toBe('publishing')
    expect(lookUp(glossary, 'ip_forward')?.term).toBe('IP forwarding')
    expect(lookUp(glossary, '127.0.0.11')?.term).toBe('embedded DNS')
    expect(lookUp(glossary, 'no such word')).toBeNull()
    expect(lookUp(glossary, '')).toBeNull()
  })

  it('narrows while one types, and finds the terms of a text', () => {
    expect(findTerms(glossary, 'mas').map(({ term }) => term)[0]).toBe('MASQUERADE')
    expect(findTerms(glossary, '')).toHaveLength(glossary.entries.length)
    const found = termsIn(
      glossary,
      'The rule `MASQUERADE` changes the source; docker0 has the address, not lower.',
    )
    expect(found.map(({ term }) => term)).toEqual(['docker0', 'MASQUERADE'])
  })

  it('with an error is empty, and says where', () => {
    const broken = loadGlossary({ name: 'g.yaml', text: 'format: 1\nterms:\n  - term: x\n' })
    expect(broken.glossary.entries).toEqual([])
    expect(broken.problems[0]).toMatchObject({ file: 'g.yaml', line: 3 })
    const text =
      'format: 1\nterms:\n  - { term: x, text: A., step: a#b }\n  - { term: X, text: B., step: a#b, see: [y] }\n'
    expect(loadGlossary({ name: 'g.yaml', text }).problems.map((one) => one.text)).toEqual([
      "X: 'x' is explained by x already",
      "X: there is no term 'y'",
    ])
  })
})
