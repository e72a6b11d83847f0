/** `docker top`, `port`. docker/cli cli/command/container/{top,port}.go; moby daemon/top_unix.go */

import { alignColumns } from '../../render/docker/tabwriter.ts'
import { apiTime } from '../../sim/base/api-value.ts'
import type { Container } from '../../sim/docker/container.ts'
import { findContainer } from '../../sim/docker/create-container.ts'
import type { Engine } from '../../sim/docker/engine.ts'
import { logContainer } from '../../sim/docker/events.ts'
import { hostFile } from '../../sim/docker/files.ts'
import { endpointsOf } from '../../sim/docker/inspect-container.ts'
import { isRunning, processesOf } from '../../sim/docker/lifecycle.ts'
import type { Process } from '../../sim/kernel/task/types.ts'
import type { World } from '../../sim/world/world.ts'
import type { CommandContext } from '../context.ts'
import { notModelled } from '../not-modelled.ts'
import { ps } from '../procps/ps.ts'
import { containerOrError, daemonError } from './lifecycle.ts'
import { type Call, Refused } from './spec.ts'
import { kernelOfEngine } from './stream.ts'

const TOP_SETTINGS = { minimumWidth: 20, padding: 3 }
const TOP_COLUMNS = ['UID', 'PID', 'PPID', 'C', 'STIME', 'TTY', 'TIME', 'CMD']

/** The host's `ps -ef`, as far as the processes are the container's. */
export function top(call: Call): number {
  const [term = '', ...options] = call.operands
  const engine = call.engine()
  const found = findContainer(engine, term)
  if (!found.ok) throw new Refused(daemonError(found.error.detail))
  const container = found.value
  if (!isRunning(container)) throw new Refused(daemonError(`Container ${container.id} is not running`))
  logContainer(call.world, engine, container, 'top')
  if (options.length > 0 && options.join(' ') !== '-ef') return topWith(call, engine, container, options)
  const users = userNames(call, engine)
  const lines = processesOf(call.world, engine, container)
    .sort((a, b) => a.pid - b.pid)
    .map((process) => topLine(call.world, process, users))
  call.context.out(`${alignColumns([TOP_COLUMNS.join('\t'), ...lines].join('\n'), TOP_SETTINGS)}\n`)
  return 0
}

/** The host's `ps` with other options: of its lines those whose PID is the container's. top_unix.go `parsePSOutput` */
function topWith(call: Call, engine: Engine, container: Container, options: readonly string[]): number {
  const kernel = kernelOfEngine(call.context, engine)
  const process = kernel.processes.get(1)
  let text = ''
  let wrong = ''
  const property = <T>(value: T) => ({ value })
  const asDaemon = Object.create(call.context, {
    argv: property(['ps', ...options]),
    out: property((part: string) => void (text += part)),
    err: property((part: string) => void (wrong += part)),
    kernel: property(kernel),
    process: property(process),
    columns: property(10_000),
    outIsTerminal: property(false),
  }) as CommandContext
  if (ps(asDaemon) !== 0) {
    if (wrong.startsWith('docker-net-tutor:')) return notModelled(call.context, `ps ${options.join(' ')}`)
    throw new Refused(daemonError(`ps: ${wrong.trim().split('\n')[0] ?? ''}`))
  }
  const [header = '', ...lines] = text.trimEnd().split('\n')
  const titles = header.trim().split(/\s+/)
  const pidAt = titles.indexOf('PID')
  if (pidAt < 0) throw new Refused(daemonError("Couldn't find PID field in ps output"))
  const own = new Set(processesOf(call.world, engine, container).map((one) => String(one.pid)))
  const rows = lines.map((line) => line.trim().split(/\s+/)).filter((fields) => own.has(fields[pidAt] ?? ''))
  const shown = rows.map((fields) =>
    [...fields.slice(0, titles.length - 1), fields.slice(titles.length - 1).join(' ')].join('\t'),
  )
  call.context.out(`${alignColumns([titles.join('\t'), ...shown].join('\n'), TOP_SETTINGS)}\n`)
  return 0
}

function userNames(call: Call, engine: Engine): Map<number, string> {
  const lines = (hostFile(call.world, engine, '/etc/passwd') ?? '').split('\n').map((line) => line.split(':'))
  return new Map(
    lines.filter((fields) => fields.length > 2).map((fields) => [Number(fields[2]), fields[0] ?? '']),
  )
}

function topLine(world: World, process: Process, users: ReadonlyMap<number, string>): string {
  const started = apiTime(world.epochMs, process.startedUs).slice(11, 16)
  const terminal = process.terminal === null ? '?' : 'pts/0'
  const user = users.get(process.uid) ?? String(process.uid)
  return [user, process.pid, process.ppid, 0, started, terminal, '00:00:00', process.argv.join(' ')].join(
    '\t',
  )
}

export function port(call: Call): number {
  const [term = '', wanted] = call.operands
  const container = containerOrError(call, term)
  const ports = endpointsOf(call.engine(), container).flatMap((endpoint) => endpoint.ports)
  if (wanted === undefined) {
    const lines = ports.map((one) => ({
      key: one.containerPort,
      text: `${one.containerPort}/${one.protocol} -> ${one.hostIp}:${one.hostPort}\n`,
    }))
    call.context.out(
      lines
        .sort((a, b) => a.key - b.key)
        .map((line) => line.text)
        .join(''),
    )
    return 0
  }
  const [number = '', protocol = 'tcp'] = wanted.split('/')
  if (!/^\d+$/.test(number)) throw new Refused(`Invalid port: ${number}`)
  const matching = ports.filter((one) => one.containerPort === Number(number) && one.protocol === protocol)
  if (matching.length === 0)
    throw new Refused(`Error: No public port '${number}/${protocol}' published for ${term}`)
  for (const one of matching) call.context.out(`${one.hostIp}:${one.hostPort}\n`)
  return 0
}
