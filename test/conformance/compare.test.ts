import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compare, summary } from './compare.ts'
import { report } from './report.ts'
import { unifiedDiff } from './unified-diff.ts'

function transcript(...lines: string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}

function grades(real: string, simulated: string): string[] {
  return compare(real, simulated).commands.map(({ grade }) => grade)
}

const A = 'a'.repeat(11)
const B = 'b'.repeat(11)

describe('compare', () => {
  it('finds every recording in agreement with itself', () => {
    const folder = new URL('recordings-20.10/', import.meta.url)
    for (const file of readdirSync(folder)) {
      const recording = readFileSync(new URL(file, folder), 'utf8')
      const verdicts = compare(recording, recording)
      expect(verdicts.agreed, file).toBe(verdicts.commands.length)
    }
  })

  it('asks for the same lines and the same exit status', () => {
    const real = transcript('host1$ false', '[exit 1]', 'host1$ echo a', '| a')
    expect(grades(real, transcript('host1$ false', 'host1$ echo a', '| a'))).toEqual(['differs', 'agrees'])
    expect(grades(real, transcript('host1$ false', '[exit 1]', 'host1$ echo a', '| a '))).toEqual([
      'agrees',
      'differs',
    ])
  })

  it('does not let a missing command spoil the rest', () => {
    const real = transcript('host1$ a', 'host1$ b', '| b', 'host1$ c', '| c')
    const verdicts = compare(real, transcript('host1$ a', 'host1$ c', '| c'))
    expect(verdicts.commands.map(({ grade }) => grade)).toEqual(['agrees', 'differs', 'agrees'])
    expect(summary(verdicts)).toBe('2 of 3 commands agree')
  })

  it('lets ids differ, but one to one', () => {
    const real = transcript('host1$ a', `| ${A}1`, 'host1$ b', `| ${A}1`, 'host1$ c', `| ${A}2`)
    expect(
      grades(real, transcript('host1$ a', `| ${B}7`, 'host1$ b', `| ${B}7`, 'host1$ c', `| ${B}8`)),
    ).toEqual(['agrees', 'agrees', 'agrees'])
    const mixed = compare(
      real,
      transcript('host1$ a', `| ${B}7`, 'host1$ b', `| ${B}8`, 'host1$ c', `| ${B}9`),
    )
    expect(mixed.commands.map(({ grade }) => grade)).toEqual(['agrees', 'other identity', 'agrees'])
    expect(summary(mixed)).toBe('2 of 3 commands agree, 1 more but for identities')
  })

  it('takes neighbours in any order, addresses only in theirs', () => {
    const one = '| 10.0.0.1 dev eth0'
    const two = '| 10.0.0.2 dev eth0'
    expect(grades(transcript('host1$ ip neigh', one, two), transcript('host1$ ip neigh', two, one))).toEqual([
      'agrees',
    ])
    expect(grades(transcript('host1$ ip addr', one, two), transcript('host1$ ip addr', two, one))).toEqual([
      'differs',
    ])
  })

  it('keeps the order of packets within a flow only', () => {
    const packet = (from: number, to: number, text: string) => `| IP 10.0.0.${from} > 10.0.0.${to}: ${text}`
    const capture = (...packets: string[]) => transcript('host1$ tcpdump -n', ...packets)
    const [ask, answer, other] = [packet(1, 2, 'ask'), packet(2, 1, 'answer'), packet(3, 4, 'other')]
    expect(grades(capture(ask, answer, other), capture(ask, other, answer))).toEqual(['agrees'])
    expect(grades(capture(ask, answer, other), capture(answer, ask, other))).toEqual(['differs'])
  })

  it('takes the ports of a bridge in any order, and the output of the command that !end ends', () => {
    const bridge = (first: string, second: string) => [
      `| br0\t\t8000.525400a8b264\tno\t\t${first}`,
      `| \t\t\t\t\t\t\t${second}`,
    ]
    const real = transcript('!bg a host1$ brctl show', '!end a', ...bridge('eth0', 'eth1'))
    expect(grades(real, transcript('!bg a host1$ brctl show', '!end a', ...bridge('eth1', 'eth0')))).toEqual([
      'agrees',
      'agrees',
    ])
  })
})

describe('report', () => {
  it('names what does not agree, with a diff when asked', () => {
    const verdicts = compare(transcript('host1$ x', '| 1 a', '| b'), transcript('host1$ x', '| 1 a', '| c'))
    expect(report(verdicts, { quiet: true, verbose: false })).toEqual(['0 of 1 commands agree'])
    expect(report(verdicts, { quiet: false, verbose: true })).toEqual([
      'differs: host1$ x',
      '    --- real',
      '    +++ simulated',
      '    @@ -1,2 +1,2 @@',
      '     | 1 a',
      '    -| b',
      '    +| c',
      '0 of 1 commands agree',
    ])
  })
})

describe('unifiedDiff', () => {
  it('is empty for equal lists', () => {
    expect(unifiedDiff(['a'], ['a'])).toEqual([])
  })

  it('shows one line of context and parts distant changes', () => {
    expect(unifiedDiff(['a', 'b', 'c', 'd', 'e'], ['A', 'b', 'c', 'd'])).toEqual([
      '--- real',
      '+++ simulated',
      '@@ -1,2 +1,2 @@',
      '-a',
      '+A',
      ' b',
      '@@ -4,2 +4 @@',
      ' d',
      '-e',
    ])
    expect(unifiedDiff([], ['x']).slice(2)).toEqual(['@@ -0,0 +1 @@', '+x'])
  })
})
