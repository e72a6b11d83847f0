/** What the daemon and its service manager write into the journal. moby daemon/daemon.go (logrus), systemd core/unit.c */

import { apiTime } from '../base/api-value.ts'
import { formatPrefix } from '../wire/ipv4-address.ts'
import type { Engine, EngineWorld } from './engine.ts'
import { networkNamed } from './networks.ts'
import { profileOf } from './profile.ts'

const MOST_LINES = 500

function note(world: EngineWorld, engine: Engine, program: string, pid: number, text: string): void {
  engine.journal.push({ atUs: world.nowUs, program, pid, text })
  if (engine.journal.length > MOST_LINES) engine.journal.shift()
}

export function logManager(world: EngineWorld, engine: Engine, text: string): void {
  note(world, engine, 'systemd', 1, text)
}

/** Bare text of a daemon that ends before it can log. */
export function logBare(world: EngineWorld, engine: Engine, text: string): void {
  note(world, engine, 'dockerd', engine.daemonPid, text)
}

export function logDaemon(
  world: EngineWorld,
  engine: Engine,
  message: string,
  level: 'info' | 'warning' | 'error' = 'info',
  more = '',
): void {
  const [whole = '', fraction = ''] = apiTime(world.epochMs, world.nowUs).slice(0, -1).split('.')
  const time = `${whole}.${fraction.padEnd(9, '0')}Z`
  const text = `time="${time}" level=${level} msg=${JSON.stringify(message)}${more === '' ? '' : ` ${more}`}`
  note(world, engine, 'dockerd', engine.daemonPid, text)
}

export const UNIT = 'docker.service - Docker Application Container Engine'

export function logStart(world: EngineWorld, engine: Engine): void {
  const { version } = profileOf(engine)
  const bridge = networkNamed(engine, 'bridge')?.subnet
  logManager(world, engine, `Starting ${UNIT}...`)
  logDaemon(world, engine, 'Starting up')
  logDaemon(world, engine, 'Loading containers: start.')
  if (bridge != null && engine.config.bip === null)
    logDaemon(
      world,
      engine,
      `Default bridge (docker0) is assigned with an IP address ${formatPrefix(bridge)}. Daemon option --bip can be used to set a preferred IP address`,
    )
  logDaemon(world, engine, 'Loading containers: done.')
  const what = `commit=${version.engineCommit} graphdriver(s)=overlay2 version=${version.engine}`
  logDaemon(world, engine, 'Docker daemon', 'info', what)
  logDaemon(world, engine, 'Daemon has completed initialization')
  logManager(world, engine, `Started ${UNIT}.`)
  logDaemon(world, engine, 'API listen on /run/docker.sock')
}
