import { describe, expect, it } from 'vitest'
import { drawWorld } from '../../src/course/diagram.ts'
import { describePicture, drawPicture } from '../../src/course/diagram-text.ts'
import { instantiate } from '../../src/course/instantiate.ts'
import { loadCourse } from '../../src/course/load.ts'
import { fastForward, StepPlay } from '../../src/course/play.ts'
import { createRunner } from '../../src/course/runner.ts'
import { openSession } from '../../src/session/session.ts'
import { line, makeWorld, packFiles, worldAfter } from './helpers.ts'

const { course } = loadCourse(packFiles().lessons)
const lessonCalled = (id: string, seed = 1) => instantiate(course.lessons.find((one) => one.id === id)!, seed)

describe('a learner in the lesson about the cable', () => {
  it('is shown the document’s numbers, answers, gets hints and reaches the goal', async () => {
    const session = openSession(makeWorld('desktop'), { host: 'vm', argv: ['sh'] })
    await session.waitForPrompt()
    const lesson = lessonCalled('find-the-cable')
    const first = new StepPlay(session, lesson, 0)
    expect(await first.begin()).toEqual([])
    const shown = (await first.blocks()).find((block) => block.kind === 'output')
    expect(shown?.text.replace(/\s+/g, ' ')).toBe(
      'vm$ brctl show bridge name bridge id STP enabled interfaces ' +
        'docker0 8000.024210e3b1d9 no vethcf88ac1 veth3a6d989 cni0 8000.561fa52fe2fb no vethab1c5aff vethe9888e1c',
    )

    const numbers = new StepPlay(session, lesson, 1)
    await numbers.begin()
    const typed = (text: string) => ({ kind: 'typed' as const, text })
    const iflink = numbers.tasks[1]!.id
    expect(await numbers.answer(iflink, typed('15'))).toMatchObject({
      right: false,
      say: expect.stringContaining('own number'),
    })
    expect(await numbers.answer(iflink, typed('16'))).toMatchObject({ right: true })
    expect(numbers.isFinished).toBe(false)
    expect(await numbers.answer(numbers.tasks[0]!.id, { kind: 'chosen', indexes: [1] })).toMatchObject({
      right: false,
    })
    expect(numbers.isFinished).toBe(true)

    const match = new StepPlay(session, lesson, 2)
    await match.begin()
    const [question, goal] = match.tasks
    expect(await match.hint(question!.id)).toMatch(/grep \. \/sys/)
    expect(await match.hint(question!.id)).toMatch(/^Shorter/)
    expect(await match.hint(question!.id)).toBeNull()
    expect(await match.answer(question!.id, typed('vethcf88ac1'))).toMatchObject({
      say: expect.stringContaining('first one'),
    })
    expect(await match.answer(question!.id, typed('veth3a6d989@if15'))).toMatchObject({ right: true })
    expect(await match.checkGoals()).toEqual([
      { task: goal!.id, passed: false, because: 'vm still reaches web', isTurn: true },
    ])
    await session.run('ip link set veth3a6d989 down')
    expect(await match.checkGoals()).toMatchObject([{ passed: true }])
    expect(match.isFinished).toBe(true)
    const later = new StepPlay(session, lesson, 2, match.state)
    expect(later.isFinished).toBe(true)
  })

  it('gets over the hint whose condition does not hold', async () => {
    const session = openSession(makeWorld('desktop'), { host: 'vm', argv: ['sh'] })
    await session.waitForPrompt()
    const lesson = lessonCalled('find-the-cable')
    await fastForward(createRunner(session), lesson, 2)
    const play = new StepPlay(session, lesson, 2)
    await play.begin()
    await session.run('grep . /sys/class/net/veth*/ifindex')
    expect(await play.hint(play.tasks[0]!.id)).toMatch(/^Shorter/)
  })
})

it('goals that undo each other are reached one after the other', async () => {
  const session = openSession(makeWorld('linux'))
  await session.waitForPrompt()
  const lesson = lessonCalled('closer-look')
  await fastForward(createRunner(session), lesson, 2)
  const play = new StepPlay(session, lesson, 2)
  await play.begin()
  const states = async () => (await play.checkGoals()).map(({ passed, isTurn }) => [passed, isTurn])
  expect(await states()).toEqual([
    [false, true],
    [false, false],
  ])
  await session.run('docker network disconnect bridge db')
  expect(await states()).toEqual([
    [true, false],
    [false, true],
  ])
  await session.run('docker network connect bridge db')
  expect(await states()).toEqual([
    [true, false],
    [true, false],
  ])
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
    expect(text).toMatch(/├─ veth[0-9a-f]{7} ══════ eth0 172\.17\.0\.2 \[web\]/)
    expect(text).toMatch(/└─ veth[0-9a-f]{7} ══════ eth0 172\.17\.0\.3 \[db\]/)
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
    expect(drawPicture(picture('bridge'))).toMatch(/\(down\) ══ ✗ ══ eth0/)
    expect(describePicture(picture('veth'))).toMatch(/One end is down/)
    await runner.run(line('host1$ docker rm -f web'))
    expect(drawWorld({ draw: 'veth', host: 'host1', container: 'web' }, runner.world)).toBeNull()
  })
})
