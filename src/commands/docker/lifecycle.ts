/** start, stop, kill, restart, rm, pause, unpause, rename, wait, attach. docker/cli cli/command/container/*.go (20.10) */
import type { Result } from '../../sim/base/result.ts'
import type { Container } from '../../sim/docker/container.ts'
import { findContainer } from '../../sim/docker/create-container.ts'
import { logContainer } from '../../sim/docker/events.ts'
import {
  isRunning,
  killContainer,
  pauseContainer,
  removeContainer,
  renameContainer,
  stopContainer,
  unpauseContainer,
} from '../../sim/docker/lifecycle.ts'
import { startContainer } from '../../sim/docker/start.ts'
import { signalNumber } from '../../sim/kernel/task/signal.ts'
import { type Call, Refused } from './spec.ts'
import { attachTo, followOutput, kernelOfEngine } from './stream.ts'

/** As the engine words it. */
export function daemonError(text: string | undefined): string {
  return `Error response from daemon: ${text ?? ''}`
}

/** Looked up by commands that ask for the object first: `Error: No such container: x`. */
export function containerOrError(call: Call, term: string): Container {
  const found = findContainer(call.engine(), term)
  if (found.ok) return found.value
  throw new Refused(
    found.error.code === 'NOT_FOUND' ? `Error: ${found.error.detail}` : daemonError(found.error.detail),
  )
}

function containerFor(call: Call, term: string): Result<Container> {
  return findContainer(call.engine(), term)
}

/** Does something to each; names of those that worked go to stdout, errors are told at the end. */
async function forEach(
  call: Call,
  work: (container: Container, term: string) => Result<void> | Promise<Result<void>>,
  word: (text: string, code: string) => string = daemonError,
  isHarmless: (code: string) => boolean = () => false,
): Promise<number> {
  const errors: string[] = []
  for (const term of call.operands) {
    const found = containerFor(call, term)
    const done = found.ok ? await work(found.value, term) : found
    if (done.ok) call.context.out(`${term}\n`)
    else if (isHarmless(done.error.code))
      call.context.err(`${word(done.error.detail ?? '', done.error.code)}\n`)
    else errors.push(word(done.error.detail ?? done.error.code, done.error.code))
  }
  if (errors.length > 0) throw new Refused(errors.join('\n'))
  return 0
}

async function untilStopped(call: Call, container: Container): Promise<void> {
  const engine = call.engine()
  await call.context.until(() => !isRunning(container) || engine.containers.get(container.id) === undefined)
}

export function stop(call: Call): Promise<number> {
  const seconds = call.flags.changed('time') ? call.flags.number('time', 10) : null
  return forEach(call, async (container) => {
    const stopped = stopContainer(call.world, call.engine(), container, seconds)
    if (stopped.ok) await untilStopped(call, container)
    return stopped
  })
}

export function restart(call: Call): Promise<number> {
  const seconds = call.flags.changed('time') ? call.flags.number('time', 10) : null
  return forEach(call, async (container, term) => {
    const engine = call.engine()
    stopContainer(call.world, engine, container, seconds)
    await untilStopped(call, container)
    const started = startContainer(call.world, engine, container)
    if (started.ok) logContainer(call.world, engine, container, 'restart')
    if (started.ok) return started
    const text = `Cannot restart container ${term}: ${started.error.detail}`
    return { ok: false, error: { code: started.error.code, detail: text } }
  })
}

export async function kill(call: Call): Promise<number> {
  const text = call.flags.text('signal', 'KILL')
  const signal = /^\d+$/.test(text) ? Number(text) || null : signalNumber(text)
  const errors: string[] = []
  for (const term of call.operands) {
    const found = containerFor(call, term)
    const done: Result<void> = !found.ok
      ? {
          ok: false,
          error: { code: 'NOT_FOUND', detail: `Cannot kill container: ${term}: No such container: ${term}` },
        }
      : signal === null
        ? { ok: false, error: { code: 'EINVAL', detail: `Invalid signal: ${text}` } }
        : killContainer(call.world, call.engine(), found.value, signal)
    if (!done.ok)
      errors.push(
        daemonError(
          done.error.detail?.replace(/^Cannot kill container: [^:]+:/, `Cannot kill container: ${term}:`),
        ),
      )
    else {
      if (found.ok && signal === 9) await untilStopped(call, found.value)
      call.context.out(`${term}\n`)
    }
  }
  if (errors.length > 0) throw new Refused(errors.join('\n'))
  return 0
}

export function remove(call: Call): Promise<number> {
  const force = call.flags.bool('force')
  return forEach(
    call,
    (container) =>
      removeContainer(call.world, call.engine(), container, { force, volumes: call.flags.bool('volumes') }),
    (text, code) => (code === 'NOT_FOUND' ? `Error: ${text}` : daemonError(text)),
    (code) => force && code === 'NOT_FOUND',
  )
}

export function pause(call: Call): Promise<number> {
  return forEach(call, (container) => pauseContainer(call.world, call.engine(), container))
}

export function unpause(call: Call): Promise<number> {
  return forEach(call, (container) => unpauseContainer(call.world, call.engine(), container))
}

export function rename(call: Call): number {
  const [term = '', name = ''] = call.operands
  if (term.trim() === '' || name.trim() === '')
    throw new Refused('Error: Neither old nor new names may be empty')
  const found = containerFor(call, term)
  const renamed = found.ok ? renameContainer(call.world, call.engine(), found.value, name) : found
  if (renamed.ok) return 0
  throw new Refused(`${daemonError(renamed.error.detail)}\nError: failed to rename container named ${term}`)
}

/** Prints the exit status of each when it has ended. */
export async function wait(call: Call): Promise<number> {
  const errors: string[] = []
  for (const term of call.operands) {
    const found = containerFor(call, term)
    if (!found.ok) {
      errors.push(daemonError(found.error.detail))
      continue
    }
    await untilStopped(call, found.value)
    call.context.out(`${found.value.state.exitCode}\n`)
  }
  if (errors.length > 0) throw new Refused(errors.join('\n'))
  return 0
}

export async function start(call: Call): Promise<number> {
  if (call.flags.bool('attach') || call.flags.bool('interactive')) return startAttached(call)
  const failed: string[] = []
  for (const term of call.operands) {
    const found = containerFor(call, term)
    const started = found.ok ? startContainer(call.world, call.engine(), found.value) : found
    if (started.ok) call.context.out(`${term}\n`)
    else {
      call.context.err(`${daemonError(started.error.detail)}\n`)
      failed.push(term)
    }
  }
  if (failed.length > 0) throw new Refused(`Error: failed to start containers: ${failed.join(', ')}`)
  return 0
}

async function startAttached(call: Call): Promise<number> {
  const [term = '', another] = call.operands
  if (another !== undefined) throw new Refused('you cannot start and attach multiple containers at once')
  const container = containerOrError(call, term)
  const engine = call.engine()
  const kernel = kernelOfEngine(call.context, engine)
  const seen = kernel.containerLogs.get(container.id)?.length ?? 0
  const started = startContainer(call.world, engine, container)
  if (!started.ok) {
    call.context.err(`${daemonError(started.error.detail)}\n`)
    throw new Refused(`Error: failed to start containers: ${term}`)
  }
  return join(call, container, seen)
}

export async function attach(call: Call): Promise<number> {
  const [term = ''] = call.operands
  const container = containerOrError(call, term)
  const { status } = container.state
  if (status === 'paused') throw new Refused('You cannot attach to a paused container, unpause it first')
  if (status === 'restarting')
    throw new Refused('You cannot attach to a restarting container, wait until it is running')
  if (!isRunning(container)) throw new Refused('You cannot attach to a stopped container, start it first')
  if (container.config.tty && !call.context.inIsTerminal && !call.flags.bool('no-stdin'))
    throw new Refused('the input device is not a TTY')
  const kernel = kernelOfEngine(call.context, call.engine())
  return join(call, container, kernel.containerLogs.get(container.id)?.length ?? 0)
}

async function join(call: Call, container: Container, seen: number): Promise<number> {
  const engine = call.engine()
  if (container.config.tty || container.config.openStdin)
    return (await attachTo(call.context, engine, container, call.flags.text('detach-keys'))) ?? 0
  const forwards = !call.flags.changed('sig-proxy') || call.flags.bool('sig-proxy')
  return followOutput(call.context, engine, container, seen, forwards)
}
