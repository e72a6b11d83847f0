/** nginx: a master that holds the sockets, and two workers that serve. Signals as in nginx(8). */
import { readFile } from '../kernel/fs/files.ts'
import type { WakeCause } from '../kernel/simulation.ts'
import { socketOf } from '../kernel/sockets/open.ts'
import { spawnProcess, startProcess } from '../kernel/task/process.ts'
import { signalProcess } from '../kernel/task/signal.ts'
import type { Program } from '../kernel/task/types.ts'
import type { ProcessContext } from './context.ts'
import { httpServerProgram, openListeners } from './http-server.ts'

const WORKERS = 2
const BACKLOG = 511
const FIRST_FD = 5

export interface NginxProgram extends Program {
  readonly kind: 'nginx'
  readonly version: string
  readonly argv: readonly string[]
  workers: number[]
}

export function nginxProgram(version: string, argv: readonly string[]): NginxProgram {
  return { kind: 'nginx', version, argv, workers: [] }
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
  if (!openListeners(context, template)) return
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
