/** What a container writes, on its way to whoever is attached without a terminal; and stdin the other way. */
import type { Container } from '../../sim/docker/container.ts'
import type { Engine } from '../../sim/docker/engine.ts'
import type { Kernel } from '../../sim/kernel/kernel.ts'
import { closeDescriptor } from '../../sim/kernel/task/descriptor.ts'
import { writePipe } from '../../sim/kernel/task/pipe.ts'
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
  options: { readonly forwardSignals: boolean; readonly input: boolean },
): Promise<number> {
  const kernel = kernelOfEngine(context, engine)
  const { pid } = container.state
  const hasEnded = (): boolean => container.state.pid !== pid || pid === 0
  const log = () => kernel.containerLogs.get(container.id) ?? []
  if (options.input) void forwardInput(context, kernel, container, hasEnded)
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
      if (!(error instanceof Interrupted) || !options.forwardSignals || ++interrupts >= MOST_INTERRUPTS)
        throw error
      signalProcess(context.world, kernel, pid, error.signal)
    }
  }
}

/** Lines of stdin into the container's pipe, then its end. */
async function forwardInput(
  context: CommandContext,
  kernel: Kernel,
  container: Container,
  hasEnded: () => boolean,
): Promise<void> {
  const shim = kernel.processes.get(container.state.shim)
  const pipe = shim?.descriptors.get(3)
  if (shim === undefined || pipe?.kind !== 'pipe') return
  try {
    while (!hasEnded()) {
      const line = await context.readLine()
      if (line === null) break
      const text = `${line}\n`
      while (writePipe(context.world, kernel, pipe.pipe, text) === 'full' && !hasEnded())
        await context.until(() => hasEnded() || (kernel.pipes.get(pipe.pipe)?.length ?? 0) === 0)
    }
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error
  }
  if (!hasEnded()) closeDescriptor(context.world, kernel, shim, 3)
}

/** Joins the terminal: its size is the caller's. `null`: detached, the container goes on. */
export async function attachTerminal(
  context: CommandContext,
  engine: Engine,
  container: Container,
): Promise<number | null> {
  const kernel = kernelOfEngine(context, engine)
  const { pid } = container.state
  const process = kernel.processes.get(pid)
  const terminal = process?.terminal == null ? undefined : kernel.terminals.get(process.terminal)
  if (terminal !== undefined) terminal.columns = context.columns
  const status = await context.attach(pid)
  if (container.state.pid === pid && pid !== 0) {
    context.err('read escape sequence\n')
    return null
  }
  return container.state.startedUs === null ? status : container.state.exitCode
}
