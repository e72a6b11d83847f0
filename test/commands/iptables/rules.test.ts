/** Rules as iptables 1.8.9 and nft 1.0.6 printed them on a real kernel (rules-1.8.9.txt: command, then five lines). */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { iptables } from '../../../src/commands/iptables/iptables.ts'
import { splitWords } from '../../../src/commands/iptables/restore.ts'
import { nft } from '../../../src/commands/nftables/nft.ts'
import { createBench, runCommand } from './context.ts'

const text = readFileSync(new URL('rules-1.8.9.txt', import.meta.url), 'utf8')
const blocks = text.split(/^@ /m).slice(1)

const lastLine = (out: string) => out.split('\n').at(-2) ?? ''

describe('a rule in five kinds of print', () => {
  for (const block of blocks) {
    const [command = '', saved, numeric, named, expression, echo] = block.split('\n')
    it(command, async () => {
      const bench = createBench()
      const [table = '', chain = '', ...rest] = splitWords(command)
      const run = (...argv: string[]) => runCommand(bench, iptables, ['iptables', '-t', table, ...argv])
      expect(await run('-A', chain, ...rest)).toEqual({ out: '', err: '', status: 0 })
      expect(lastLine((await run('-S', chain)).out)).toBe(saved)
      expect(lastLine((await run('-L', chain, '-n', '-v')).out)).toBe(numeric)
      // The bench has no /etc/hosts to name 127.0.0.1 by.
      if (!command.includes('-s 127.0.0.1')) expect(lastLine((await run('-L', chain)).out)).toBe(named)
      const shown = await runCommand(bench, nft, ['nft', 'list', 'chain', 'ip', table, chain])
      expect(shown.out.split('\n').at(-4)).toBe(expression)
      expect((await run('-v', '-C', chain, ...rest)).out).toBe(`${echo}\n`)
    })
  }
})
