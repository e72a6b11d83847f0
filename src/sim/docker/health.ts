/**
 * Health checks: a command in the container at intervals of virtual time. moby daemon/health.go. Not modelled: output beyond
 * 4096 characters, five probes are kept.
 */

import { type ApiStruct, apiTime } from '../base/api-value.ts'
import { enqueue } from '../base/event-queue.ts'
import { signalProcess } from '../kernel/task/signal.ts'
import type { Container } from './container.ts'
import type { Engine, EngineWorld } from './engine.ts'
import { logContainer } from './events.ts'
import { execInContainer } from './exec.ts'
import { kernelOf } from './networks.ts'

export interface HealthConfig {
  /** `CMD-SHELL` and a line, or `NONE`. */
  readonly test: readonly string[]
  /** 0: the default. */
  readonly intervalUs: number
  readonly timeoutUs: number
  readonly startPeriodUs: number
  readonly retries: number
}

export interface HealthState {
  status: 'starting' | 'healthy' | 'unhealthy'
  failingStreak: number
  log: ProbeResult[]
  /** Host's pid of the probe that runs now. */
  probe: number | null
  probeStartedUs: number
}

export interface ProbeResult {
  readonly startUs: number
  readonly endUs: number
  readonly exitCode: number
  readonly output: string
}

const INTERVAL_US = 30_000_000
const TIMEOUT_US = 30_000_000
const RETRIES = 3
const MOST_KEPT = 5
const MOST_OUTPUT = 4096
const TIMED_OUT = -1

function configOf(container: Container): HealthConfig | null {
  const config = container.config.health ?? null
  return config === null || config.test[0] === 'NONE' ? null : config
}

/** Called when a container has been started. */
export function beginHealth(world: EngineWorld, engine: Engine, container: Container): void {
  if (configOf(container) === null) return
  container.state.health = { status: 'starting', failingStreak: 0, log: [], probe: null, probeStartedUs: 0 }
  schedule(world, engine, container)
}

function schedule(world: EngineWorld, engine: Engine, container: Container): void {
  const { pid } = container.state
  alarm(world, engine, container, `health:${pid}`, configOf(container)?.intervalUs || INTERVAL_US)
}

function alarm(
  world: EngineWorld,
  engine: Engine,
  container: Container,
  name: string,
  delayUs: number,
): void {
  const event = { kind: 'engine', host: engine.host, alarm: name, container: container.id } as const
  enqueue(world.queue, world.nowUs + delayUs, event)
}

/** `health:PID` starts a probe, `health-timeout:PID` ends one; PIDs of former lives are passed over. */
export function onHealthAlarm(world: EngineWorld, engine: Engine, container: Container, name: string): void {
  const health = container.state.health ?? null
  if (health === null) return
  const [what = '', pid = ''] = name.split(':')
  if (what === 'health-timeout') {
    if (health.probe !== Number(pid)) return
    signalProcess(world, kernelOf(world, engine), health.probe, 9)
    const seconds = (configOf(container)?.timeoutUs || TIMEOUT_US) / 1e6
    finish(world, engine, container, health, TIMED_OUT, `Health check exceeded timeout (${seconds}s)`)
    return
  }
  if (container.state.pid !== Number(pid) || container.state.pid === 0) return
  if (container.state.status === 'paused') return schedule(world, engine, container)
  probe(world, engine, container, health)
}

const logKey = (container: Container): string => `health:${container.id}`

function probe(world: EngineWorld, engine: Engine, container: Container, health: HealthState): void {
  const config = configOf(container)
  if (config === null) return
  const [kind, ...words] = config.test
  const argv = kind === 'CMD-SHELL' ? ['/bin/sh', '-c', ...words] : words
  const kernel = kernelOf(world, engine)
  health.probeStartedUs = world.nowUs
  kernel.containerLogs.set(logKey(container), [])
  logContainer(world, engine, container, `exec_create: ${argv.join(' ')}`)
  logContainer(world, engine, container, `exec_start: ${argv.join(' ')}`)
  const request = { argv, env: [], cwd: '', user: '', tty: false, privileged: false }
  const process = execInContainer(world, engine, container, request)
  if (!process.ok) return finish(world, engine, container, health, TIMED_OUT, process.error.detail ?? '')
  for (const [fd, stream] of [
    [1, 'stdout'],
    [2, 'stderr'],
  ] as const)
    process.value.descriptors.set(fd, { kind: 'log', container: logKey(container), stream })
  health.probe = process.value.pid
  const patience = config.timeoutUs || TIMEOUT_US
  alarm(world, engine, container, `health-timeout:${process.value.pid}`, patience)
}

/** True when the process was a probe. */
export function onProbeExit(world: EngineWorld, engine: Engine, pid: number, status: number): boolean {
  for (const container of engine.containers.values()) {
    const health = container.state.health
    if (health?.probe !== pid) continue
    const entries = kernelOf(world, engine).containerLogs.get(logKey(container)) ?? []
    const output = entries.map((entry) => entry.text).join('')
    logContainer(world, engine, container, 'exec_die', { exitCode: String(status) })
    finish(world, engine, container, health, status, output)
    return true
  }
  return false
}

function finish(
  world: EngineWorld,
  engine: Engine,
  container: Container,
  health: HealthState,
  exitCode: number,
  output: string,
): void {
  kernelOf(world, engine).containerLogs.delete(logKey(container))
  health.probe = null
  const text = output.length > MOST_OUTPUT ? `${output.slice(0, MOST_OUTPUT - 3)}...` : output
  health.log.push({ startUs: health.probeStartedUs, endUs: world.nowUs, exitCode, output: text })
  if (health.log.length > MOST_KEPT) health.log.shift()
  judge(world, engine, container, health, exitCode)
  if (container.state.pid !== 0) schedule(world, engine, container)
}

function judge(
  world: EngineWorld,
  engine: Engine,
  container: Container,
  health: HealthState,
  exitCode: number,
): void {
  const before = health.status
  const config = configOf(container)
  if (exitCode === 0) {
    health.failingStreak = 0
    health.status = 'healthy'
  } else {
    const started = container.state.startedUs ?? world.nowUs
    const isStarting = before === 'starting' && world.nowUs - started < (config?.startPeriodUs ?? 0)
    if (!isStarting) health.failingStreak++
    if (health.failingStreak >= (config?.retries || RETRIES)) health.status = 'unhealthy'
  }
  if (health.status !== before) logContainer(world, engine, container, `health_status: ${health.status}`)
}

/** The container has ended: a probe has ended with it. */
export function endHealth(world: EngineWorld, engine: Engine, container: Container): void {
  const health = container.state.health
  if (health == null) return
  health.probe = null
  kernelOf(world, engine).containerLogs.delete(logKey(container))
}

export function inspectHealth(epochMs: number, container: Container): ApiStruct | undefined {
  const health = container.state.health
  if (health == null) return undefined
  return {
    Status: health.status,
    FailingStreak: health.failingStreak,
    Log: health.log.map((one) => ({
      Start: apiTime(epochMs, one.startUs),
      End: apiTime(epochMs, one.endUs),
      ExitCode: one.exitCode,
      Output: one.output,
    })),
  }
}

/** Nanoseconds; what was not said is left out. */
export function inspectHealthcheck(container: Container): ApiStruct | undefined {
  const config = container.config.health
  if (config == null) return undefined
  const nanoseconds = (us: number): number | undefined => (us === 0 ? undefined : us * 1000)
  return {
    Test: [...config.test],
    Interval: nanoseconds(config.intervalUs),
    Timeout: nanoseconds(config.timeoutUs),
    StartPeriod: nanoseconds(config.startPeriodUs),
    Retries: config.retries === 0 ? undefined : config.retries,
  }
}
