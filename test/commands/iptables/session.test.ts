/** Two long sessions, most of them mistakes, as iptables 1.8.9 answered them on a real kernel; `=` parts them. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { iptables } from '../../../src/commands/iptables/iptables.ts'
import { splitWords } from '../../../src/commands/iptables/restore.ts'
import { createBench, runCommand } from './context.ts'

const sessions = readFileSync(new URL('session-1.8.9.txt', import.meta.url), 'utf8').split('=\n')

for (const [number, session] of sessions.entries())
  it(`session ${number + 1}`, async () => {
    const bench = createBench()
    let transcript = ''
    for (const line of session.split('\n').filter((text) => text.startsWith('$ '))) {
      const { out, err, status } = await runCommand(bench, iptables, splitWords(line.slice(2)))
      transcript += `${line}\n${err}${out}${status === 0 ? '' : `[exit ${status}]\n`}`
    }
    expect(transcript).toBe(session)
  })
