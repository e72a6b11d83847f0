/** /proc as a pid namespace shows it: processes, mounts, net, sys/net, and the few files that tools read. proc(5) */
import type { Kernel } from '../kernel.ts'
import type { Simulation } from '../simulation.ts'
import { findProcess, visibleProcesses } from '../task/process.ts'
import { computedDirectory, computedFile, computedLink } from './computed.ts'
import type { Viewer } from './filesystem.ts'
import { processDirectory } from './proc-process.ts'
import { sysctlDirectory } from './proc-sys.ts'
import type { DirectoryNode, Filesystem, Inode } from './types.ts'

export function procRoot(
  sim: Simulation,
  kernel: Kernel,
  filesystem: Filesystem,
  viewer: Viewer,
): DirectoryNode {
  return computedDirectory(() => rootEntries(sim, kernel, filesystem, viewer), sim.epochMs)
}

function rootEntries(
  sim: Simulation,
  kernel: Kernel,
  filesystem: Filesystem,
  viewer: Viewer,
): Map<string, Inode> {
  const pidns = filesystem.pidns ?? [...kernel.pidNamespaces.keys()][0] ?? 0
  const looker = kernel.processes.get(viewer.pid)
  const own = looker?.pids.get(pidns)
  const entries = new Map<string, Inode>()
  for (const { number, process } of visibleProcesses(kernel, pidns))
    entries.set(String(number), processDirectory(sim, kernel, process, pidns))
  entries.set('self', computedLink(own === undefined ? '' : String(own), sim.epochMs))
  entries.set('thread-self', computedLink(own === undefined ? '' : `${own}/task/${own}`, sim.epochMs))
  entries.set('mounts', computedLink('self/mounts', sim.epochMs))
  entries.set('net', computedLink('self/net', sim.epochMs))
  entries.set('sys', sysctlDirectory(sim, kernel, viewer.netns, looker))
  for (const [name, read] of general(sim, kernel, pidns))
    entries.set(name, computedFile(read, { atMs: sim.epochMs }))
  return entries
}

function general(sim: Simulation, kernel: Kernel, pidns: number): [string, () => string][] {
  const seconds = (): string => (sim.nowUs / 1e6 + 3600).toFixed(2)
  return [
    ['uptime', () => `${seconds()} ${(Number(seconds()) * 1.9).toFixed(2)}\n`],
    ['loadavg', () => `0.00 0.01 0.00 1/${kernel.processes.size} ${lastPid(kernel, pidns)}\n`],
    [
      'version',
      () => `Linux version ${kernel.features.release} (root@build) (gcc 12.2.0) #1 SMP PREEMPT_DYNAMIC\n`,
    ],
    ['meminfo', meminfo],
    ['filesystems', () => 'nodev\tsysfs\nnodev\ttmpfs\nnodev\tproc\nnodev\toverlay\n\text4\n'],
    ['cmdline', () => 'BOOT_IMAGE=/boot/vmlinuz root=/dev/sda1 ro quiet\n'],
    ['cpuinfo', () => [0, 1].map(cpu).join('\n')],
    ['modules', () => ''],
    [
      'stat',
      () => `cpu  4705 150 1120 1623490 520 0 17 0 0 0\nbtime ${Math.floor(sim.epochMs / 1000) - 3600}\n`,
    ],
  ]
}

function lastPid(kernel: Kernel, pidns: number): number {
  let last = 1
  for (const { number } of visibleProcesses(kernel, pidns)) last = Math.max(last, number)
  return last
}

/** The memory of a small machine, in KiB; `free` reads it. */
export const MEMORY = Object.freeze({
  total: 4_017_000,
  free: 2_911_000,
  available: 3_402_000,
  buffers: 41_000,
  cached: 602_000,
})

function meminfo(): string {
  const row = (name: string, value: number): string =>
    `${`${name}:`.padEnd(16)}${String(value).padStart(8)} kB\n`
  return (
    row('MemTotal', MEMORY.total) +
    row('MemFree', MEMORY.free) +
    row('MemAvailable', MEMORY.available) +
    row('Buffers', MEMORY.buffers) +
    row('Cached', MEMORY.cached) +
    row('SwapTotal', 0) +
    row('SwapFree', 0)
  )
}

function cpu(number: number): string {
  return `processor\t: ${number}\nmodel name\t: Virtual CPU\ncpu MHz\t\t: 2400.000\n`
}

/** The process a number names in the /proc that a process sees. */
export function processByNumber(
  kernel: Kernel,
  pidns: number,
  number: number,
): ReturnType<typeof findProcess> {
  return findProcess(kernel, pidns, number)
}
