/** systemctl(1) of systemd 252 for Docker's units. Not modelled: other units, other verbs. */
import { beginShutdown, finishShutdown, mayEnd, startDaemon } from '../../sim/docker/daemon.ts'
import { placeSocket, removeSocket } from '../../sim/docker/daemon-processes.ts'
import type { Engine } from '../../sim/docker/engine.ts'
import { lookup } from '../../sim/kernel/fs/files.ts'
import type { CommandContext } from '../context.ts'
import { notModelled } from '../not-modelled.ts'
import { statusText } from './status.ts'
import { engineOf, seesManager, type UnitName, unitOf } from './units.ts'

type Verb = (context: CommandContext, engine: Engine, unit: UnitName) => number | Promise<number>

const VERBS: Readonly<Record<string, Verb>> = {
  start: (context, engine, unit) =>
    unit === 'docker.socket' ? startSocket(context, engine) : start(context, engine),
  stop: (context, engine, unit) =>
    unit === 'docker.socket' ? stopSocket(context, engine) : stop(context, engine),
  restart,
  'try-restart': restart,
  'reload-or-restart': restart,
  status: (context, engine, unit) => status(context, engine, unit),
  'is-active': (context, engine, unit) => {
    const state = stateOf(context, engine, unit)
    context.out(`${state}\n`)
    return state === 'active' ? 0 : 3
  },
  'is-failed': (context, engine, unit) => {
    const state = stateOf(context, engine, unit)
    context.out(`${state}\n`)
    return state === 'failed' ? 0 : 1
  },
  'is-enabled': (context) => {
    context.out('enabled\n')
    return 0
  },
  'reset-failed': (context, engine) => {
    if (engine.service === 'failed') engine.service = 'inactive'
    return context.process.uid === 0 ? 0 : 1
  },
  cat: (context) => notModelled(context, 'systemctl cat'),
}
/** Asked without rights; nothing is changed. */
const CHANGING = new Set(['start', 'stop', 'restart', 'try-restart', 'reload-or-restart', 'reset-failed'])

export async function systemctl(context: CommandContext): Promise<number> {
  const words = context.argv
    .slice(1)
    .filter((word) => !['--no-pager', '-l', '--full', '--no-ask-password'].includes(word))
  const [verb = '', ...names] = words
  if (verb === '--version') {
    context.out('systemd 252 (252.31-1~deb12u1)\n')
    return 0
  }
  if (!seesManager(context)) {
    context.err(
      "System has not been booted with systemd as init system (PID 1). Can't operate.\nFailed to connect to bus: Host is down\n",
    )
    return 1
  }
  if (verb === 'daemon-reload') return 0
  const run = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined
  if (
    run === undefined ||
    names.length === 0 ||
    verb.startsWith('-') ||
    names.some((name) => name.startsWith('-'))
  )
    return unknown(context, verb, names)
  let result = 0
  for (const name of names) result = (await one(context, verb, run, name)) || result
  return result
}

function unknown(context: CommandContext, verb: string, names: readonly string[]): number {
  const known = [
    '',
    'list-units',
    'list-sockets',
    'enable',
    'disable',
    'mask',
    'unmask',
    'show',
    'reload',
    'edit',
    'kill',
    'list-unit-files',
    'isolate',
  ]
  if (known.includes(verb) || verb.startsWith('-') || names.some((name) => name.startsWith('-')))
    return notModelled(context, `systemctl ${[verb, ...names].join(' ')}`.trim())
  if (Object.hasOwn(VERBS, verb)) {
    context.err('Too few arguments.\n')
    return 1
  }
  context.err(`Unknown command verb ${verb}.\n`)
  return 1
}

async function one(context: CommandContext, verb: string, run: Verb, name: string): Promise<number> {
  const unit = unitOf(context, name)
  const engine = engineOf(context)
  const full = name.includes('.') ? name : `${name}.service`
  if (unit === null || engine === undefined) {
    if (verb === 'status') context.err(`Unit ${full} could not be found.\n`)
    else if (verb === 'is-active') context.out('inactive\n')
    else
      context.err(
        `Failed to ${verb} ${full}: Unit ${full} ${verb === 'stop' ? 'not loaded' : 'not found'}.\n`,
      )
    return verb === 'status' ? 4 : verb === 'is-active' ? 3 : 5
  }
  if (CHANGING.has(verb) && context.process.uid !== 0) {
    context.err(
      `Failed to ${verb} ${full}: Access denied\nSee system logs and 'systemctl status ${full}' for details.\n`,
    )
    return 4
  }
  return run(context, engine, unit)
}

async function restart(context: CommandContext, engine: Engine, unit: UnitName): Promise<number> {
  if (unit === 'docker.socket') return startSocket(context, engine)
  await end(context, engine)
  return start(context, engine)
}

function hasSocket(context: CommandContext): boolean {
  return lookup(context.world, context.kernel, context.process, '/var/run/docker.sock').ok
}

function stateOf(context: CommandContext, engine: Engine, unit: UnitName): string {
  if (unit === 'docker.service') return engine.service
  if (hasSocket(context)) return 'active'
  return engine.service === 'failed' ? 'failed' : 'inactive'
}

function start(context: CommandContext, engine: Engine): number {
  const started = startDaemon(context.world, engine)
  if (started.ok) return 0
  context.err(
    'Job for docker.service failed because the control process exited with error code.\n' +
      'See "systemctl status docker.service" and "journalctl -xeu docker.service" for details.\n',
  )
  return 1
}

/** Waits until the containers have ended. */
async function end(context: CommandContext, engine: Engine): Promise<void> {
  if (engine.service !== 'active') return
  beginShutdown(context.world, engine)
  await context.until(() => mayEnd(engine))
  finishShutdown(context.world, engine)
}

async function stop(context: CommandContext, engine: Engine): Promise<number> {
  const wasActive = engine.service === 'active'
  await end(context, engine)
  if (engine.service === 'failed') engine.service = 'inactive'
  if (wasActive && hasSocket(context))
    context.err('Warning: Stopping docker.service, but it can still be activated by:\n  docker.socket\n')
  return 0
}

/** The service needs its socket: it goes with it. */
async function stopSocket(context: CommandContext, engine: Engine): Promise<number> {
  await end(context, engine)
  removeSocket(context.world, engine)
  return 0
}

function startSocket(context: CommandContext, engine: Engine): number {
  if (engine.service === 'failed') engine.service = 'inactive'
  placeSocket(context.world, engine)
  return 0
}

function status(context: CommandContext, engine: Engine, unit: UnitName): number {
  const state = stateOf(context, engine, unit)
  context.out(statusText(context, engine, unit, state))
  return state === 'active' ? 0 : 3
}
