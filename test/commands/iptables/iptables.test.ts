import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { iptables } from '../../../src/commands/iptables/iptables.ts'
import { iptablesRestore, splitWords } from '../../../src/commands/iptables/restore.ts'
import { iptablesSave } from '../../../src/commands/iptables/save.ts'
import { createBench, runCommand } from './context.ts'

const RECORDINGS = new URL('../../conformance/recordings-20.10/', import.meta.url)

/** What a command printed in a recording: the first time it stands there. */
function recorded(file: string, command: string, occurrence = 1): string {
  const lines = readFileSync(new URL(file, RECORDINGS), 'utf8').split('\n')
  let at = -1
  for (let i = 0; i < occurrence; i++) at = lines.indexOf(`host1$ ${command}`, at + 1)
  const output: string[] = []
  for (let i = at + 1; lines[i]?.startsWith('| ') || lines[i] === '|'; i++) output.push(lines[i]!.slice(2))
  return output.map((line) => `${line}\n`).join('')
}

async function shell(bench: ReturnType<typeof createBench>, line: string) {
  return runCommand(bench, iptables, splitWords(line))
}

/** Feeds a recorded `-S` back in as commands. */
async function program(bench: ReturnType<typeof createBench>, table: string, text: string): Promise<void> {
  const lines = text.split('\n').filter((line) => line !== '')
  for (const line of lines) {
    const answer = await runCommand(bench, iptables, ['iptables', '-t', table, ...splitWords(line)])
    expect(answer, line).toEqual({ out: '', err: '', status: 0 })
  }
}

describe('listings of rules that Docker made', () => {
  const cases: [file: string, table: string, source: string, listings: string[]][] = [
    [
      'default-bridge-firewall.txt',
      'filter',
      'iptables -S',
      [
        'iptables -S',
        'iptables -L',
        'iptables -L -n -v',
        'iptables -L DOCKER-USER -n',
        'iptables -t filter -S DOCKER',
      ],
    ],
    [
      'default-bridge-firewall.txt',
      'nat',
      'iptables -t nat -S',
      [
        'iptables -t nat -S',
        'iptables -t nat -L -n -v',
        'iptables -t nat -L -n --line-numbers',
        'iptables -t nat -L POSTROUTING',
      ],
    ],
    ['custom-bridge-isolation.txt', 'filter', 'iptables -S', ['iptables -S']],
    ['custom-bridge-isolation.txt', 'nat', 'iptables -t nat -S', ['iptables -t nat -S']],
    ['publish-nat.txt', 'nat', 'iptables -t nat -S', ['iptables -t nat -S']],
  ]
  for (const [file, table, source, listings] of cases)
    for (const listing of listings)
      it(`${file}: ${listing}`, async () => {
        const bench = createBench()
        await program(bench, table, recorded(file, source))
        expect((await shell(bench, listing)).out).toBe(recorded(file, listing))
      })

  it('iptables-save prints both tables with the date of the world', async () => {
    const bench = createBench()
    await program(bench, 'filter', recorded('default-bridge-firewall.txt', 'iptables -S'))
    await program(bench, 'nat', recorded('default-bridge-firewall.txt', 'iptables -t nat -S'))
    const saved = await runCommand(bench, iptablesSave, ['iptables-save'])
    expect(saved.out).toBe(recorded('default-bridge-firewall.txt', 'iptables-save'))
  })
})

describe('mistakes', () => {
  const setUp = [
    'iptables -P FORWARD ACCEPT',
    'iptables -A FORWARD -j ACCEPT',
    'iptables -N DOCKER',
    'iptables -A FORWARD -j DOCKER',
    'iptables -t nat -N DOCKER',
  ]
  const lines = readFileSync(new URL('errors-tools.txt', RECORDINGS), 'utf8').split('\n')
  const commands = lines.filter((line) => line.startsWith('host1$ iptables')).map((line) => line.slice(7))
  for (const command of commands)
    it(command, async () => {
      const bench = createBench()
      for (const line of setUp) await shell(bench, line)
      const answer = await shell(bench, command)
      expect(answer.err).toBe(recorded('errors-tools.txt', command))
      const at = lines.indexOf(`host1$ ${command}`)
      const status = lines.slice(at + 1).find((line) => !line.startsWith('| '))
      expect(`[exit ${answer.status}]`).toBe(status)
    })

  it('needs CAP_NET_ADMIN', async () => {
    const answer = await runCommand(createBench(), iptables, ['iptables', '-L'], '', [])
    expect(answer).toEqual({
      out: '',
      err: 'iptables v1.8.9 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)\n',
      status: 4,
    })
  })
})

describe('iptables-restore', () => {
  it('takes what iptables-save printed', async () => {
    const bench = createBench()
    await program(bench, 'filter', recorded('custom-bridge-isolation.txt', 'iptables -S'))
    await program(bench, 'nat', recorded('custom-bridge-isolation.txt', 'iptables -t nat -S'))
    const saved = await runCommand(bench, iptablesSave, ['iptables-save', '-c'])
    const other = createBench()
    expect(await runCommand(other, iptablesRestore, ['iptables-restore', '-c'], saved.out)).toMatchObject({
      status: 0,
    })
    expect((await runCommand(other, iptablesSave, ['iptables-save', '-c'])).out).toBe(saved.out)
    expect(other.netns.netfilter.trackingRules).toBe(bench.netns.netfilter.trackingRules)
  })

  it('changes nothing when a line is wrong', async () => {
    const bench = createBench()
    await shell(bench, 'iptables -A INPUT -j DROP')
    const input = '*filter\n-A FORWARD -j ACCEPT\n-A NOSUCH -j ACCEPT\nCOMMIT\n'
    const answer = await runCommand(bench, iptablesRestore, ['iptables-restore'], input)
    expect(answer).toEqual({
      out: '',
      err: 'iptables-restore: line 3 failed: No chain/target/match by that name.\n',
      status: 1,
    })
    expect((await shell(bench, 'iptables -S INPUT')).out).toBe('-P INPUT ACCEPT\n-A INPUT -j DROP\n')
  })
})
