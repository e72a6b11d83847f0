import { beforeAll, describe, expect, it } from 'vitest'
import type { Check } from '../../src/course/check.ts'
import { readCheck } from '../../src/course/check-reader.ts'
import { evaluate } from '../../src/course/evaluate.ts'
import { createRunner, type Runner, runnerOnCopy } from '../../src/course/runner.ts'
import { Session } from '../../src/session/session.ts'
import { createTrace } from '../../src/sim/kernel/trace.ts'
import { serializeWorld } from '../../src/sim/world/snapshot.ts'
import { line, makeWorld, worldAfter } from './helpers.ts'

let start: Runner

beforeAll(async () => {
  start = await worldAfter('linux', [
    'host1$ docker run -d --name one busybox sleep 1d',
    'host1$ docker run -d --name two busybox sleep 1d',
    'host1$ docker run -d --name web nginx',
    'host1$ docker network create --subnet 10.9.0.0/24 mine',
    'host1$ docker run -d --name far --network mine busybox sleep 1d',
    'host1$ docker run -d --name near --network mine busybox sleep 1d',
  ])
})

async function holds(input: Record<string, unknown>, ...lines: string[]): Promise<[boolean, string | null]> {
  const runner = runnerOnCopy(start.world)
  for (const text of lines) await runner.run(line(text))
  const check: Check = readCheck(input, 1)
  const { passed, because } = await evaluate(check, {
    world: runner.world,
    ran: lines.map((text) => ({ place: null, line: text.slice(text.indexOf(' ') + 1) })),
  })
  return [passed, because]
}

const reach = (from: string, to: string, more: object = {}) => ({ reachable: { from, to, ...more } })

describe('reachable', () => {
  it.each([
    ['one', 'two', true],
    ['host1', 'far', true],
    ['one', '203.0.113.10', true],
    ['one', 'example.com', true],
    ['one', 'far', false],
    ['near', 'far', true],
    ['client', 'one', false],
    ['one', 'nobody', false],
  ])('%s to %s: %s', async (from, to, expected) => {
    expect((await holds(reach(from, to)))[0]).toBe(expected)
  })

  it('says what is in the way', async () => {
    expect(await holds(reach('one', 'far'))).toEqual([false, 'one gets no answer from far'])
    expect(await holds(reach('one', 'nobody'))).toEqual([false, 'there is no container called nobody'])
    expect(await holds(reach('one', 'two'), 'host1$ docker stop -t 0 two')).toEqual([
      false,
      'the container two does not run (it is exited)',
    ])
  })

  it('is about ports where one is given', async () => {
    expect((await holds(reach('one', 'web', { port: 80 })))[0]).toBe(true)
    expect(await holds(reach('one', 'web', { port: 81 }))).toEqual([
      false,
      'one gets no answer from web on tcp port 81',
    ])
    const block = 'host1$ iptables -I FORWARD -p tcp --dport 80 -j DROP'
    expect((await holds(reach('one', 'web', { port: 80 }), block))[0]).toBe(false)
    expect((await holds(reach('one', 'web'), block))[0]).toBe(true)
  })

  it('means all others but those that are named', async () => {
    const check = { all: [{ not: reach('host1', 'two') }, reach('host1', 'other-containers')] }
    const cable = (name: string) =>
      `$(ip -o link | awk -F': |@' -v i=$(docker exec ${name} cat /sys/class/net/eth0/iflink) '$1==i {print $2}')`
    expect(await holds(check)).toEqual([false, 'host1 still reaches two'])
    expect(await holds(check, `host1$ ip link set ${cable('two')} down`)).toEqual([true, null])
    expect((await holds(check, 'host1$ ip link set docker0 down'))[0]).toBe(false)
  })

  it('follows what the packets meet, on the way there and back', async () => {
    const out = reach('one', '203.0.113.10')
    expect((await holds(out, 'host1$ iptables -t nat -F POSTROUTING'))[0]).toBe(false)
    expect((await holds(out, 'host1$ sysctl -w net.ipv4.ip_forward=0'))[0]).toBe(false)
    expect((await holds(out, 'host1$ docker exec --privileged one ip route del default'))[0]).toBe(false)
    expect((await holds(out, 'host1$ iptables -P OUTPUT DROP'))[0]).toBe(true)
  })
})

describe('other checks', () => {
  it.each([
    [{ resolves: { from: 'far', name: 'near' } }, true],
    [{ resolves: { from: 'far', name: 'near', address: '10.9.0.3' } }, true],
    [{ resolves: { from: 'one', name: 'two' } }, false],
    [{ container: { name: 'one', image: 'busybox', state: 'running', network: 'bridge' } }, true],
    [{ container: { name: 'one', network: 'mine' } }, false],
    [{ container: { image: 'busybox', count: 4 } }, true],
    [{ network: { name: 'mine', driver: 'bridge', subnet: '10.9.0.0/24' } }, true],
    [{ network: { name: 'mine', exists: false } }, false],
    [{ link: { in: 'host1', name: 'docker0', up: true, type: 'bridge' } }, true],
    [{ link: { in: 'one', name: 'eth1', exists: false } }, true],
    [{ route: { in: 'one', to: 'default', via: '172.17.0.1' } }, true],
    [{ route: { in: 'one', to: '172.17.0.0/16', exists: false } }, false],
    [
      { rule: { in: 'host1', table: 'nat', chain: 'POSTROUTING', matches: '-s 172.17.0.0/16 .*MASQUERADE' } },
      true,
    ],
    [{ file: { in: 'one', path: '/etc/hosts', matches: 'localhost' } }, true],
    [{ file: { in: 'one', path: '/nothing', matches: '.*' } }, false],
    [{ output: { of: 'one# hostname -i', matches: '^172\\.17\\.0\\.2$' } }, true],
    [{ output: { of: 'host1$ false', status: 1 } }, true],
    [{ any: [{ container: { name: 'nobody' } }, { container: { name: 'one' } }] }, true],
  ])('%j: %s', async (check, expected) => {
    expect((await holds(check))[0]).toBe(expected)
  })

  it('know what was typed', async () => {
    expect((await holds({ ran: 'DOCKER ps' }, 'host1$ docker ps -a'))[0]).toBe(true)
    expect((await holds({ ran: 'ip link' }, 'host1$ docker ps -a'))[0]).toBe(false)
  })

  it('see packets that went by', async () => {
    const world = makeWorld('linux')
    world.trace = createTrace(10_000)
    const runner = createRunner(new Session(world))
    await runner.run(line('host1$ ping -c 1 192.168.178.50'))
    const traced = (filter: string) => readCheck({ traced: { in: 'host1', device: 'eth0', filter } }, 1)
    const seen = async (filter: string, sinceUs: number) =>
      (await evaluate(traced(filter), { world, ran: [], sinceUs })).passed
    expect(await seen('icmp and dst host 192.168.178.50', 0)).toBe(true)
    expect(await seen('tcp', 0)).toBe(false)
    expect(await seen('icmp', world.nowUs)).toBe(false)
  })
})

it('looking changes nothing', async () => {
  const before = serializeWorld(start.world)
  await holds({ all: [reach('one', 'two'), { output: { of: 'host1$ docker rm -f one', status: 0 } }] })
  expect(serializeWorld(start.world)).toBe(before)
})
