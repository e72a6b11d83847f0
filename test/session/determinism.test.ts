/** The same seed: the same transcript and the same world, to the byte. Another seed: other names for the same things. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { replay } from '../../src/headless/replay.ts'
import { services } from '../../src/session/services.ts'
import { openSession } from '../../src/session/session.ts'
import { createWorld } from '../../src/sim/world/create.ts'
import { serializeWorld } from '../../src/sim/world/snapshot.ts'

const SCENARIOS = ['default-bridge', 'variant-devices', 'publish-nat-packets', 'namespaces-bridge']
const RANDOM_NAMES = /\b(?:veth[0-9a-f]{7}|[0-9a-f]{12}|[0-9a-f]{64})\b/g

function scenario(name: string): string {
  return readFileSync(fileURLToPath(new URL(`../conformance/scenarios/${name}.scn`, import.meta.url)), 'utf8')
}

const inLab = (name: string, seed: number): Promise<string> =>
  replay(scenario(name), { world: 'lab', engine: '20.10', seed })

function namesIn(text: string): Set<string> {
  return new Set(text.match(RANDOM_NAMES))
}

describe('transcripts', () => {
  test.each(SCENARIOS)('%s: the same bytes twice', async (name) => {
    const once = await inLab(name, 7)
    expect((await inLab(name, 7)) === once).toBe(true)
  })

  test('another seed gives other names', async () => {
    const one = namesIn(await inLab('default-bridge', 1))
    const other = namesIn(await inLab('default-bridge', 2))
    const digests = [...one].filter((name) => other.has(name))
    expect(one.size).toBeGreaterThan(5)
    // What images are called does not depend on a seed.
    expect(digests.length).toBeLessThan(one.size / 2)
    for (const name of digests) expect(name).not.toMatch(/^veth/)
  })
})

describe('worlds', () => {
  const LINES = [
    'docker run -d --name web -p 8080:80 nginx',
    'docker network create blue; docker network connect blue web',
    'docker run -it --rm busybox',
    'ping -c 2 172.17.0.2; exit',
    'curl -s http://127.0.0.1:8080 | head -3; echo $RANDOM',
    'iptables -t nat -L -n -v; conntrack -L',
  ]

  async function live(seed: number, world: string): Promise<{ world: string; output: string }> {
    const session = openSession(createWorld(world, { engine: '20.10', seed }, services), { host: 'host1' })
    await session.waitForPrompt()
    for (const line of LINES) await session.run(line)
    return { world: serializeWorld(session.world), output: session.output() }
  }

  test.each(['lab', 'linux'])('%s: after the same commands the same bytes', async (world) => {
    const once = await live(3, world)
    const twice = await live(3, world)
    expect(twice.output).toBe(once.output)
    expect(twice.world === once.world).toBe(true)
    const other = await live(4, world)
    expect(other.output).not.toBe(once.output)
  })
})
