/**
 * The processes that /proc shows to a program. proc_pid_stat(5). Not modelled: processor time (nobody has used any) and
 * memory (a program of a kind takes what such a program takes).
 */
import type { ProcessRow } from '../../render/procps/process-row.ts'
import { commandName, stateLetter } from '../../sim/kernel/fs/proc-process.ts'
import { isInit, visibleProcesses } from '../../sim/kernel/task/process.ts'
import type { Process } from '../../sim/kernel/task/types.ts'
import type { CommandContext } from '../context.ts'
import { groupName, userName } from '../coreutils/attributes.ts'
import { pidnsOfProc } from '../util-linux/namespaces.ts'

/** KiB of address space and of memory, and threads, by the kind of program. */
const SIZES: Readonly<Record<string, readonly [number, number, number]>> = {
  init: [2576, 1024, 1],
  dockerd: [1420316, 72412, 12],
  containerd: [1352404, 44236, 11],
  'containerd-shim': [720504, 8736, 11],
  'docker-proxy': [1081944, 2916, 7],
  docker: [1319372, 25148, 9],
  bash: [4624, 3712, 1],
  sh: [4404, 584, 1],
  nginx: [10248, 3420, 1],
  python3: [24812, 17208, 1],
  'redis-server': [54284, 9916, 5],
  postgres: [217164, 29180, 1],
  whoami: [1231996, 6012, 6],
  'http-echo': [1226060, 5748, 6],
}
const DEFAULT_SIZE = [5108, 1932, 1] as const

function sizeOf(process: Process): readonly [number, number, number] {
  const comm = commandName(process)
  return SIZES[comm] ?? SIZES[comm.replace(/-runc.*$/, '')] ?? DEFAULT_SIZE
}

/** What it has in memory, in KiB. */
export function residentSize(process: Process): number {
  return process.state === 'zombie' ? 0 : sizeOf(process)[1]
}

export function threadCount(process: Process): number {
  return process.state === 'zombie' ? 1 : sizeOf(process)[2]
}

/** null: /proc is not mounted here. */
export function readProcessTable(context: CommandContext): ProcessRow[] | null {
  const pidns = pidnsOfProc(context)
  if (pidns === null) return null
  return visibleProcesses(context.kernel, pidns).map(({ number, process }) =>
    rowOf(context, pidns, number, process),
  )
}

function rowOf(context: CommandContext, pidns: number, pid: number, process: Process): ProcessRow {
  const { kernel, world } = context
  const numberOf = (one: number): number => kernel.processes.get(one)?.pids.get(pidns) ?? 0
  const leader = sessionLeader(context, process)
  const terminal = process.terminal === null ? undefined : kernel.terminals.get(process.terminal)
  const foreground = terminal?.foreground ?? null
  const comm = commandName(process)
  const [vsz, rss, threads] = sizeOf(process)
  const isZombie = process.state === 'zombie'
  return {
    pid,
    ppid: numberOf(process.ppid),
    pgid: numberOf(process.group),
    sid: leader.pids.get(pidns) ?? 0,
    uid: process.uid,
    user: userName(context, process.uid),
    group: groupName(context, process.gid ?? process.uid),
    comm,
    argv: isZombie ? [] : process.argv,
    tty: terminalName(context, process),
    state: process === context.process ? 'R' : stateLetter(process),
    isLeader: leader === process,
    isForeground: foreground !== null && foreground === process.group,
    foreground: foreground === null ? -1 : numberOf(foreground),
    threads: isZombie ? 1 : threads,
    vsz: isZombie ? 0 : vsz,
    rss: isZombie ? 0 : rss,
    startedMs: world.epochMs + Math.floor(process.startedUs / 1000),
    namespaces: { net: process.netns, mnt: process.mountns, uts: process.utsns, pid: process.pidns },
  }
}

/** The first process on the way up that has this terminal; without one, the leader of the group. */
function sessionLeader(context: CommandContext, process: Process): Process {
  const { processes } = context.kernel
  let leader = process
  for (let parent = processes.get(process.ppid); parent !== undefined; parent = processes.get(parent.ppid)) {
    if (parent.terminal !== process.terminal || parent.pidns !== process.pidns) break
    if (process.terminal === null && (leader.group !== parent.group || isInit(parent))) break
    leader = parent
  }
  return leader
}

/** Each container has a /dev/pts of its own, which counts from 0. */
export function terminalName(context: CommandContext, process: Process): string | null {
  if (process.terminal === null) return null
  const { kernel } = context
  const init = kernel.processes.get(1)
  if (init === undefined || init.mountns === process.mountns) return `pts/${process.terminal}`
  const used = new Set<number>()
  for (const other of kernel.processes.values()) {
    if (other.mountns === process.mountns && other.terminal !== null) used.add(other.terminal)
  }
  return `pts/${[...used].sort((x, y) => x - y).indexOf(process.terminal)}`
}
