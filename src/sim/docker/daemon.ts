/**
 * The daemon stops and starts: containers end and come back as their policies say, or go on with live-restore.
 * moby cmd/dockerd/daemon.go, daemon/daemon.go (restore, Shutdown); docker.service. Not modelled: a daemon killed by hand.
 */
import { ok, type Result, refuse } from '../base/result.ts'
import type { Container } from './container.ts'
import { CONFIG_FILE, NOT_MODELLED_DIRECTIVES, readConfig } from './daemon-config.ts'
import { startNetworking } from './daemon-networking.ts'
import { endDaemons, placeSocket, removeSocket, spawnDaemons } from './daemon-processes.ts'
import { addNames, refreshResolver, stopResolver } from './dns.ts'
import type { Engine, EngineWorld } from './engine.ts'
import { hostFile } from './files.ts'
import { logBare, logDaemon, logManager, logStart, UNIT } from './journal.ts'
import { isRunning, removeContainer, stopContainer } from './lifecycle.ts'
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
  const text = hostFile(world, engine, CONFIG_FILE)
  const config = readConfig(text)
  if (!config.ok) return failed(world, engine, config.error.detail ?? '')
  placeSocket(world, engine)
  engine.config = config.value
  engine.startedUs = world.nowUs
  engine.service = 'active'
  spawnDaemons(world, engine)
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
  if (isRunning(container)) return reattach(world, engine, container)
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
