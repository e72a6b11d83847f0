/**
 * Runs command lines of lessons in a world without anybody watching: shells of their own, virtual time, output taken
 * from pipes. Setup, answers and proofs of lessons run through here.
 */
import { reviveCommands } from '../session/revive.ts'
import { Session } from '../session/session.ts'
import { cloneWorld } from '../sim/world/snapshot.ts'
import type { World } from '../sim/world/world.ts'
import type { CommandLine } from './lesson.ts'
import { findContainer } from './place.ts'

export interface LineResult {
  readonly output: string
  readonly errors: string
  readonly status: number
  /** It did not end in the time it was given. */
  readonly timedOut: boolean
}

/** Runs lines one after the other; what they start lives on between them. */
export interface Runner {
  readonly world: World
  run(line: CommandLine): Promise<LineResult>
}

/** What a line may take, in the world's time. */
const LIMIT_US = 60_000_000
/** After a line that changes something: what it started settles (addresses are tried, programs begin to listen). */
const SETTLE_US = 2_200_000
/** And in ours, for a line that keeps the machine busy; and what it may print. */
const LIMIT_MS = 20_000
const MOST_OUTPUT = 1 << 20
const KILLED = 137

/** Lines beside the learner's own shell, in the same world. */
export function createRunner(session: Session, settleUs = SETTLE_US): Runner {
  return {
    get world() {
      return session.world
    },
    run: (line) => runLine(session, line, settleUs),
  }
}

export function runnerFor(world: World): Runner {
  return createRunner(ownSession(world))
}

/** What breaks in a program of ours ends its line here, not the proof of a whole pack. */
const failures = new WeakMap<Session, unknown[]>()

function ownSession(world: World): Session {
  const session = new Session(world)
  const found: unknown[] = []
  failures.set(session, found)
  session.scheduler.onFailure = (problem) => void found.push(problem)
  return session
}

/** A session on a copy of the world; scripts that ran in containers begin anew there. */
export function sessionOnCopy(world: World, traced = false): Session {
  const copy = cloneWorld(world, traced)
  reviveCommands(copy, () => false)
  return ownSession(copy)
}

/** Lines on a copy of the world. */
export function runnerOnCopy(world: World): Runner {
  return createRunner(sessionOnCopy(world, world.trace !== null))
}

/** On a copy of the world, which is thrown away. */
export function runOnCopy(world: World, line: CommandLine): Promise<LineResult> {
  const known = answers.get(world)
  if (known === undefined) return runLine(sessionOnCopy(world), line, 0)
  const key = `${line.place}${line.sign} ${line.command}`
  const result = known.get(key) ?? runLine(sessionOnCopy(world), line, 0)
  known.set(key, result)
  return result
}

const answers = new WeakMap<World, Map<string, Promise<LineResult>>>()

/** While `work` lasts nobody changes the world: what was run on a copy of it is not run a second time. */
export async function whileUnchanged<T>(world: World, work: () => Promise<T>): Promise<T> {
  if (answers.has(world)) return work()
  answers.set(world, new Map())
  try {
    return await work()
  } finally {
    answers.delete(world)
  }
}

async function runLine(session: Session, line: CommandLine, settleUs: number): Promise<LineResult> {
  const host = hostOf(session.world, line)
  if (host === null) {
    return { output: '', errors: `there is no ${line.place}\n`, status: KILLED, timedOut: false }
  }
  const text = line.sign === '$' ? line.command : `docker exec ${line.place} sh -c ${quoted(line.command)}`
  const job = session.start(host, [shellOf(host), '-c', text], { terminal: null })
  const broken = failures.get(session) ?? []
  const end = performance.now() + LIMIT_MS
  const isTooMuch = (): boolean => job.text.length > MOST_OUTPUT || performance.now() > end
  await session.waitUntil(() => job.status !== null || broken.length > 0 || isTooMuch(), LIMIT_US)
  const { status } = job
  if (status === null) killJob(session, job)
  const failure = broken.splice(0)[0]
  if (settleUs > 0) await session.advance(settleUs)
  job.take()
  const errors =
    failure === undefined ? job.stderr : `${job.stderr}docker-net-tutor: internal error: ${String(failure)}\n`
  return {
    output: job.stdout,
    errors,
    status: status ?? KILLED,
    timedOut: status === null && failure === undefined,
  }
}

/** Every machine answers to `sh`; those with bash are used with bash, as their learners do. */
function shellOf(host: string): string {
  return host === 'vm' ? 'sh' : 'bash'
}

/** With all that it has started. */
function killJob(session: Session, job: { readonly host: string; readonly pid: number }): void {
  const processes = session.world.kernels.get(job.host)?.processes
  if (processes === undefined) return
  const doomed = new Set([job.pid])
  for (const process of processes.values()) if (doomed.has(process.ppid)) doomed.add(process.pid)
  for (const pid of [...doomed].reverse()) {
    const process = processes.get(pid)
    if (process !== undefined) session.system.exit(process, KILLED)
  }
}

function hostOf(world: World, line: CommandLine): string | null {
  if (line.sign === '$') return world.kernels.has(line.place) ? line.place : null
  return findContainer(world, line.place)?.engine.host ?? null
}

export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
