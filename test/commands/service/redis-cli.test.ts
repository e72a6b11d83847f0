/** redis-cli against the stand-in of redis: one command, lines from a pipe, lines typed. */
import { expect, test } from 'vitest'
import { replay } from '../../../src/headless/replay.ts'
import { services } from '../../../src/session/services.ts'
import { openSession } from '../../../src/session/session.ts'
import { createWorld } from '../../../src/sim/world/create.ts'

test('commands reach the server by name over the network, and say why when they do not', async () => {
  const lines = [
    'host1$ docker network create app',
    'host1$ docker run -d --name cache --network app redis',
    'host1$ docker exec cache redis-cli set greeting "two words"',
    'host1$ docker run --rm -t --network app redis redis-cli -h cache get greeting',
    "host1$ printf 'incr n\\nget nothing\\n' | docker exec -i cache redis-cli --no-raw",
    'host1$ docker run --rm --network app redis redis-cli -h nobody ping',
    'host1$ docker run --rm --network app redis redis-cli -h cache -p 6380 ping',
  ]
  const transcript = await replay(`${lines.join('\n')}\n`, { world: 'linux', engine: '20.10', seed: 1 })
  expect(transcript).toContain('| "two words"\n')
  expect(transcript).toContain('| (integer) 1\n| (nil)\n')
  expect(transcript).toContain(
    'Could not connect to Redis at nobody:6379: Name or service not known\n[exit 1]',
  )
  expect(transcript).toContain('Could not connect to Redis at cache:6380: Connection refused\n[exit 1]')
})

test('at a terminal it has a prompt, and ends with quit', async () => {
  const session = openSession(createWorld('linux', { engine: '20.10', seed: 1 }, services))
  let text = ''
  session.onOutput((part) => {
    text += part
  })
  await session.waitForPrompt()
  await session.run('docker run -d --name cache redis')
  session.submit('docker exec -it cache redis-cli')
  await session.advance(1_000_000)
  for (const line of ['set a 1\n', 'get a\n', 'quit\n']) {
    session.type(line)
    await session.advance(200_000)
  }
  await session.waitForPrompt()
  expect(text.replaceAll('\r', '')).toContain(
    '127.0.0.1:6379> set a 1\nOK\n127.0.0.1:6379> get a\n"1"\n127.0.0.1:6379> quit\n',
  )
})
