// The program under test: replays a scenario in a simulated world and gives back its transcript.

export interface ReplayOptions {
  world: string
  engine: string
  seed: number
}

export type Replay = (scenarioText: string, options: ReplayOptions) => Promise<string>

/** What the recordings were made with. */
export const RECORDED: ReplayOptions = { world: 'lab', engine: '20.10', seed: 1 }

/** Loaded late: the recordings can be compared without the simulation. */
export async function loadReplay(): Promise<Replay> {
  const { replay } = await import('../../src/headless/replay.ts')
  return replay
}
