/** nginx: a master that holds the sockets, and two workers that serve. Signals as in nginx(8). */
import { readFile } from '../kernel/fs/files.ts'
import type { WakeCause } from '../kernel/simulation.ts'
import { socketOf } from '../kernel/sockets/open.ts'
import { spawnProcess, startProcess } from '../kernel/task/process.ts'
import { signalProcess } from '../kernel/task/signal.ts'
import type { Program } from '../kernel/task/types.ts'
import type { ProcessContext } from './context.ts'
import { nowMs } from './http-answer.ts'
import { type HttpServerProgram, httpServerProgram } from './http-server.ts'
import { listen } from './tcp-stream.ts'

const WORKERS = 2
const BACKLOG = 511
const FIRST_FD = 5
const BIND_TRIES = 5
const BIND_PAUSE_US = 500_000

export interface NginxProgram extends Program {
  readonly kind: 'nginx'
  readonly version: string
  readonly argv: readonly string[]
  workers: number[]
  /** How often it has tried to bind its sockets. */
  tries: number
}

export function nginxProgram(version: string, argv: readonly string[]): NginxProgram {
  return { kind: 'nginx', version, argv, workers: [], tries: 0 }
}

export function stepNginx(context: ProcessContext, program: NginxProgram, cause: WakeCause): void {
  if (cause.kind === 'signal') return stop(context, program, cause.signal)
  if (program.workers.length > 0) return
  const { process } = context
  for (const signal of [2, 3, 15, 1]) process.handlers.add(signal)
  const site = {
    flavor: 'nginx',
    version: program.version,
    roots: ['/usr/share/nginx/html', '/var/www/html'],
  } as const
  const listens = [
    { address: 0, port: 80, family: 4, dualStack: false },
    { address: 0, port: 80, family: 6, dualStack: false },
  ] as const
  const template = httpServerProgram(site, listens, BACKLOG, FIRST_FD)
  if (!bindAll(context, program, template)) return
  process.argv = [`nginx: master process ${program.argv.join(' ')}`]
  for (let i = 0; i < WORKERS; i++) {
    const worker = spawnProcess(context.sim, context.kernel, process, {
      argv: ['nginx: worker process'],
      handlers: new Set(),
      uid: workerUid(context),
      program: { ...template, listeners: [...template.listeners], connections: new Map() } as Program,
    })
    program.workers.push(worker.pid)
    startProcess(context.sim, worker)
  }
  for (const fd of template.listeners) {
    const socket = socketOf(context.kernel, process, fd)
    if (socket !== undefined) socket.owner = program.workers[0] ?? process.pid
  }
}

/** ngx_open_listening_sockets: five times, half a second apart, each failure to log and stderr. */
function bindAll(context: ProcessContext, program: NginxProgram, template: HttpServerProgram): boolean {
  program.tries++
  let failed = false
  for (const one of template.listens) {
    const fd = listen(context, { ...one, backlog: BACKLOG, lowestFd: FIRST_FD })
    if (fd.ok) template.listeners.push(fd.value)
    else {
      failed = true
      const address = `${one.family === 4 ? '0.0.0.0' : '[::]'}:${one.port}`
      complain(context, 'bind', { address, error: fd.error.code })
    }
  }
  if (!failed) return true
  for (const fd of template.listeners) context.close(fd)
  if (program.tries < BIND_TRIES) context.setTimer(BIND_PAUSE_US, 1)
  else {
    complain(context, 'still')
    context.exit(1)
  }
  return false
}

function complain(context: ProcessContext, kind: string, data: object = {}): void {
  const pid = context.process.pids.get(context.process.pidns) ?? context.process.pid
  context.emit({ program: 'nginx', kind, pid, atMs: nowMs(context), ...data }, 2)
}

/** The user of the official image, or Debian's. */
function workerUid(context: ProcessContext): number {
  const passwd = readFile(context.sim, context.kernel, context.process, '/etc/passwd')
  const lines = passwd.ok ? passwd.value.split('\n') : []
  const line =
    lines.find((one) => one.startsWith('nginx:')) ?? lines.find((one) => one.startsWith('www-data:'))
  return Number(line?.split(':')[2] ?? 33)
}

function stop(context: ProcessContext, program: NginxProgram, signal: number): void {
  if (signal === 1) return
  for (const pid of program.workers) signalProcess(context.sim, context.kernel, pid, 9)
  context.exit(0)
}
