/** Twenty random commands, and the way back and forth: the same bytes at each prompt. Saved half way, it goes on the same. */
import { describe, expect, test } from 'vitest'
import { services } from '../../src/session/services.ts'
import { openSession, Session } from '../../src/session/session.ts'
import { createRandom, nextUint32, type RandomState } from '../../src/sim/base/random.ts'
import { createWorld } from '../../src/sim/world/create.ts'
import { serializeWorld } from '../../src/sim/world/snapshot.ts'

const STEPS = 20
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8]

/** Some fail, some open a shell inside a shell, some leave it again. */
const LINES = [
  'docker run -d --name web nginx',
  'docker run -d --name web2 -p 8080:80 --network blue nginx',
  'docker run -d --name ticker busybox sh -c "while true; do date; sleep 1; done"',
  'docker run -it --rm busybox',
  'docker run -it --name shell alpine sh',
  'docker exec -it web sh',
  'docker exec -it ticker sh',
  'docker exec ticker ping -c 2 172.17.0.1',
  'docker rm -f web',
  'docker rm -f ticker',
  'docker stop web',
  'docker start web',
  'docker restart -t 0 web2',
  'docker pause ticker',
  'docker unpause ticker',
  'docker network create blue',
  'docker network connect blue web',
  'docker network disconnect blue web',
  'docker network rm blue',
  'docker ps -a; docker network ls',
  'docker logs --tail 2 ticker',
  'ip link add v0 type veth peer name v1',
  'ip link set v0 up; ip addr add 10.5.0.1/24 dev v0',
  'ip link set docker0 down',
  'ip link set docker0 up',
  'ip link del v0',
  'ip netns add red; ip link set v1 netns red',
  'ip netns exec red bash',
  'ip route add blackhole 10.9.0.0/16',
  'ip neigh replace 172.17.0.2 lladdr 02:00:00:00:00:09 dev docker0',
  'iptables -I FORWARD -p icmp -j DROP',
  'iptables -t nat -F POSTROUTING',
  'iptables -L FORWARD -n -v',
  'sysctl -w net.ipv4.ip_forward=0',
  'sysctl -w net.ipv4.ip_forward=1',
  'echo $RANDOM > /tmp/file; date >> /tmp/file',
  'cat /tmp/file',
  'rm -f /tmp/file; mkdir -p /tmp/a/b; cd /tmp/a',
  'x=$((x + 1)); export x; echo $x',
  'f() { echo f $1; }; f 1; alias ll="ls -l"',
  'ping -c 2 172.17.0.2',
  'ping -c 100 172.17.0.3 >/tmp/pings &',
  'curl -s -m 2 http://172.17.0.2/ | head -2',
  'tcpdump -c 3 -i docker0 -w /tmp/dump & sleep 1',
  'nc -l -p 9000 >/tmp/heard &',
  'kill %1; wait',
  'sleep 3',
  'bash',
  'sh',
  'exit',
  'exit',
  'exit 3',
]

function draw(random: RandomState, session: Session): string {
  for (;;) {
    const line = LINES[nextUint32(random) % LINES.length]!
    // The learner's own shell stays.
    if (!line.startsWith('exit') || session.shells.length > 1) return line
  }
}

async function open(seed: number): Promise<Session> {
  const session = openSession(createWorld('linux', { engine: '20.10', seed }, services), { host: 'host1' })
  await session.waitForPrompt()
  return session
}

interface Walk {
  readonly lines: string[]
  /** At each prompt, from the first on. */
  readonly worlds: string[]
  readonly prompts: string[]
}

async function walk(session: Session, random: RandomState, steps: number): Promise<Walk> {
  const lines: string[] = []
  const worlds = [serializeWorld(session.world)]
  const prompts = [session.prompt()]
  for (let i = 0; i < steps; i++) {
    const line = draw(random, session)
    lines.push(line)
    await session.run(line)
    worlds.push(serializeWorld(session.world))
    prompts.push(session.prompt())
  }
  return { lines, worlds, prompts }
}

/** A long text is not shown when it differs, but where it does. */
function expectSame(actual: string, expected: string, what: string): void {
  if (actual === expected) return
  let at = 0
  while (actual[at] === expected[at]) at++
  const around = (text: string): string => text.slice(Math.max(0, at - 120), at + 160)
  expect(around(actual), what).toBe(around(expected))
  expect(actual.length, what).toBe(expected.length)
}

describe('twenty random commands', () => {
  test.each(SEEDS)('there and back again, seed %i', { timeout: 30_000 }, async (seed) => {
    const session = await open(seed)
    const { lines, worlds, prompts } = await walk(session, createRandom(seed), STEPS)
    for (let i = STEPS - 1; i >= 0; i--) {
      await session.run('tutor undo')
      expectSame(serializeWorld(session.world), worlds[i]!, `undo ${lines[i]} of ${lines.join(' ¶ ')}`)
      expect(session.prompt(), lines[i]).toBe(prompts[i])
    }
    for (let i = 1; i <= STEPS; i++) {
      await session.run('tutor redo')
      expectSame(serializeWorld(session.world), worlds[i]!, `redo ${lines[i - 1]} of ${lines.join(' ¶ ')}`)
      expect(session.prompt(), lines[i - 1]).toBe(prompts[i])
    }
  })

  test.each(SEEDS)('saved half way it goes on the same, seed %i', { timeout: 30_000 }, async (seed) => {
    const random = createRandom(seed + 100)
    const session = await open(seed)
    await walk(session, random, STEPS / 2)
    const saved = session.serialize()!
    const again = Session.restoreFrom(saved, services)
    await again.waitForPrompt()
    expectSame(serializeWorld(again.world), serializeWorld(session.world), 'restored')
    // What was interrupted by saving is revived when time goes on; the session itself does so when it comes back by undo.
    await session.run('true')
    await session.run('tutor undo')
    const [one, other] = [{ ...random }, { ...random }]
    const there = await walk(session, one, STEPS / 2)
    const here = await walk(again, other, STEPS / 2)
    expect(here.lines).toEqual(there.lines)
    expect(here.prompts).toEqual(there.prompts)
    here.worlds.forEach((world, i) => {
      expectSame(world, there.worlds[i]!, `after ${there.lines.slice(0, i).join(' ¶ ')}`)
    })
  })
})
