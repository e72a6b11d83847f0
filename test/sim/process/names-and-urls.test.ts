import { describe, expect, it } from 'vitest'
import { parseOptions } from '../../../src/commands/getopt.ts'
import { civilTime, httpDate, logDate, unixDate } from '../../../src/sim/base/calendar.ts'
import { searchCandidates } from '../../../src/sim/process/host-lookup.ts'
import { parseHead } from '../../../src/sim/process/http-message.ts'
import { joinUrl, parseUrl } from '../../../src/sim/process/http-url.ts'

describe('search list', () => {
  const config = { servers: [], search: ['lab.example'], ndots: 1 }
  it('comes first for names with few dots', () => {
    expect(searchCandidates('web', config)).toEqual(['web.lab.example', 'web'])
    expect(searchCandidates('web.app', config)).toEqual(['web.app', 'web.app.lab.example'])
    expect(searchCandidates('web', { ...config, ndots: 0 })).toEqual(['web', 'web.lab.example'])
    expect(searchCandidates('web.', config)).toEqual(['web'])
  })
})

describe('URLs', () => {
  it('need no scheme', () => {
    expect(parseUrl('172.17.0.2')).toEqual({ scheme: 'http', host: '172.17.0.2', port: 80, path: '/' })
    expect(parseUrl('http://web:8080/a?b#c')).toEqual({
      scheme: 'http',
      host: 'web',
      port: 8080,
      path: '/a?b',
    })
    expect(parseUrl('http://')).toBeNull()
    expect(joinUrl(parseUrl('http://a/b/c')!, 'd')).toMatchObject({ host: 'a', path: '/b/d' })
  })
})

describe('dates', () => {
  it('agree with the platform', () => {
    for (const ms of [0, 951_782_400_000, 1_795_456_746_000, 4_102_444_799_000]) {
      expect(httpDate(ms)).toBe(new Date(ms).toUTCString())
      expect(civilTime(ms).day).toBe(new Date(ms).getUTCDate())
    }
    expect(logDate(Date.UTC(2026, 10, 23, 17, 59, 6))).toBe('23/Nov/2026:17:59:06 +0000')
    expect(unixDate(Date.UTC(2026, 10, 3, 7, 9, 6))).toBe('Tue Nov  3 07:09:06 UTC 2026')
  })
})

describe('HTTP heads', () => {
  it('end at the blank line', () => {
    const bytes = new TextEncoder().encode('HTTP/1.1 200 OK\r\nServer: example \r\n\r\nbody')
    expect(parseHead(bytes)).toMatchObject({
      startLine: 'HTTP/1.1 200 OK',
      headers: [['Server', 'example']],
      length: 37,
    })
    expect(parseHead(bytes.subarray(0, 30))).toBeNull()
  })
})

describe('options', () => {
  it('cluster, attach, and stop at --', () => {
    const parsed = parseOptions(['x', '-nc', '3', '-s56', '--out=f', 'a', '--', '-b'], {
      short: 'nc:s:',
      long: { out: 'value' },
    })
    expect(parsed).toEqual({
      ok: true,
      value: {
        options: [
          { name: 'n', value: '' },
          { name: 'c', value: '3' },
          { name: 's', value: '56' },
          { name: 'out', value: 'f' },
        ],
        operands: ['a', '-b'],
      },
    })
    expect(parseOptions(['x', '-z'], { short: 'n' })).toMatchObject({
      ok: false,
      error: { kind: 'unknown', option: 'z' },
    })
    expect(parseOptions(['x', '-c'], { short: 'c:' })).toMatchObject({
      ok: false,
      error: { kind: 'missing' },
    })
  })
})
