import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { iptables } from '../../../src/commands/iptables/iptables.ts'
import { splitWords } from '../../../src/commands/iptables/restore.ts'
import { nft } from '../../../src/commands/nftables/nft.ts'
import { createBench, runCommand } from '../iptables/context.ts'

/** As nft 1.0.6 answered on a real kernel; lines of iptables made the tables. */
const session = readFileSync(new URL('session-1.0.6.txt', import.meta.url), 'utf8')

it('shows the tables of iptables-nft, and where it does not understand', async () => {
  const bench = createBench()
  let transcript = ''
  for (const line of session.split('\n').filter((text) => text.startsWith('$ '))) {
    const words = splitWords(line.slice(2))
    const { out, err, status } = await runCommand(bench, words[0] === 'nft' ? nft : iptables, words)
    const complaints = err.replace(/^# Warning: .*\n/gm, '')
    transcript += `${line}\n${complaints}${out}${status === 0 ? '' : `[exit ${status}]\n`}`
  }
  expect(transcript).toBe(session)
})

it('warns of tables that hold what is not its own', async () => {
  const bench = createBench()
  const run = (line: string) => runCommand(bench, line.startsWith('nft') ? nft : iptables, splitWords(line))
  await run('iptables -A FORWARD -p tcp --dport 80 -j DROP')
  expect((await run('nft list ruleset')).err).toBe('')
  await run('iptables -A FORWARD -j REJECT')
  const warning = '# Warning: table ip filter is managed by iptables-nft, do not touch!\n'
  expect((await run('nft list ruleset')).err).toBe(warning)
})

it('needs CAP_NET_ADMIN', async () => {
  const answer = await runCommand(createBench(), nft, ['nft', 'list', 'ruleset'], '', [])
  expect(answer).toMatchObject({ out: '', status: 1 })
})
