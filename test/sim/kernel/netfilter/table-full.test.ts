/** A full table of flows: nobody new gets through, who is known stays, the log says so. */
import { expect, it } from 'vitest'
import { services } from '../../../../src/session/services.ts'
import { openSession } from '../../../../src/session/session.ts'
import { createWorld } from '../../../../src/sim/world/create.ts'

it('drops what would begin one flow too many', async () => {
  const session = openSession(createWorld('bare', { engine: '20.10', seed: 1 }, services), {
    interactive: false,
  })
  const run = async (line: string): Promise<string> => {
    const job = session.startLine('host1', `{ ${line}; } 2>&1`, null)
    await session.waitFor(job)
    return job.text
  }
  await run('iptables -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT')
  await run('sysctl -w net.netfilter.nf_conntrack_max=2')
  for (let i = 0; i < 2; i++) expect(await run('ping -n -c 1 -W 1 127.0.0.1')).toContain(' 0% packet loss')
  expect(await run('ping -n -c 1 -W 1 127.0.0.1')).toContain('100% packet loss')
  expect(await run('dmesg')).toContain('nf_conntrack: nf_conntrack: table full, dropping packet')
  await run('sysctl -w net.netfilter.nf_conntrack_max=3')
  expect(await run('ping -n -c 1 -W 1 127.0.0.1')).toContain(' 0% packet loss')
})
