import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { normalise } from './normalise.ts'

const ID = '0df2b800ee2909dca2ed5c98b1d4ec1689706b48150963663f6c52ede71440f4'

function normaliseOutput(command: string, ...output: string[]): string[] {
  const transcript = [command, ...output.map((line) => `| ${line}`), ''].join('\n')
  return normalise(transcript)
    .split('\n')
    .slice(1, -1)
    .map((line) => line.slice(2))
}

describe('identities', () => {
  it('give an id and its short form the same placeholder, of the same length', () => {
    const [long, short, bridge] = normaliseOutput(
      'host1$ x',
      ID,
      `${ID.slice(0, 12)}   blue`,
      `br-${ID.slice(0, 12)}`,
    )
    expect(long).toBe('N001'.padEnd(64, 'x'))
    expect(short).toBe('N001xxxxxxxx   blue')
    expect(bridge).toBe('br-N001xxxxxxxx')
  })

  it('leave twelve digits alone unless they begin a known id', () => {
    expect(normaliseOutput('host1$ x', '123456789012')).toEqual(['123456789012'])
    const id = `123456789012${'a'.repeat(52)}`
    expect(normaliseOutput('host1$ x', '123456789012', id)[0]).toBe('N001xxxxxxxx')
  })

  it('take a device of the overlay driver by the network id it is made from', () => {
    const swarmId = 'q1w2e3r4t5y6u7i8o9p0a1s2d'
    expect(normaliseOutput('host1$ x', swarmId, '1-q1w2e3r4t5', 'lb_q1w2e3r4t', 'vx-001001-q1w2e')).toEqual([
      'N001'.padEnd(25, 'x'),
      '1-N001xxxxxx',
      'lb_N001xxxxx',
      'vx-001001-N001x',
    ])
  })

  it('tie a random MAC address to its bridge id and IPv6 addresses', () => {
    expect(
      normaliseOutput(
        'host1$ x',
        'link/ether 7a:01:02:03:04:05 brd ff:ff:ff:ff:ff:ff',
        '8000.7a0102030405',
        'inet6 fe80::7801:2ff:fe03:405/64',
        'ff02::1:ff03:405 dev eth0',
        '33:33:ff:03:04:05 dev eth0',
      ),
    ).toEqual([
      'link/ether ma:c0:00:00:00:01 brd ff:ff:ff:ff:ff:ff',
      '8000.mac000000001',
      'inet6 fe80::mac:0001/64',
      'ff02::mac:0001 dev eth0',
      '33:33:ff:mc:00:01 dev eth0',
    ])
  })

  it('keep MAC addresses that are not random', () => {
    const kept = ['52:54:00:a8:b2:64', '02:42:ac:11:00:02', '02:42:0a:05:07:01 10.5.7.1', '00:00:00:00:00:00']
    expect(normaliseOutput('host1$ x', ...kept)).toEqual(kept)
    expect(normaliseOutput('host1$ x', '02:42:0a:05:07:01')).toEqual(['ma:c0:00:00:00:01'])
  })

  it('number veths, namespaces, made-up names and random ports', () => {
    expect(
      normaliseOutput(
        'host1$ x',
        'veth3a6d989@if4 net:[4026532001]',
        `${ID.slice(0, 12)}  busybox  "sh"   brave_hopper`,
        'brave_hopper is 10.0.0.1:49152, 0.0.0.0:32768->80/tcp',
      ),
    ).toEqual([
      'vethx000001@if4 net:[ino0000001]',
      'N001xxxxxxxx  busybox  "sh"   name_0001',
      'name_0001 is 10.0.0.1:P0001, 0.0.0.0:32768->80/tcp',
    ])
  })
})

describe('times and counters', () => {
  it.each([
    ['docker ps', 'Up 3 seconds', 'Up #'],
    [
      'ping',
      '64 bytes from 1.2.3.4: seq=0 ttl=64 time=0.123 ms',
      '64 bytes from 1.2.3.4: seq=0 ttl=64 time=# ms',
    ],
    [
      'ip neigh',
      '172.17.0.2 dev docker0 lladdr 02:42:ac:11:00:02 STALE',
      '172.17.0.2 dev docker0 lladdr 02:42:ac:11:00:02 NUD',
    ],
    ['iptables-save', ':INPUT ACCEPT [12:3400]', ':INPUT ACCEPT [#:#]'],
    ['iptables -L -v', '   12  3400 ACCEPT  all  --  *', '# # ACCEPT  all  --  *'],
    ['iptables -L -v', '    0     0 ACCEPT  all  --  *', '0 0 ACCEPT  all  --  *'],
    ['docker inspect', '"Pid": 4711,', '"Pid": #,'],
    ['docker inspect', '"Pid": 0,', '"Pid": 0,'],
  ])('%s: %s', (command, printed, expected) => {
    expect(normaliseOutput(`host1$ ${command}`, printed)).toEqual([expected])
  })

  it('depend on the command, also when it was started in the background', () => {
    expect(normaliseOutput('host1$ pidof nginx', '4711')).toEqual(['#'])
    expect(normaliseOutput('host1$ echo 4711', '4711')).toEqual(['4711'])
    expect(normalise('!bg a host1$ pidof nginx\n!end a\n| 4711\n')).toContain('| #\n')
  })
})

it('is the same each time and keeps the number of lines', () => {
  const folder = new URL('recordings-20.10/', import.meta.url)
  for (const file of readdirSync(folder)) {
    const recording = readFileSync(new URL(file, folder), 'utf8')
    expect(normalise(recording).split('\n').length).toBe(recording.split('\n').length)
    expect(normalise(recording)).toBe(normalise(recording))
  }
})
