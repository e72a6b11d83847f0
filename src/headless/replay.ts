/**
 * Replays a scenario in a fresh world and writes its transcript: the same lines, with the same waits, as the recorder
 * of the real hosts. Virtual time jumps.
 */

import type { Job } from '../session/job.ts'
import { services } from '../session/services.ts'
import { openSession, type Session } from '../session/session.ts'
import { createWorld } from '../sim/world/create.ts'
import type { World } from '../sim/world/world.ts'
import { parseScenario, type ScenarioCommand, ScenarioError, type ScenarioLine } from './scenario.ts'
import { shownOutput, shownStatus } from './transcript.ts'

export interface ReplayOptions {
  readonly world: string
  readonly engine: string
  readonly seed: number
}

const SECOND_US = 1_000_000
const TERMINAL = { columns: 120, rows: 40 }
/** A command that has not ended by then gets Ctrl-C, and the transcript says `[timeout]`. */
const LIMIT_US = 120 * SECOND_US
/** After these the recorder leaves the host alone for a moment, as a typing human would. */
const SETTLE =
  /docker compose .*\b(up|start|restart|run|scale|create)\b|docker (run|start|restart|unpause|swarm|service|network (create|connect))|ip link .*\bup\b/
const SETTLE_US = 2.2 * SECOND_US
/** What it costs to start a command from outside. */
const COMMAND_US = 0.05 * SECOND_US
const QUIET_US = 0.8 * SECOND_US

/** The transcript. Throws `ScenarioError` with the line that cannot be read. */
export async function replay(text: string, options: ReplayOptions): Promise<string> {
  const lines = parseScenario(text)
  const world = createWorld(options.world, options, services)
  checkPlaces(lines, world)
  const player = new Player(world)
  await player.play(lines)
  return `${player.transcript.join('\n')}\n`
}

function commandOf(line: ScenarioLine): ScenarioCommand | null {
  return 'run' in line.step ? line.step.run : null
}

function checkPlaces(lines: readonly ScenarioLine[], world: World): void {
  for (const line of lines) {
    const place = commandOf(line)?.place
    if (place === undefined || place.node === null || world.kernels.has(place.node)) continue
    const known = [...world.kernels.keys()].join(', ')
    throw new ScenarioError(
      line.number,
      `no node '${place.node}' in world '${world.name}'; there are ${known}`,
    )
  }
}

class Player {
  readonly transcript: string[] = []
  private readonly session: Session
  private readonly dockerHost: string
  private readonly background = new Map<string, Job>()
  private readonly variables = new Map<string, string>()

  constructor(world: World) {
    this.session = openSession(world, { interactive: false })
    this.dockerHost = [...world.engines.keys()][0] ?? [...world.kernels.keys()][0]!
  }

  async play(lines: readonly ScenarioLine[]): Promise<void> {
    for (const line of lines) {
      this.transcript.push(line.text)
      await this.step(line)
    }
    for (const job of this.background.values()) await this.finish(job, SECOND_US)
  }

  private async step({ step, text, number }: ScenarioLine): Promise<void> {
    switch (step.kind) {
      case 'comment':
        return
      case 'sleep':
        return this.session.advance(step.seconds * SECOND_US)
      case 'run':
        return this.run(step.run, step.typed, text)
      case 'interrupt': {
        const job = await this.start(step.run)
        if ((await this.session.waitFor(job, step.afterS * SECOND_US)) === null) job.interrupt()
        await this.finish(job, 10 * SECOND_US)
        return
      }
      case 'background': {
        const job = await this.start(step.run)
        this.background.set(step.name, job)
        await this.session.waitFor(job, 1.5 * SECOND_US)
        return
      }
      case 'end':
      case 'wait':
        return this.endBackground(step.kind, step.name, number)
      case 'split':
        return this.split(step.run)
      case 'set':
        this.variables.set(step.variable, (await this.apart(step.run)).stdout.trim())
    }
  }

  private async run(run: ScenarioCommand, typed: readonly string[], text: string): Promise<void> {
    const job = await this.start(run)
    for (const line of typed) {
      this.transcript.push(`< ${line}`)
      await job.waitUntilIdle(QUIET_US)
      job.type(`${line}\n`)
    }
    const status = await this.finish(job, LIMIT_US)
    if (SETTLE.test(text) && status === 0) await this.session.advance(SETTLE_US)
  }

  private async endBackground(how: 'end' | 'wait', name: string, number: number): Promise<void> {
    const job = this.background.get(name)
    if (job === undefined) throw new ScenarioError(number, `nothing called '${name}' runs in the background`)
    this.background.delete(name)
    if (how === 'end' && (await this.session.waitFor(job, 0.7 * SECOND_US)) === null) job.interrupt()
    await this.finish(job, how === 'end' ? 10 * SECOND_US : LIMIT_US)
  }

  private async split(run: ScenarioCommand): Promise<void> {
    const job = await this.apart(run)
    this.transcript.push(
      ...shownOutput(job.stdout),
      ...shownOutput(job.stderr, '2| '),
      ...shownStatus(job.status),
    )
  }

  private async apart(run: ScenarioCommand): Promise<Job> {
    const job = await this.start(run, null)
    await this.session.waitFor(job, LIMIT_US)
    return job
  }

  private async start(run: ScenarioCommand, terminal: typeof TERMINAL | null = TERMINAL): Promise<Job> {
    await this.session.advance(COMMAND_US)
    let { command } = run
    for (const [name, value] of this.variables) command = command.replaceAll(`%${name}%`, value)
    if (run.place.kind === 'node') return this.session.startLine(run.place.node, command, terminal)
    const quoted = `'${command.replaceAll("'", "'\"'\"'")}'`
    const line = `docker exec -it ${run.place.container} sh -c ${quoted}`
    return this.session.startLine(run.place.node ?? this.dockerHost, line, terminal)
  }

  /** Prints what it wrote and how it ended; the status, or null when it had to be ended. */
  private async finish(job: Job, limitUs: number): Promise<number | null> {
    const status = await this.session.waitFor(job, limitUs)
    if (status === null) {
      job.interrupt()
      await this.session.waitFor(job, 3 * SECOND_US)
    }
    this.transcript.push(...shownOutput(job.output()))
    this.transcript.push(...(status === null ? ['[timeout]'] : shownStatus(status)))
    return status
  }
}
