/**
 * `dockerd` started by hand: it reads daemon.json and goes on as the engine's daemon until it is ended. moby cmd/dockerd (20.10).
 * Not modelled: settings on its command line.
 */
import { apiTime } from '../../sim/base/api-value.ts'
import { beginDaemon } from '../../sim/docker/daemon.ts'
import { CONFIG_FILE, readConfig } from '../../sim/docker/daemon-config.ts'
import type { Engine, JournalLine } from '../../sim/docker/engine.ts'
import { hostFile } from '../../sim/docker/files.ts'
import { profileOf } from '../../sim/docker/profile.ts'
import { dockerdProgram } from '../../sim/process/dockerd.ts'
import type { CommandContext } from '../context.ts'
import { notModelled } from '../not-modelled.ts'

const FAILED = 'failed to start daemon: '
const BUSY = `${FAILED}pid file found, ensure docker is not running or delete /var/run/docker.pid`

export async function dockerd(context: CommandContext): Promise<number> {
  const engine = context.world.engines.get(context.kernel.host)
  const [word] = context.argv.slice(1)
  if (engine === undefined) return notModelled(context, 'dockerd')
  if (word === '--version' || word === '-v') return version(context, engine)
  if (word !== undefined) return notModelled(context, `dockerd ${word}`)
  if (context.process.uid !== 0) {
    context.err(`${FAILED}dockerd needs to be started with root. To see how to run dockerd in rootless mode`)
    context.err(' with unprivileged user, see the documentation\n')
    return 1
  }
  const config = readConfig(hostFile(context.world, engine, CONFIG_FILE))
  if (!config.ok) return refuse(context, config.error.detail ?? '')
  if (engine.service === 'active') {
    tellLine(context, startingUp(context, engine))
    return refuse(context, BUSY)
  }
  const from = engine.journal.length
  const ended = context.become(dockerdProgram())
  const begun = beginDaemon(context.world, engine, context.process)
  if (!begun.ok) return refuse(context, begun.error.detail ?? '')
  const told = tell(context, engine, from)
  const status = await ended
  tell(context, engine, told)
  // Asked to end it ends well: SIGTERM, SIGINT.
  return status === 143 || status === 130 ? 0 : status
}

function refuse(context: CommandContext, text: string): number {
  context.err(`${text}\n`)
  return 1
}

/** What a second daemon says before it finds the first one. */
function startingUp(context: CommandContext, engine: Engine): JournalLine {
  const { world, process } = context
  const [whole = '', fraction = ''] = apiTime(world.epochMs, world.nowUs).slice(0, -1).split('.')
  const text = `time="${whole}.${fraction.padEnd(9, '0')}Z" level=info msg="Starting up"`
  return { atUs: world.nowUs, program: 'dockerd', pid: process.pid || engine.daemonPid, text }
}

function version(context: CommandContext, engine: Engine): number {
  const { engine: number, engineCommit } = profileOf(engine).version
  context.out(`Docker version ${number}, build ${engineCommit}\n`)
  return 0
}

/** The journal's new lines, as logrus writes them to a terminal or elsewhere; gives back how many there are now. */
function tell(context: CommandContext, engine: Engine, from: number): number {
  for (const line of engine.journal.slice(from)) if (line.program === 'dockerd') tellLine(context, line)
  return engine.journal.length
}

function tellLine(context: CommandContext, line: JournalLine): void {
  context.err(`${context.outIsTerminal ? short(line) : line.text}\n`)
}

function short({ text }: JournalLine): string {
  const [, time, level = '', quoted, more = ''] =
    /^time="([^"]*)" level=(\w+) msg=("(?:[^"\\]|\\.)*")(.*)$/.exec(text) ?? []
  if (quoted === undefined) return text
  const message = `${(JSON.parse(quoted) as string).padEnd(44)} `
  return `${level.slice(0, 4).toUpperCase()}[${time}] ${message}${more.trimStart()}`
}
