import { describe, expect, it } from 'vitest'
import { captureOf } from '../../src/course/explain/capture.ts'
import { lookUp } from '../../src/course/explain/look-up.ts'
import { walkOf, walkText } from '../../src/course/explain/walk.ts'
import { explainWhy, parseQuestion } from '../../src/course/explain/why.ts'
import { mapOf } from '../../src/course/explain/world-map.ts'
import { describeMap, drawMap } from '../../src/course/explain/world-map-text.ts'
import { services } from '../../src/session/services.ts'
import { openSession, type Session } from '../../src/session/session.ts'
import { parsePcap } from '../../src/sim/wire/pcap.ts'
import { createWorld } from '../../src/sim/world/create.ts'

async function sessionAfter(...lines: string[]): Promise<Session> {
  const options = { engine: '20.10', seed: 3, traceCapacity: 20_000 }
  const session = openSession(createWorld('linux', options, services))
  await session.waitForPrompt()
  for (const line of lines) await session.run(line)
  return session
}

const WEB = 'docker run -d --name site -p 8000:80 nginx'
const OTHER = 'docker network create far; docker run -dit --name box --network far busybox'
const why = async (session: Session, from: string, to: string) =>
  explainWhy(session.world, parseQuestion(from, to)!)

describe('why', () => {
  it('names the rule that drops a packet between two networks', async () => {
    const { passed, text } = await why(await sessionAfter(WEB, OTHER), 'box', 'site:80')
    expect(passed).toBe(false)
    expect(text).toMatch(
      /It ends here: host1: dropped by filter DOCKER-ISOLATION-STAGE-2, rule \d \(DROP\)\./,
    )
  })

  it('follows a published port there and back, with both rewrites', async () => {
    const { passed, text } = await why(await sessionAfter(WEB, 'sleep 1'), 'client', '192.168.178.100:8000')
    expect(passed).toBe(true)
    expect(text).toMatch(/destination 192\.168\.178\.100:8000 becomes 172\.17\.0\.2:80/)
    expect(text).toMatch(/sender 172\.17\.0\.2:80 becomes 192\.168\.178\.100:8000/)
  })

  it('tells a closed port, forwarding turned off and a name that nobody knows apart', async () => {
    const session = await sessionAfter(WEB)
    expect((await why(session, 'host1', 'site:81')).text).toContain('nobody listens on that port')
    expect((await why(session, 'site', 'nobody.example')).text).toContain(
      'cannot resolve the name nobody.example',
    )
    await session.run('sysctl -w net.ipv4.ip_forward=0')
    expect((await why(session, 'site', '203.0.113.10')).text).toContain('net.ipv4.ip_forward is 0')
  })

  it('changes nothing in the world', async () => {
    const session = await sessionAfter(WEB)
    const before = session.serialize()
    await why(session, 'site', 'example.com:80')
    expect(session.serialize()).toBe(before)
  })
})

describe('the packet walk', () => {
  it('is about the last command that sent packets', async () => {
    const session = await sessionAfter(WEB, 'ping -c 1 172.17.0.2', 'ls /', 'tutor help')
    const walk = walkOf(session.world, session.journal)!
    expect(walk.line).toBe('ping -c 1 172.17.0.2')
    expect(walk.packets.map(({ title }) => title)).toEqual([
      'ping request 172.17.0.1 → 172.17.0.2',
      'ping reply 172.17.0.2 → 172.17.0.1',
    ])
    expect(walkText(walk)).toContain('bridge docker0: 02:42:ac:11:00:02 is known behind veth')
  })
})

describe('the map', () => {
  it('shows machines, networks, containers and published ports, drawn and told', async () => {
    const session = await sessionAfter(
      WEB,
      OTHER,
      'docker run -d --name none --network none busybox sleep 9d',
    )
    const map = mapOf(session.world)
    const drawn = drawMap(map, 76)
    for (const text of [
      'network far',
      '[site] eth0 172.17.0.2 ══ veth',
      ' 8000→80/tcp',
      '[none] container, network none',
      'router lan1',
    ])
      expect(drawn).toContain(text)
    const narrow = drawMap(map, 36)
    expect(Math.max(...narrow.split('\n').map((line) => line.length))).toBeLessThanOrEqual(36)
    expect(narrow).toMatch(/└─ \[site\] eth0 172\.17\.0\.2 +│\n│ +══ veth\w+ 8000→80\/tcp +│/)
    expect(narrow).not.toContain('…')
    expect(describeMap(map)).toContain('Bridge of the network far:')
  })
})

describe('a capture', () => {
  it('holds what a device saw', async () => {
    const session = await sessionAfter(WEB, 'ping -c 2 172.17.0.2')
    const capture = captureOf(session.world, 'site', 'eth0')
    if (typeof capture === 'string') throw new Error(capture)
    const file = parsePcap(capture.bytes)!
    expect(file.linkType).toBe(1)
    expect(file.records).toHaveLength(capture.frames)
    expect(capture.frames).toBeGreaterThanOrEqual(4)
    expect(captureOf(session.world, 'site', 'eth7')).toBe('site has no device eth7')
  })
})

describe('the glossary', () => {
  const terms = [{ term: 'veth pair', also: ['virtual cable'], text: 'A cable with two plugs.', see: 'a#b' }]
  it('knows words by their names, other names and parts', () => {
    for (const word of ['VETH PAIR', 'virtual cable', 'cable'])
      expect(lookUp(terms, word)).toEqual({
        found: true,
        text: 'veth pair (virtual cable)\n  A cable with two plugs.\n  → lesson a, step b\n',
      })
    expect(lookUp(terms, 'router').found).toBe(false)
  })
})
