/** `docker run` and `docker create`. docker/cli cli/command/container/{run,create}.go (20.10) */
import type { Refusal } from '../../sim/base/result.ts'
import type { Container } from '../../sim/docker/container.ts'
import { type ContainerRequest, createContainer } from '../../sim/docker/create-container.ts'
import type { Engine } from '../../sim/docker/engine.ts'
import { logContainer } from '../../sim/docker/events.ts'
import { checkReference, findImage, withTag } from '../../sim/docker/images.ts'
import { startContainer } from '../../sim/docker/start.ts'
import { lookup, writeFile } from '../../sim/kernel/fs/files.ts'
import { readSysctl } from '../../sim/kernel/sysctl/sysctl.ts'
import { notModelled } from '../not-modelled.ts'
import { parseRun, unmodelledOption } from './parse-run.ts'
import { isOwnPlatform, pullImage } from './pull.ts'
import { discarded } from './run-checks.ts'
import { type Call, Refused } from './spec.ts'
import { attachTo, followOutput, kernelOfEngine } from './stream.ts'

const TROUBLE = 125

export async function run(call: Call): Promise<number> {
  const missing = unmodelledOption(call)
  if (missing !== null) return notModelled(call.context, missing)
  const request = asRun(call, () => parseRun(call))
  const detached = call.flags.bool('detach')
  const { context } = call
  if (detached && call.flags.changed('attach')) throw new Refused('Conflicting options: -a and -d')
  if (!detached && request.config.attachStdin && request.config.tty && !context.inIsTerminal)
    throw new Refused('the input device is not a TTY')
  if (detached && call.flags.bool('rm') && request.config.attachStdin)
    throw new Refused('Conflicting options: --rm and -d')
  const container = await asRunAsync(call, () => create(call, request))
  return start(call, container, detached)
}

export async function createOnly(call: Call): Promise<number> {
  const missing = unmodelledOption(call)
  if (missing !== null) return notModelled(call.context, missing)
  const request = asRun(call, () => parseRun(call))
  const container = await create(call, request)
  call.context.out(`${container.id}\n`)
  return 0
}

/** What goes wrong before the start is told with the name of the program and a hint. */
function asRun<T>(call: Call, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw hinted(call, error)
  }
}

async function asRunAsync<T>(call: Call, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw hinted(call, error)
  }
}

function hinted(call: Call, error: unknown): unknown {
  if (!(error instanceof Refused)) return error
  if (call.spec.name === 'create' && error.message.startsWith('Error response from daemon')) return error
  const hint = `See '${call.path} --help'.`
  if (error.status === TROUBLE) return new Refused(`${error.message}\n${hint}`, TROUBLE)
  return new Refused(`docker: ${error.message.replace(/\.$/, '')}.\n${hint}`, TROUBLE)
}

async function create(call: Call, request: ContainerRequest): Promise<Container> {
  const { world, context } = call
  const engine = call.engine()
  const idFile = call.flags.text('cidfile')
  if (idFile !== '' && lookup(world, context.kernel, context.process, idFile).ok)
    throw new Refused(
      `container ID file found, make sure the other container isn't running or delete ${idFile}`,
    )
  const image = request.config.image
  const reference = checkReference(image)
  if (!reference.ok) throw new Refused(reference.error.detail ?? '')
  const pull = call.flags.text('pull', 'missing')
  const platform = call.flags.text('platform')
  const pulling = {
    out: context.err.bind(context),
    isTerminal: context.outIsTerminal,
    quiet: false,
    platform,
  }
  const isMissing = findImage(engine, image) === undefined || !isOwnPlatform(platform)
  if (pull === 'always' || (isMissing && pull !== 'never')) {
    if (pull !== 'always') context.err(`Unable to find image '${withTag(image)}' locally\n`)
    await pullImage(context, engine, image, pulling)
  }
  warn(call, engine)
  for (const line of discarded(call)) context.err(`${line}\n`)
  if (
    request.hostConfig.networkMode === 'host' &&
    (request.hostConfig.portBindings.length > 0 || request.hostConfig.publishAll)
  )
    context.err('WARNING: Published ports are discarded when using host network mode\n')
  const made = createContainer(world, engine, request)
  // Whatever the engine does not find is taken for the image. container/create.go `createContainer`
  if (!made.ok && made.error.code === 'NO_PLUGIN' && pull === 'missing') {
    context.err(`Unable to find image '${withTag(image)}' locally\n`)
    await pullImage(context, engine, image, pulling)
  }
  if (!made.ok) throw new Refused(`Error response from daemon: ${made.error.detail}`)
  if (idFile !== '') writeFile(world, context.kernel, context.process, idFile, made.value.id)
  return made.value
}

/** The engine looks at its host's settings at each create. */
function warn(call: Call, engine: Engine): void {
  const kernel = kernelOfEngine(call.context, engine)
  const netns = kernel.namespaces.get(kernel.initialNetns)
  if (netns !== undefined && readSysctl(netns, 'net.ipv4.ip_forward').trim() === '0')
    call.context.err('WARNING: IPv4 forwarding is disabled. Networking will not work.\n')
}

async function start(call: Call, container: Container, detached: boolean): Promise<number> {
  const { world, context } = call
  const engine = call.engine()
  if (detached) context.out(`${container.id}\n`)
  const { attachStdin, attachStdout, attachStderr } = container.config
  if (!detached && (attachStdin || attachStdout || attachStderr))
    logContainer(world, engine, container, 'attach')
  const started = startContainer(world, engine, container)
  if (!started.ok) return startFailed(call, engine, container, started.error, detached)
  if (detached) return 0
  const { config } = container
  if (!config.attachStdout && !config.attachStdin && !config.attachStderr) {
    context.out(`${container.id}\n`)
    return 0
  }
  if (config.tty || config.attachStdin)
    return (await attachTo(context, engine, container, call.flags.text('detach-keys'))) ?? 0
  return followOutput(
    context,
    engine,
    container,
    0,
    !call.flags.changed('sig-proxy') || call.flags.bool('sig-proxy'),
  )
}

function startFailed(
  call: Call,
  engine: Engine,
  container: Container,
  error: Refusal,
  detached: boolean,
): number {
  const { context, world } = call
  const text = (error.detail ?? error.code).replace(/\.$/, '')
  context.err(`docker: Error response from daemon: ${text}.\n`)
  if (!detached) context.err(`${cancelled(call)}\n`)
  if (container.hostConfig.autoRemove) {
    engine.containers.delete(container.id)
    world.kernels.get(engine.host)?.filesystems.delete(container.filesystem)
  }
  return /^12[67]$/.test(error.code) ? Number(error.code) : statusOf(text)
}

/** run.go `runStartContainerErr` */
function statusOf(text: string): number {
  if (/executable file not found|no such file or directory/.test(text)) return 127
  return text.includes('permission denied') ? 126 : TROUBLE
}

/** logrus: coloured on a terminal, key=value elsewhere. */
function cancelled(call: Call): string {
  const text = 'error waiting for container: context canceled'
  if (call.context.outIsTerminal) return `ERRO[0000] ${text} `
  return `level=error msg="${text}"`
}
