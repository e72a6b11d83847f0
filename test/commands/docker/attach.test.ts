/** Leaving a container without ending it: the detach keys, those of one's own too, typed one by one. */
import { expect, test } from 'vitest'
import { services } from '../../../src/session/services.ts'
import { openSession } from '../../../src/session/session.ts'
import { createWorld } from '../../../src/sim/world/create.ts'

async function left(options: string, keys: readonly string[]): Promise<{ text: string; running: number }> {
  const world = createWorld('linux', { engine: '20.10', seed: 1 }, services)
  const session = openSession(world)
  let text = ''
  session.onOutput((part) => {
    text += part
  })
  await session.waitForPrompt()
  session.submit(`docker run -it --name box ${options} busybox`)
  await session.advance(2_000_000)
  for (const key of keys) {
    session.type(key)
    await session.advance(100_000)
  }
  await session.waitForPrompt()
  await session.run('docker ps -q')
  const engine = world.engines.get('host1')!
  const running = [...engine.containers.values()].filter((one) => one.state.status === 'running').length
  return { text, running }
}

test('Ctrl-P Ctrl-Q leaves the container running', async () => {
  const { text, running } = await left('', ['echo in', 'side\n', '\x10', '\x11'])
  expect(text).toContain('inside')
  expect(text).toContain('read escape sequence')
  expect(running).toBe(1)
})

test('--detach-keys names others; what only begins like them reaches the container', async () => {
  const { text, running } = await left("--detach-keys 'q,z'", ['echo q', 'ux\n', 'q', 'z'])
  expect(text).toContain('\nqux')
  expect(running).toBe(1)
})
