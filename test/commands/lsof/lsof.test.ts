import { describe, expect, it } from 'vitest'
import { readFilter } from '../../../src/commands/lsof/internet-filter.ts'
import { openLab } from '../lab-lines.ts'

describe('lsof -i', () => {
  it('names who listens, and for whom', async () => {
    const { run } = openLab()
    await run('docker run -d -p 8080:80 --name web nginx')
    expect(await run('lsof -nP -iTCP:8080 -sTCP:LISTEN')).toMatch(
      /^COMMAND {5}PID USER {3}FD {3}TYPE +DEVICE SIZE\/OFF NODE NAME\ndocker-pr +\d+ root +4u {2}IPv4 +\d+ {6}0t0 {2}TCP \*:8080 \(LISTEN\)\n/,
    )
    expect(await run('lsof -i :1')).toBe('[exit 1]\n')
    expect(await run('lsof -i x')).toMatch(/^lsof: unknown protocol name \(x\) in: -i x\n/)
    expect(await run('ps -o comm= -p $(lsof -t -i 4:8080)')).toBe('docker-proxy\n')
  })

  it.each([
    ['', { family: null, protocol: null, host: null, ports: [] }],
    [
      ':80,443',
      {
        family: null,
        protocol: null,
        host: null,
        ports: [
          [80, 80],
          [443, 443],
        ],
      },
    ],
    ['6UDP:1-99', { family: 6, protocol: 'udp', host: null, ports: [[1, 99]] }],
    ['tcp@127.0.0.1:ssh', { family: null, protocol: 'tcp', host: 0x7f000001, ports: [[22, 22]] }],
    ['@[::1]:80', { family: null, protocol: null, host: '::1', ports: [[80, 80]] }],
  ])('reads %j', (text, filter) => {
    expect(readFilter(text)).toEqual(filter)
  })

  it.each(['x', ':nosuchservice', '@nohost', '4tcp@'])('refuses %j', (text) => {
    expect(readFilter(text)).toBeTypeOf('string')
  })
})
