/** What a container writes, on its way to whoever is attached without a terminal. */
import type { Container } from '../../sim/docker/container.ts'
import type { Engine } from '../../sim/docker/engine.ts'
import type { Kernel } from '../../sim/kernel/kernel.ts'
import { signalProcess } from '../../sim/kernel/task/signal.ts'
import { type CommandContext, Interrupted } from '../context.ts'

/** After so many Ctrl-C the command line gives up. */
const MOST_INTERRUPTS = 3

export function kernelOfEngine(context: CommandContext, engine: Engine): Kernel {
  const kernel = context.world.kernels.get(engine.host)
  if (kernel === undefined) throw new Error(`no kernel for ${engine.host}`)
  return kernel
}

/** Hands on stdout and stderr from entry `from` of the log until the container ends; its exit status. */
export async function followOutput(
  context: CommandContext,
  engine: Engine,
  container: Container,
  from: number,
  forwardSignals: boolean,
): Promise<number> {
  const kernel = kernelOfEngine(context, engine)
  const { pid } = container.state
  const hasEnded = (): boolean => container.state.pid !== pid || pid === 0
  const log = () => kernel.containerLogs.get(container.id) ?? []
  let seen = from
  let interrupts = 0
  for (;;) {
    for (const entry of log().slice(seen)) {
      if (entry.stream === 'stdout') context.out(entry.text)
      else context.err(entry.text)
      seen++
    }
    if (hasEnded()) return container.state.exitCode
    try {
      await context.until(() => hasEnded() || log().length > seen)
    } catch (error) {
      if (!(error instanceof Interrupted) || !forwardSignals || ++interrupts >= MOST_INTERRUPTS) throw error
      signalProcess(context.world, kernel, pid, error.signal)
    }
  }
}

/** `ctrl-p,ctrl-q`, `ctrl-x,x`. moby/term ascii.go `ToBytes` */
function detachSequence(keys: string): string | { readonly wrong: string } {
  let sequence = ''
  for (const key of keys.split(',')) {
    const control = /^ctrl-([a-z@[\\\]^_])$/.exec(key)?.[1]
    if (control !== undefined) sequence += String.fromCharCode(control.toUpperCase().charCodeAt(0) - 64)
    else if (key.length === 1) sequence += key
    else return { wrong: `Unknown character: '${key}'` }
  }
  return sequence
}

/** Joins our terminal or pipes to process 1. `null`: detached, the container goes on. */
export async function attachTo(
  context: CommandContext,
  engine: Engine,
  container: Container,
  keys = '',
): Promise<number | null> {
  const { pid } = container.state
  const sequence = keys === '' ? undefined : detachSequence(keys)
  if (typeof sequence === 'object') {
    const text = `invalid detach escape keys, using default: ${sequence.wrong}`
    context.err(
      context.outIsTerminal ? `WARN[0000] ${text} \n` : `level=warning msg=${JSON.stringify(text)}\n`,
    )
    context.err(`Invalid detach keys (${keys}) provided\n`)
    if (pid !== 0) await context.until(() => container.state.pid !== pid)
    return 0
  }
  if (pid === 0) return container.state.exitCode
  await context.attach(pid, engine.host, sequence)
  return container.state.pid === pid ? null : container.state.exitCode
}
