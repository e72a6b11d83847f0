/** `docker exec`: another process in the namespaces of a running container. moby daemon/exec.go, runc exec */

import { ok, type Result, refuse } from '../base/result.ts'
import { lookup } from '../kernel/fs/files.ts'
import { spawnProcess, startProcess } from '../kernel/task/process.ts'
import type { Process } from '../kernel/task/types.ts'
import type { Container } from './container.ts'
import { type Execution, executionOf, findProgram, findUser } from './container-process.ts'
import type { Engine, EngineWorld } from './engine.ts'
import { daemonProcess } from './files.ts'
import { isRunning } from './lifecycle.ts'
import { linkedEnvironment } from './links.ts'
import { kernelOf } from './networks.ts'

export interface ExecRequest {
  readonly argv: readonly string[]
  readonly env: readonly string[]
  readonly cwd: string
  readonly user: string
  readonly tty: boolean
  readonly privileged: boolean
}

/** Namespaces and rights of the new process; refusals in the daemon's or runc's words, `code` 126 or 127 from runc. */
export function prepareExec(
  world: EngineWorld,
  engine: Engine,
  container: Container,
  request: ExecRequest,
): Result<Execution> {
  const { status } = container.state
  if (status === 'paused')
    return refuse('CONFLICT', `Container ${container.name} is paused, unpause the container before exec`)
  if (status === 'restarting')
    return refuse('CONFLICT', `Container ${container.id} is restarting, wait until the container is running`)
  if (!isRunning(container)) return refuse('CONFLICT', `Container ${container.id} is not running`)
  const kernel = kernelOf(world, engine)
  const daemon = daemonProcess(world, engine)
  if (daemon === undefined) return refuse('EIO', 'daemon is not running')
  const { mountns } = container.state
  const user = findUser(world, kernel, daemon, mountns, request.user || container.config.user)
  if (!user.ok) return user
  const execution = executionOf(container, user.value, request.argv, {
    env: request.env,
    cwd: request.cwd,
    tty: request.tty,
    linked: linkedEnvironment(engine, container),
    privileged: request.privileged,
  })
  const folder = lookup(world, kernel, { ...daemon, mountns, root: '/', cwd: '/' }, execution.cwd)
  const program = folder.ok
    ? findProgram(world, kernel, daemon, mountns, execution)
    : refuse(
        'ENOENT',
        `chdir to cwd (${JSON.stringify(execution.cwd)}) set in config.json failed: no such file or directory`,
      )
  if (program.ok) return ok(execution)
  const text = `OCI runtime exec failed: exec failed: unable to start container process: ${program.error.detail}: unknown`
  return refuse('126', text)
}

/** `docker exec -d`: the process lives on without anybody attached. */
export function execInContainer(
  world: EngineWorld,
  engine: Engine,
  container: Container,
  request: ExecRequest,
): Result<Process> {
  const execution = prepareExec(world, engine, container, request)
  if (!execution.ok) return execution
  const kernel = kernelOf(world, engine)
  const init = kernel.processes.get(container.state.pid)
  const shim = kernel.processes.get(container.state.shim) ?? null
  const process = spawnProcess(world, kernel, shim, {
    argv: [...request.argv],
    env: execution.value.env,
    cwd: execution.value.cwd,
    root: '/',
    uid: execution.value.uid,
    gid: execution.value.gid,
    capabilities: execution.value.capabilities,
    netns: init?.netns ?? kernel.initialNetns,
    mountns: container.state.mountns,
    utsns: container.state.utsns,
    pidns: container.state.pidns,
    descriptors: new Map([0, 1, 2].map((fd) => [fd, { kind: 'null' }])),
    terminal: null,
    program: { kind: 'command' },
  })
  process.group = process.pid
  startProcess(world, process)
  return ok(process)
}
