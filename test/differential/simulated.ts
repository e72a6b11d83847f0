/** The same scenario lines on a simulated host: a shell each, without a terminal, one after the other. */
import { services } from '../../src/session/services.ts'
import { openSession } from '../../src/session/session.ts'
import { createWorld } from '../../src/sim/world/create.ts'

/** What it takes to start a program. */
const COMMAND_US = 10_000

export async function runSimulated(lines: readonly string[], seed: number): Promise<string> {
  const world = createWorld('bare', { engine: '20.10', seed }, services)
  const session = openSession(world, { interactive: false })
  const transcript: string[] = []
  for (const line of lines) {
    transcript.push(line)
    const wait = /^!sleep (\S+)$/.exec(line)
    if (wait !== null) {
      await session.advance(Number(wait[1]) * 1e6)
      continue
    }
    await session.advance(COMMAND_US)
    const command = line.replace(/^host1\$ /, '')
    const job = session.startLine('host1', `{ ${command}; } 2>&1`, null)
    const status = await session.waitFor(job)
    if (job.text !== '')
      transcript.push(
        ...job.text
          .replace(/\n$/, '')
          .split('\n')
          .map((one) => `| ${one}`),
      )
    if (status !== 0) transcript.push(`[exit ${status}]`)
  }
  return `${transcript.join('\n')}\n`
}
