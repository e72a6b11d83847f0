import { describe, expect, it } from 'vitest'
import { beginStep, tasksOf } from '../../src/course/begin-step.ts'
import { drawWorld } from '../../src/course/diagram.ts'
import { describePicture, drawPicture } from '../../src/course/diagram-text.ts'
import { goalStates } from '../../src/course/goals.ts'
import { nextHint } from '../../src/course/hints.ts'
import { instantiate } from '../../src/course/instantiate.ts'
import { judge } from '../../src/course/judge.ts'
import type { Question } from '../../src/course/lesson.ts'
import { loadCourse } from '../../src/course/load.ts'
import { createRunner } from '../../src/course/runner.ts'
import { showText } from '../../src/course/show.ts'
import { openSession } from '../../src/session/session.ts'
import { line, makeWorld, packFiles, worldAfter } from './helpers.ts'

const { course } = loadCourse(packFiles().lessons)
const lessonCalled = (id: string, seed = 1) => instantiate(course.lessons.find((one) => one.id === id)!, seed)

/** The world as it is when a step begins, with the learner at a prompt. */
async function atStep(id: string, index: number, host?: string) {
  const world = id === 'closer-look' ? makeWorld('linux') : makeWorld('desktop')
  const session = openSession(world, host === undefined ? {} : { host, argv: ['sh'] })
  await session.waitForPrompt()
  const lesson = lessonCalled(id)
  const runner = createRunner(session)
  for (const step of lesson.steps.slice(0, index + 1)) expect(await beginStep(runner, step)).toEqual([])
  const evidence = () => ({
    world: session.world,
    ran: session.journal.map(({ line: typed }) => ({ place: null, line: typed })),
  })
  return { session, step: lesson.steps[index]!, evidence }
}

describe('a learner in the lesson about the cable', () => {
  it('is shown what the document shows', async () => {
    const { session, step } = await atStep('find-the-cable', 0, 'vm')
    const show = step.blocks.find((block) => block.kind === 'show')!
    expect((await showText(show.lines, session.world)).replace(/\s+/g, ' ')).toBe(
      'vm$ brctl show bridge name bridge id STP enabled interfaces ' +
        'docker0 8000.024210e3b1d9 no vethcf88ac1 veth3a6d989 cni0 8000.561fa52fe2fb no vethab1c5aff vethe9888e1c',
    )
  })

  it('finds the document’s numbers right and the usual mix-ups named', async () => {
    const { session, step } = await atStep('find-the-cable', 1, 'vm')
    const question = tasksOf(step)[1] as Question
    const answer = (text: string) => judge(question, { kind: 'typed', text }, session.world)
    expect(await answer('15')).toMatchObject({ right: false, say: expect.stringContaining('own number') })
    expect(await answer('16')).toMatchObject({ right: true })
  })

  it('gets hints rung by rung, without those that do not fit', async () => {
    const { session, step, evidence } = await atStep('find-the-cable', 2, 'vm')
    const [question] = tasksOf(step)
    const first = await nextHint(question!, -1, evidence())
    expect(first?.say).toMatch(/grep \. \/sys/)
    expect((await nextHint(question!, first!.index, evidence()))?.say).toMatch(/^Shorter/)
    expect(await nextHint(question!, 1, evidence())).toBeNull()
    await session.run('grep . /sys/class/net/veth*/ifindex')
    expect((await nextHint(question!, -1, evidence()))?.say).toMatch(/^Shorter/)
  })

  it('names the veth, and proves it', async () => {
    const { session, step, evidence } = await atStep('find-the-cable', 2, 'vm')
    const question = tasksOf(step)[0] as Question
    const answer = (text: string) => judge(question, { kind: 'typed', text }, session.world)
    expect(await answer('vethcf88ac1')).toMatchObject({ say: expect.stringContaining('first one') })
    expect(await answer('veth3a6d989@if15')).toMatchObject({ right: true })
    expect(await goalStates(step, new Set(), evidence())).toMatchObject([
      { done: false, because: 'vm still reaches web', isTurn: true },
    ])
    await session.run('ip link set veth3a6d989 down')
    expect(await goalStates(step, new Set(), evidence())).toMatchObject([{ done: true }])
  })
})

it('goals that undo each other are reached one after the other', async () => {
  const { session, step, evidence } = await atStep('closer-look', 2)
  const done = new Set<string>()
  const states = async () => {
    const found = await goalStates(step, done, evidence())
    for (const one of found) if (one.done) done.add(one.goal.id)
    return found.map((one) => (one.done ? 'done' : one.isTurn ? 'turn' : 'later'))
  }
  expect(await states()).toEqual(['turn', 'later'])
  await session.run('docker network disconnect bridge db')
  expect(await states()).toEqual(['done', 'turn'])
  await session.run('docker network connect bridge db')
  expect(await states()).toEqual(['done', 'done'])
})

describe('pictures', () => {
  it('show bridges, cables and who hangs in them', async () => {
    const { world } = await worldAfter('linux', [
      'host1$ docker run -d --name web busybox sleep 1d',
      'host1$ docker run -d --name db busybox sleep 1d',
    ])
    const draw = () => drawWorld({ draw: 'bridge', host: 'host1', container: null }, world)!
    const text = drawPicture(draw())
    expect(text).toMatch(/■ docker0 172\.17\.0\.1 +│/)
    expect(text).toMatch(/├─ \[web\] eth0 172\.17\.0\.2 ══════ veth[0-9a-f]{7}/)
    expect(text).toMatch(/└─ \[db\] eth0 172\.17\.0\.3 ══════ veth[0-9a-f]{7}/)
    const widths = new Set(text.split('\n').map((one) => [...one].length))
    expect(widths.size).toBe(1)
    expect(Math.max(...widths)).toBeLessThanOrEqual(76)
    expect(describePicture(draw())).toMatch(
      /^On host1 there is the bridge docker0 with address 172\.17\.0\.1\. Its ports: veth/,
    )
  })

  it('show a dead cable, its numbers, and the way out', async () => {
    const runner = await worldAfter('linux', ['host1$ docker run -d --name web busybox sleep 1d'])
    const picture = (draw: 'bridge' | 'veth' | 'path') =>
      drawWorld({ draw, host: 'host1', container: 'web' }, runner.world)!
    expect(drawPicture(picture('veth'))).toMatch(/5: veth\w+ ◄═══ veth ═══► 4: eth0/)
    expect(describePicture(picture('path'))).toMatch(
      /^From web to the outside: eth0 172\.17\.0\.2 in web.*docker0.*eth0 192\.168\.178\.100 in host1/,
    )
    await runner.run(line('host1$ ip link set $(ls /sys/class/net | grep ^veth) down'))
    expect(drawPicture(picture('bridge'))).toMatch(/eth0 172\.17\.0\.\d ══ ✗ ══ veth\w+ \(down\)/)
    expect(describePicture(picture('veth'))).toMatch(/One end is down/)
    await runner.run(line('host1$ docker rm -f web'))
    expect(drawWorld({ draw: 'veth', host: 'host1', container: 'web' }, runner.world)).toBeNull()
  })
})
