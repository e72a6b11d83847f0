/**
 * Containers stop, die, pause and go: signals and time-outs, exit, restart policy. moby daemon/{stop,kill,monitor,delete,pause}.go,
 * restartmanager/. Not modelled: checkpoints, the OOM killer.
 */
import { enqueue } from '../base/event-queue.ts'
import { ok, type Result, refuse } from '../base/result.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { HostName } from '../kernel/simulation.ts'
import { exitProcess, reapOrphan, reapProcess } from '../kernel/task/process.ts'
import { signalNumber, signalProcess } from '../kernel/task/signal.ts'
import type { Process } from '../kernel/task/types.ts'
import type { DockerInitProgram } from '../process/docker-init.ts'
import type { Container } from './container.ts'
import { checkName } from './create-container.ts'
import { addNames, removeNames } from './dns.ts'
import type { Engine, EngineWorld } from './engine.ts'
import { logContainer, logVolumes } from './events.ts'
import { putOnHost } from './files.ts'
import { endHealth, onHealthAlarm, onProbeExit } from './health.ts'
import { kernelOf } from './networks.ts'
import { releaseNamespace } from './sandboxes.ts'
import { startContainer, tearDownNetwork } from './start.ts'
import { removeAnonymousVolumes } from './volumes.ts'

const SECOND_US = 1_000_000
export const DEFAULT_STOP_SECONDS = 10

export function isRunning(container: Container): boolean {
  return container.state.status === 'running' || container.state.status === 'paused'
}

/** SIGTERM (or the image's stop signal) now, SIGKILL when the time is up. The container has ended when `isRunning` is false. */
export function stopContainer(
  world: EngineWorld,
  engine: Engine,
  container: Container,
  seconds: number | null = null,
): Result<void> {
  if (container.state.status === 'restarting') return cancelRestart(world, container)
  if (!isRunning(container)) return ok(undefined)
  container.stoppedByHand = true
  const patience = seconds ?? container.config.stopTimeout ?? DEFAULT_STOP_SECONDS
  const signal = signalNumber(container.config.stopSignal ?? 'SIGTERM') ?? 15
  thaw(world, engine, container)
  const { pid } = container.state
  container.stopAsked = true
  logContainer(world, engine, container, 'kill', { signal: String(signal) })
  signalProcess(world, kernelOf(world, engine), pid, signal)
  if (patience >= 0) alarm(world, engine, `kill:${pid}`, container, patience * SECOND_US)
  return ok(undefined)
}

function cancelRestart(world: EngineWorld, container: Container): Result<void> {
  container.stoppedByHand = true
  container.state.status = 'exited'
  container.state.finishedUs = world.nowUs
  return ok(undefined)
}

function alarm(
  world: EngineWorld,
  engine: Engine,
  name: string,
  container: { readonly id: string },
  delayUs: number,
): void {
  const event = { kind: 'engine', host: engine.host, alarm: name, container: container.id } as const
  enqueue(world.queue, world.nowUs + delayUs, event)
}

/** Called by the event loop for what `alarm` set. */
export function onAlarm(world: EngineWorld, host: HostName, name: string, containerId: string): void {
  const engine = world.engines.get(host)
  if (engine === undefined) return
  if (name === 'terminal') return void kernelOf(world, engine).terminals.delete(Number(containerId))
  if (name === 'netns-file') return putOnHost(world, engine, containerId, null)
  if (name === 'log') return void kernelOf(world, engine).containerLogs.delete(containerId)
  const container = engine.containers.get(containerId)
  if (container === undefined) return
  if (name === `kill:${container.state.pid}`) {
    logContainer(world, engine, container, 'kill', { signal: '9' })
    signalProcess(world, kernelOf(world, engine), container.state.pid, 9)
  }
  if (name.startsWith('health')) return onHealthAlarm(world, engine, container, name)
  if (name === 'restart' && container.state.status === 'restarting') restartNow(world, engine, container)
}

function restartNow(world: EngineWorld, engine: Engine, container: Container): void {
  container.state.status = 'exited'
  container.restartCount++
  const started = startContainer(world, engine, container)
  if (!started.ok) scheduleRestart(world, engine, container)
}

export function killContainer(
  world: EngineWorld,
  engine: Engine,
  container: Container,
  signal: number,
): Result<void> {
  if (!isRunning(container))
    return refuse(
      'CONFLICT',
      `Cannot kill container: ${container.name}: Container ${container.id} is not running`,
    )
  if (!isSignal(signal))
    return refuse(
      'EINVAL',
      `Cannot kill container: ${container.name}: The linux daemon does not support signal ${signal}`,
    )
  const stopSignal = signalNumber(container.config.stopSignal ?? 'SIGTERM') ?? 15
  if (signal === 9 || signal === stopSignal) container.stoppedByHand = true
  logContainer(world, engine, container, 'kill', { signal: String(signal) })
  if (signal === 9) thaw(world, engine, container)
  signalProcess(world, kernelOf(world, engine), container.state.pid, signal)
  return ok(undefined)
}

/** Two numbers are kept by the C library. */
function isSignal(number: number): boolean {
  return number >= 1 && number <= 64 && number !== 32 && number !== 33
}

/** The processes of a container: all that live in its mounts. */
export function processesOf(world: EngineWorld, engine: Engine, container: Container): Process[] {
  if (container.state.pid === 0) return []
  return [...kernelOf(world, engine).processes.values()].filter(
    (process) => process.mountns === container.state.mountns && process.exitStatus === null,
  )
}

export function pauseContainer(world: EngineWorld, engine: Engine, container: Container): Result<void> {
  if (container.state.status === 'paused')
    return refuse('CONFLICT', `Container ${container.id} is already paused`)
  if (!isRunning(container)) return refuse('CONFLICT', `Container ${container.id} is not running`)
  for (const process of processesOf(world, engine, container)) process.frozen = true
  container.state.status = 'paused'
  logContainer(world, engine, container, 'pause')
  return ok(undefined)
}

export function unpauseContainer(world: EngineWorld, engine: Engine, container: Container): Result<void> {
  if (container.state.status !== 'paused')
    return refuse('CONFLICT', `Container ${container.id} is not paused`)
  thaw(world, engine, container)
  logContainer(world, engine, container, 'unpause')
  return ok(undefined)
}

function thaw(world: EngineWorld, engine: Engine, container: Container): void {
  if (container.state.status !== 'paused') return
  container.state.status = 'running'
  for (const process of processesOf(world, engine, container)) {
    process.frozen = false
    const cause = { kind: 'signal', signal: 18 } as const
    enqueue(world.queue, world.nowUs, { kind: 'wake', host: engine.host, pid: process.pid, cause })
  }
}

/** Called by the event loop when a process of the host has ended. */
export function onProcessExit(world: EngineWorld, host: HostName, pid: number, status: number): void {
  const kernel = world.kernels.get(host)
  const engine = world.engines.get(host)
  if (kernel === undefined) return
  const container =
    engine === undefined ? undefined : [...engine.containers.values()].find((one) => one.state.pid === pid)
  if (engine !== undefined) onProbeExit(world, engine, pid, status)
  if (engine !== undefined && container !== undefined) containerExited(world, engine, container, status)
  else if (isDaemon(kernel, pid)) reapProcess(kernel, pid)
  else if (endsInit(world, kernel, pid, status)) return
  else reapOrphan(kernel, pid)
  if (engine !== undefined) for (const netns of [...engine.leftNetns]) releaseNamespace(world, engine, netns)
}

/** docker-init waits for all that are left to it, and ends with its own command. */
function endsInit(world: EngineWorld, kernel: Kernel, pid: number, status: number): boolean {
  const parent = kernel.processes.get(kernel.processes.get(pid)?.ppid ?? 0)
  if (parent?.program?.kind !== 'docker-init') return false
  reapProcess(kernel, pid)
  if ((parent.program as DockerInitProgram).child === pid) exitProcess(world, kernel, parent, status)
  return true
}

/** Daemon and shims wait for their children. */
function isDaemon(kernel: Kernel, child: number): boolean {
  const parent = kernel.processes.get(kernel.processes.get(child)?.ppid ?? 0)
  return parent?.program?.kind === 'daemon' || parent?.program?.kind === 'dockerd'
}

/** After this the terminal and the log of a container that has gone are forgotten: whoever is attached reads to the end. */
const TERMINAL_GRACE_US = 2 * SECOND_US

function containerExited(world: EngineWorld, engine: Engine, container: Container, status: number): void {
  const kernel = kernelOf(world, engine)
  const { state } = container
  const process = kernel.processes.get(state.pid)
  endHealth(world, engine, container)
  for (const one of processesOf(world, engine, container))
    if (one.pid !== state.pid) exitProcess(world, kernel, one, 137)
  if (process?.terminal != null)
    alarm(world, engine, 'terminal', { id: String(process.terminal) }, TERMINAL_GRACE_US)
  const shim = kernel.processes.get(state.shim)
  if (shim !== undefined) exitProcess(world, kernel, shim, 0)
  reapProcess(kernel, state.pid)
  kernel.mountNamespaces.delete(state.mountns)
  if (container.hostConfig.pidMode === '') kernel.pidNamespaces.delete(state.pidns)
  if (container.hostConfig.utsMode === '') kernel.utsNamespaces.delete(state.utsns)
  logContainer(world, engine, container, 'die', { exitCode: String(status) })
  tearDownNetwork(world, engine, container)
  logVolumes(world, engine, container, 'unmount')
  const ranUs = world.nowUs - (state.startedUs ?? world.nowUs)
  Object.assign(state, { status: 'exited', pid: 0, shim: 0, exitCode: status, finishedUs: world.nowUs })
  if (container.stopAsked === true) logContainer(world, engine, container, 'stop')
  container.stopAsked = false
  if (container.hostConfig.autoRemove) return forget(world, engine, container)
  if (ranUs >= 10 * SECOND_US) container.restartDelayMs = 0
  if (engine.isShuttingDown !== true && mayRestart(container, status))
    scheduleRestart(world, engine, container)
}

function mayRestart(container: Container, status: number): boolean {
  const { name, maximumRetryCount } = container.hostConfig.restart
  if (container.stoppedByHand) return false
  if (name === 'always' || name === 'unless-stopped') return true
  return (
    name === 'on-failure' &&
    status !== 0 &&
    (maximumRetryCount === 0 || container.restartCount < maximumRetryCount)
  )
}

/** 100 ms, doubled at each failure up to a minute. */
function scheduleRestart(world: EngineWorld, engine: Engine, container: Container): void {
  container.restartDelayMs = Math.min(
    container.restartDelayMs === 0 ? 100 : container.restartDelayMs * 2,
    60_000,
  )
  container.state.status = 'restarting'
  alarm(world, engine, 'restart', container, container.restartDelayMs * 1000)
}

/** `docker rm`: refused while it runs, unless forced; then it is killed first and removed when it has ended. */
export function removeContainer(
  world: EngineWorld,
  engine: Engine,
  container: Container,
  options: { readonly force: boolean; readonly volumes?: boolean } = { force: false },
): Result<void> {
  const { status } = container.state
  if (isRunning(container) || status === 'restarting') {
    if (!options.force) return refuse('CONFLICT', runningText(container))
    killNow(world, engine, container)
  }
  forget(world, engine, container, options.volumes)
  return ok(undefined)
}

function runningText(container: Container): string {
  const { status } = container.state
  const what = status === 'paused' ? 'paused' : status === 'restarting' ? 'restarting' : 'running'
  const advice =
    status === 'paused'
      ? 'Unpause and then stop the container before attempting removal or force remove'
      : 'Stop the container before attempting removal or force remove'
  return `You cannot remove a ${what} container ${container.id}. ${advice}`
}

/** SIGKILL takes effect at once. */
export function killNow(world: EngineWorld, engine: Engine, container: Container): void {
  container.stoppedByHand = true
  const kernel = kernelOf(world, engine)
  const process = kernel.processes.get(container.state.pid)
  thaw(world, engine, container)
  if (process === undefined) return
  logContainer(world, engine, container, 'kill', { signal: '9' })
  exitProcess(world, kernel, process, 137)
  containerExited(world, engine, container, 137)
}

function forget(world: EngineWorld, engine: Engine, container: Container, withVolumes = false): void {
  const kernel = kernelOf(world, engine)
  kernel.filesystems.delete(container.filesystem)
  alarm(world, engine, 'log', container, TERMINAL_GRACE_US)
  engine.containers.delete(container.id)
  if (withVolumes || container.hostConfig.autoRemove)
    removeAnonymousVolumes(world, engine, container.hostConfig)
  logContainer(world, engine, container, 'destroy')
}

export function renameContainer(
  world: EngineWorld,
  engine: Engine,
  container: Container,
  name: string,
): Result<void> {
  if (name === container.name || `/${container.name}` === name)
    return refuse('EINVAL', 'Renaming a container with the same name as its current name')
  const checked = checkName(engine, name.startsWith('/') ? name : `/${name}`)
  if (!checked.ok) {
    const text = checked.error.detail ?? ''
    return text.startsWith('Invalid container name')
      ? refuse('EINVAL', `Error when allocating new name: ${text}`)
      : refuse('CONFLICT', `Error when allocating new name: ${text}`)
  }
  const oldName = `/${container.name}`
  container.name = name.replace(/^\//, '')
  container.isNamed = true
  for (const endpoint of engine.endpoints.values()) {
    if (endpoint.container !== container.id) continue
    removeNames(world, engine, endpoint)
    endpoint.name = container.name
    addNames(world, engine, container, endpoint)
  }
  logContainer(world, engine, container, 'rename', { oldName })
  return ok(undefined)
}
