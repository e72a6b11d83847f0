/** Lines on machines of the lab as a shell runs them: what they print, with `[exit N]` when it is not 0. */
import { services } from '../../src/session/services.ts'
import { openSession, type Session } from '../../src/session/session.ts'
import { createWorld } from '../../src/sim/world/create.ts'

export interface Lab {
  readonly session: Session
  run(line: string): Promise<string>
}

export function openLab(host = 'host1', engine: '20.10' | '28' = '20.10'): Lab {
  const session = openSession(createWorld('lab', { engine, seed: 1 }, services), { interactive: false })
  return {
    session,
    run: async (line) => {
      const job = session.startLine(host, line, { columns: 120, rows: 40 })
      await session.waitFor(job)
      return job.output().replaceAll('\r\n', '\n') + (job.status ? `[exit ${job.status}]\n` : '')
    },
  }
}
