/**
 * The daemon stops and starts: containers end and come back as their policies say, or go on with live-restore.
 * moby cmd/dockerd/daemon.go, daemon/daemon.go (restore, Shutdown); docker.service (Restart=always, RestartSec=2).
 * Not modelled: the time that containers get to end when a daemon that was killed comes back without live-restore.
 */
import { enqueue } from '../base/event-queue.ts'
import { ok, type Result, refuse } from '../base/result.ts'
import type { HostName } from '../kernel/simulation.ts'
import { signalName } from '../kernel/task/signal.ts'
import type { Process } from '../kernel/task/types.ts'
import type { Container } from './container.ts'
import { CONFIG_FILE, NOT_MODELLED_DIRECTIVES, readConfig } from './daemon-config.ts'
import { startNetworking } from './daemon-networking.ts'
import { endDaemons, placeSocket, removeSocket, spawnDaemons } from './daemon-processes.ts'
import { addNames, refreshResolver, stopResolver } from './dns.ts'
import type { Engine, EngineWorld } from './engine.ts'
import { hostFile } from './files.ts'
import { logBare, logDaemon, logManager, logStart, UNIT } from './journal.ts'
import { isRunning, killNow, removeContainer, stopContainer } from './lifecycle.ts'
import { publishPorts, withdrawPorts } from './ports.ts'
import { gatewayEndpoint } from './sandboxes.ts'
import { startContainer } from './start.ts'

/** SIGTERM to dockerd: its containers are asked to end. It has ended when `mayEnd` says so and `finishShutdown` was called. */
export function beginShutdown(world: EngineWorld, engine: Engine): void {
  logManager(world, engine, `Stopping ${UNIT}...`)
  logDaemon(world, engine, "Processing signal 'terminated'")
  engine.isShuttingDown = true
  if (engine.config.liveRestore) return
  for (const container of engine.containers.values()) {
    const { stoppedByHand } = container
    if (isRunning(container) || container.state.status === 'restarting')
      stopContainer(world, engine, container)
    container.stoppedByHand = stoppedByHand
  }
}

export function mayEnd(engine: Engine): boolean {
  return engine.config.liveRestore || ![...engine.containers.values()].some(isRunning)
}

export function finishShutdown(world: EngineWorld, engine: Engine): void {
  for (const endpoint of engine.endpoints.values()) withdrawPorts(world, engine, endpoint, true)
  for (const sandbox of engine.sandboxes.values()) stopResolver(world, engine, sandbox)
  logDaemon(world, engine, 'Daemon shutdown complete')
  endDaemons(world, engine, 0)
  engine.isShuttingDown = false
  engine.service = 'inactive'
  logManager(world, engine, 'docker.service: Deactivated successfully.')
  logManager(world, engine, `Stopped ${UNIT}.`)
}

/** The unit is given up after so many failures in a row. docker.service: StartLimitBurst */
const MOST_STARTS = 3

/** Refused when the daemon cannot start: then the unit and its socket have failed. */
export function startDaemon(world: EngineWorld, engine: Engine): Result<void> {
  if (engine.service === 'active') return ok(undefined)
  const started = beginDaemon(world, engine)
  return started.ok ? started : failed(world, engine, started.error.detail ?? '')
}

/** `own`: the process that is to be the daemon, where somebody has started it by hand. */
export function beginDaemon(world: EngineWorld, engine: Engine, own?: Process): Result<void> {
  const text = hostFile(world, engine, CONFIG_FILE)
  const config = readConfig(text)
  if (!config.ok) return config
  placeSocket(world, engine)
  engine.config = config.value
  engine.startedUs = world.nowUs
  engine.service = 'active'
  engine.restartPending = false
  spawnDaemons(world, engine, own)
  for (const name of NOT_MODELLED_DIRECTIVES)
    if (new RegExp(`"${name}"\\s*:`).test(text ?? ''))
      logDaemon(world, engine, `'${name}' exists on a real host but is not modelled here`, 'warning')
  startNetworking(world, engine, undefined)
  for (const container of [...engine.containers.values()]) restore(world, engine, container)
  logStart(world, engine)
  return ok(undefined)
}

/** Each try ends with the same words until the service manager has had enough. */
function failed(world: EngineWorld, engine: Engine, text: string): Result<void> {
  for (let round = 1; round <= MOST_STARTS; round++) {
    logManager(world, engine, `Starting ${UNIT}...`)
    logBare(world, engine, text)
    logManager(world, engine, 'docker.service: Main process exited, code=exited, status=1/FAILURE')
    logManager(world, engine, "docker.service: Failed with result 'exit-code'.")
    logManager(world, engine, `Failed to start ${UNIT}.`)
    logManager(world, engine, `docker.service: Scheduled restart job, restart counter is at ${round}.`)
    logManager(world, engine, `Stopped ${UNIT}.`)
  }
  logManager(world, engine, 'docker.service: Start request repeated too quickly.')
  logManager(world, engine, "docker.service: Failed with result 'exit-code'.")
  logManager(world, engine, `Failed to start ${UNIT}.`)
  engine.service = 'failed'
  removeSocket(world, engine)
  return refuse('EINVAL', text)
}

function restore(world: EngineWorld, engine: Engine, container: Container): void {
  if (isRunning(container)) {
    if (engine.config.liveRestore) return reattach(world, engine, container)
    endLeftOver(world, engine, container)
    if (container.hostConfig.autoRemove) return
  }
  if (container.state.status === 'restarting') container.state.status = 'exited'
  if (container.hostConfig.autoRemove && container.state.startedUs !== null) {
    removeContainer(world, engine, container)
    return
  }
  if (!comesBack(container)) return
  container.stoppedByHand = false
  container.restartDelayMs = 0
  startContainer(world, engine, container)
}

/** It went on while there was no daemon: the new one ends it. daemon.go `restore`, "shutting down container considered alive" */
function endLeftOver(world: EngineWorld, engine: Engine, container: Container): void {
  const { stoppedByHand } = container
  killNow(world, engine, container)
  container.stoppedByHand = stoppedByHand
  if (container.state.status === 'restarting') container.state.status = 'exited'
}

/** The daemon's process has ended without `systemctl`: its proxies and name servers go with it, the containers stay. */
export function onDaemonExit(world: EngineWorld, host: HostName, pid: number, status: number): boolean {
  const engine = world.engines.get(host)
  if (engine === undefined || engine.daemonPid !== pid || engine.service !== 'active') return false
  daemonDied(world, engine, status)
  return true
}

const TERM = 143
const INT = 130

function daemonDied(world: EngineWorld, engine: Engine, status: number): void {
  const isAsked = status === TERM || status === INT
  if (isAsked) endAll(world, engine, status)
  for (const endpoint of engine.endpoints.values()) withdrawPorts(world, engine, endpoint, true)
  for (const sandbox of engine.sandboxes.values()) stopResolver(world, engine, sandbox)
  endDaemons(world, engine, status)
  if (isAsked) logDaemon(world, engine, 'Daemon shutdown complete')
  if (isAsked && !hasManager(world, engine)) removeSocket(world, engine)
  const signal = status > 128 ? status - 128 : 0
  const how =
    signal === 0
      ? `code=exited, status=${status}/FAILURE`
      : `code=killed, status=${signal}/${signalName(signal)}`
  const result = signal === 0 ? 'exit-code' : 'signal'
  engine.service = isAsked ? 'inactive' : 'failed'
  engine.restartPending = hasManager(world, engine)
  if (isAsked) logManager(world, engine, 'docker.service: Deactivated successfully.')
  else {
    logManager(world, engine, `docker.service: Main process exited, ${how}`)
    logManager(world, engine, `docker.service: Failed with result '${result}'.`)
  }
  if (engine.restartPending)
    enqueue(world.queue, world.nowUs + RESTART_US, {
      kind: 'engine',
      host: engine.host,
      alarm: RESTART_ALARM,
      container: '',
    })
}

const RESTART_US = 2_000_000
export const RESTART_ALARM = 'daemon-restart'

/** Asked to end, the daemon ends its containers first, unless they are to go on. */
function endAll(world: EngineWorld, engine: Engine, status: number): void {
  logDaemon(world, engine, `Processing signal '${status === TERM ? 'terminated' : 'interrupt'}'`)
  if (engine.config.liveRestore) return
  engine.isShuttingDown = true
  for (const container of [...engine.containers.values()])
    if (isRunning(container)) endLeftOver(world, engine, container)
  engine.isShuttingDown = false
}

/** The recorded lab and Docker Desktop's VM have no systemd. */
function hasManager(world: EngineWorld, engine: Engine): boolean {
  return world.kernels.get(engine.host)?.profile === 'linux'
}

/** docker.service, RestartSec= */
export function onRestartAlarm(world: EngineWorld, host: HostName): void {
  const engine = world.engines.get(host)
  if (engine?.restartPending !== true || engine.service === 'active') return
  logManager(world, engine, 'docker.service: Scheduled restart job, restart counter is at 1.')
  logManager(world, engine, `Stopped ${UNIT}.`)
  startDaemon(world, engine)
}

/** restartmanager `ShouldRestart`, as the starting daemon asks it. */
function comesBack(container: Container): boolean {
  if (container.state.startedUs === null) return false
  const { name } = container.hostConfig.restart
  if (name === 'always') return true
  if (container.stoppedByHand) return false
  return name === 'unless-stopped' || (name === 'on-failure' && container.state.exitCode !== 0)
}

/** live-restore: the container went on; proxies and name server are the new daemon's. */
function reattach(world: EngineWorld, engine: Engine, container: Container): void {
  const sandbox = container.sandbox === null ? undefined : engine.sandboxes.get(container.sandbox)
  if (sandbox === undefined) return
  for (const id of sandbox.endpoints) {
    const endpoint = engine.endpoints.get(id)
    if (endpoint !== undefined) addNames(world, engine, container, endpoint)
  }
  if (container.hostConfig.networkMode === 'host') return
  refreshResolver(world, engine, container, sandbox)
  const gateway = gatewayEndpoint(engine, sandbox)
  if (gateway !== undefined) publishPorts(world, engine, container, gateway)
}
