/** What matches and targets do to packets, as a real kernel counted and answered it (effects-1.8.9.txt). */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { services } from '../../../src/session/services.ts'
import { openSession } from '../../../src/session/session.ts'
import { createWorld } from '../../../src/sim/world/create.ts'

const transcript = readFileSync(new URL('effects-1.8.9.txt', import.meta.url), 'utf8')

it('counts and answers as the kernel does', async () => {
  const session = openSession(createWorld('bare', { engine: '20.10', seed: 1 }, services), {
    interactive: false,
  })
  let output = ''
  for (const line of transcript.split('\n').filter((text) => text.startsWith('$ '))) {
    const job = session.startLine('host1', `{ ${line.slice(2)}; } 2>&1`, null)
    await session.waitFor(job)
    output += `${line}\n${job.text}`
  }
  expect(output).toBe(transcript)
})
