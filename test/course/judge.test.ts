import { describe, expect, it } from 'vitest'
import { tasksOf } from '../../src/course/begin-step.ts'
import { fillIn, instantiate, unknownVariables } from '../../src/course/instantiate.ts'
import { judge, sameAnswer } from '../../src/course/judge.ts'
import type { Question } from '../../src/course/lesson.ts'
import { lesson, makeWorld } from './helpers.ts'

function question(body: string): Question {
  const [task] = tasksOf(lesson(`\n\`\`\`question\n${body}\n\`\`\`\n`).steps[0]!)
  if (task?.kind !== 'question') throw new Error('no question')
  return task
}

const world = makeWorld('bare')

describe('typed answers', () => {
  it.each([
    ['interface-name', 'VETH3A6D989@if15', 'veth3a6d989', true],
    ['interface-name', 'veth3a6d989:', 'veth3a6d989', true],
    ['interface-name', 'eth0', 'veth3a6d989', false],
    ['address', '172.17.0.3/16', '172.17.0.3', true],
    ['address', '172.17.0.30', '172.17.0.3', false],
    ['number', '@if16', '16', true],
    ['number', ' 016 ', '16', true],
    ['number', '61', '16', false],
    ['ignore-case', 'Docker-Desktop', 'docker-desktop', true],
    ['ignore-case', '`docker-desktop`', 'docker-desktop', true],
    ['ignore-case', 'to:172.17.0.2:80', '172.17.0.2:80', true],
    ['ignore-case', '--to-destination 172.17.0.2:80', '172.17.0.2:80', true],
    ['exact', 'Docker-Desktop', 'docker-desktop', false],
    ['ignore-case', '', '', false],
  ] as const)('%s: %s for %s: %s', (accepts, given, answer, expected) => {
    expect(sameAnswer(accepts, given, answer)).toBe(expected)
  })

  const asked = question(`ask: What is the name of this machine?
kind: text
answer: { from: "host1$ echo one; echo host1; echo" }
mistakes:
  - when: { matches: "^CLIENT" }
    say: That is the other one.
  - when: { equals: { from: "host1$ echo router" } }
    say: That is the router.
why: It says so.`)

  it('are compared with what a command prints, and mistakes are known by name', async () => {
    const give = (text: string) => judge(asked, { kind: 'typed', text }, world)
    expect(await give('Host1')).toEqual({ right: true, say: null, why: 'It says so.' })
    expect(await give('client')).toEqual({ right: false, say: 'That is the other one.', why: null })
    expect(await give('router')).toEqual({ right: false, say: 'That is the router.', why: null })
    expect(await give('what')).toEqual({ right: false, say: null, why: null })
  })

  it('of another kind than what is asked for are named, and so is what is gone', async () => {
    const address = question('ask: Which?\nkind: text\naccepts: address\nanswer: 10.0.0.7\nwhy: So.')
    const give = async (text: string) => (await judge(address, { kind: 'typed', text }, world)).say
    expect(await give('docker')).toBe('An address is asked for, like 10.0.0.1.')
    expect(await give('10.0.0.8')).toBeNull()
    const number = question('ask: How many?\nkind: number\nanswer: 3\nwhy: So.')
    expect((await judge(number, { kind: 'typed', text: 'many' }, world)).say).toBe('A number is asked for.')
    const gone = question(
      'ask: Which?\nkind: text\nanswer: { from: "host1$ docker exec box hostname -i" }\nwhy: So.',
    )
    expect((await judge(gone, { kind: 'typed', text: 'x' }, world)).say).toMatch(/^What is asked for is not/)
  })

  it('do not change the world', async () => {
    const before = world.nowUs
    await judge(asked, { kind: 'typed', text: 'host1' }, world)
    expect(world.nowUs).toBe(before)
  })
})

describe('choices', () => {
  const body = `choices:
  - { text: bridge, right: true }
  - { text: host, why: "Has to be asked for." }
  - { text: { from: "host1$ echo bridge" } }
why: The default.`

  it('have reasons of their own, and wrong ones that turn out right drop out', async () => {
    const asked = question(`ask: Which?\nkind: choice\n${body}`)
    const choose = (index: number) => judge(asked, { kind: 'chosen', indexes: [index] }, world)
    expect(await choose(0)).toEqual({ right: true, say: null, why: 'The default.' })
    expect(await choose(1)).toEqual({ right: false, say: 'Has to be asked for.', why: null })
    expect(await choose(2)).toEqual({ right: false, say: 'That is not all of it.', why: null })
  })

  it('of a prediction: the reason follows at once', async () => {
    const asked = question(`ask: Which?\nkind: predict\n${body}`)
    expect((await judge(asked, { kind: 'chosen', indexes: [1] }, world)).why).toBe('The default.')
  })

  it('of several: all right ones and no other', async () => {
    const asked = question(`ask: Which?\nkind: several\nchoices:
  - { text: a, right: true }
  - { text: b, right: true }
  - { text: c, why: No. }
why: So.`)
    const choose = (...indexes: number[]) => judge(asked, { kind: 'chosen', indexes }, world)
    expect((await choose(0, 1)).right).toBe(true)
    expect((await choose(1)).say).toBe('That is not all of it.')
    expect((await choose(0, 1, 2)).say).toBe('No.')
  })
})

describe('variables', () => {
  it('are drawn by seed and put in everywhere', () => {
    const read = lesson('\n{{extra}} more.\n\n```setup\nhost1$ seq {{extra}}\n```\n')
    const texts = new Set(
      [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => JSON.stringify(instantiate(read, seed).steps)),
    )
    expect(texts.size).toBe(2)
    expect(JSON.stringify(instantiate(read, 5))).toBe(JSON.stringify(instantiate(read, 5)))
    expect([...texts].join()).not.toContain('{{')
  })

  it('leave the braces of Go templates alone', () => {
    const text = "docker inspect -f '{{.Name}} {{json .X}} {{range .Y}}{{end}}' {{name}}"
    expect(fillIn(text, new Map([['name', 'web']]))).toBe(text.replace('{{name}}', 'web'))
    expect(unknownVariables(`${text} {{oops}}`, new Set(['name']))).toEqual(['oops'])
  })
})
