/** Shells inside containers on the learner's terminal: nested prompts, undo across them, saving. */
import { expect, test } from 'vitest'
import { services } from '../../src/session/services.ts'
import { openSession, Session } from '../../src/session/session.ts'
import { createWorld } from '../../src/sim/world/create.ts'
import { serializeWorld } from '../../src/sim/world/snapshot.ts'

async function open(): Promise<Session> {
  const session = openSession(createWorld('lab', { engine: '20.10', seed: 1 }, services), {
    host: 'host1',
    columns: 120,
    rows: 40,
  })
  await session.waitForPrompt()
  return session
}

const LINES = [
  'docker run -dit --name web busybox',
  'docker run -d --name ticker busybox sh -c "while true; do date; sleep 1; done"',
  'ip -br link',
  'docker exec -it web sh',
  'cd /tmp',
  'echo hi > file',
  'hostname',
  'exit',
  'docker run -it --rm --name shell busybox; echo over $?',
  'x=1',
  'ping -c 2 172.17.0.2',
  'exit 3',
  'docker network create blue',
  'docker network connect blue web',
  'docker attach web',
  'cat /tmp/file',
  'exit',
  'docker ps -a',
  'sh',
  'exit',
]

test('twenty undos through containers give the first world, twenty redos the last', async () => {
  const session = await open()
  const worlds = [serializeWorld(session.world)]
  const prompts = [session.prompt()]
  for (const line of LINES) {
    await session.run(line)
    worlds.push(serializeWorld(session.world))
    prompts.push(session.prompt())
  }
  expect(session.output()).toContain('over 3\n')
  for (let i = LINES.length - 1; i >= 0; i--) {
    await session.run('tutor undo')
    expect(session.prompt(), LINES[i]).toBe(prompts[i])
    expect(serializeWorld(session.world) === worlds[i], LINES[i]).toBe(true)
  }
  for (let i = 1; i <= LINES.length; i++) {
    await session.run('tutor redo')
    expect(session.prompt(), LINES[i - 1]).toBe(prompts[i])
    expect(serializeWorld(session.world) === worlds[i], LINES[i - 1]).toBe(true)
  }
}, 60_000)

test('a saved session goes on inside the container, and out of it again', async () => {
  const session = await open()
  await session.run('docker run -it --rm busybox; echo outer $?')
  await session.run('x=7')
  expect(session.prompt()).toBe('/ # ')
  const again = Session.restoreFrom(session.serialize()!, services)
  await again.waitForPrompt()
  expect(again.prompt()).toBe('/ # ')
  await again.run('echo got $x')
  await again.run('exit 9')
  expect(again.output()).toContain('got 7\n')
  expect(again.output()).toContain('outer 9\n')
  expect(again.prompt()).toBe('root@host1:~# ')
}, 60_000)

test('a script of a container goes on after an undo', async () => {
  const session = await open()
  await session.run('docker run -d --name ticker busybox sh -c "while true; do echo tick; sleep 1; done"')
  await session.run('sleep 3')
  await session.run('tutor undo')
  await session.run('sleep 5')
  await session.run('docker logs ticker | wc -l')
  const counted = Number(/wc -l\n(\d+)\n/.exec(session.output())?.[1])
  expect(counted).toBeGreaterThan(4)
}, 60_000)
