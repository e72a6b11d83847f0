/** /proc/PID. proc_pid(5); ns/ as in namespaces(7) */
import type { Kernel } from '../kernel.ts'
import type { Simulation } from '../simulation.ts'
import type { Descriptor, Process } from '../task/types.ts'
import { computedDirectory, computedFile, computedLink, magicLink } from './computed.ts'
import { procNetEntries } from './net-files.ts'
import { namespaceNode } from './tree.ts'
import type { Inode, Mount } from './types.ts'

export function processDirectory(sim: Simulation, kernel: Kernel, process: Process, pidns: number): Inode {
  const at = sim.epochMs + Math.floor(process.startedUs / 1000)
  return computedDirectory(() => entriesOf(sim, kernel, process, pidns, at), at)
}

function entriesOf(
  sim: Simulation,
  kernel: Kernel,
  process: Process,
  pidns: number,
  at: number,
): Map<string, Inode> {
  const text = (read: () => string): Inode => computedFile(read, { atMs: at })
  const number = process.pids.get(pidns) ?? process.pid
  return new Map<string, Inode>([
    ['cgroup', text(() => '0::/\n')],
    [
      'cmdline',
      text(() => (process.state === 'zombie' ? '' : process.argv.map((word) => `${word}\0`).join(''))),
    ],
    ['comm', text(() => `${commandName(process)}\n`)],
    ['cwd', computedLink(process.cwd, at)],
    ['environ', text(() => [...process.env].map(([name, value]) => `${name}=${value}\0`).join(''))],
    ['exe', computedLink(process.argv[0] ?? '', at)],
    ['fd', computedDirectory(() => descriptorLinks(process, at), at, 0o500)],
    [
      'mountinfo',
      text(() =>
        mountLines(kernel, process)
          .map((line, i) => `${20 + i} 1 0:${20 + i} / ${line}`)
          .join(''),
      ),
    ],
    ['mounts', text(() => mountLines(kernel, process).join(''))],
    ['net', computedDirectory(() => netEntries(sim, kernel, process), at)],
    ['ns', computedDirectory(() => namespaceLinks(process, at), at, 0o511)],
    ['root', computedLink(process.root, at)],
    ['stat', text(() => statLine(process, number, parentNumber(kernel, process, pidns)))],
    ['status', text(() => status(kernel, process, number, pidns))],
  ])
}

/** What `ps -o comm` prints: the file name of the program, at most 15 characters (TASK_COMM_LEN). */
export function commandName(process: Process): string {
  const name = /^-?[^\s:]*/.exec(process.argv[0] ?? '')![0]
  return name
    .slice(name.lastIndexOf('/') + 1)
    .replace(/^-/, '')
    .slice(0, 15)
}

export function parentNumber(kernel: Kernel, process: Process, pidns: number): number {
  return kernel.processes.get(process.ppid)?.pids.get(pidns) ?? 0
}

export function stateLetter(process: Process): string {
  if (process.frozen) return 'D'
  return { running: 'S', sleeping: 'S', stopped: 'T', zombie: 'Z' }[process.state]
}

function statLine(process: Process, number: number, parent: number): string {
  return `${number} (${commandName(process)}) ${stateLetter(process)} ${parent} ${process.group} ${process.group} 0 -1\n`
}

const CAPABILITY_NUMBERS: readonly string[] = [
  'CHOWN',
  'DAC_OVERRIDE',
  'DAC_READ_SEARCH',
  'FOWNER',
  'FSETID',
  'KILL',
  'SETGID',
  'SETUID',
  'SETPCAP',
  'LINUX_IMMUTABLE',
  'NET_BIND_SERVICE',
  'NET_BROADCAST',
  'NET_ADMIN',
  'NET_RAW',
  'IPC_LOCK',
  'IPC_OWNER',
  'SYS_MODULE',
  'SYS_RAWIO',
  'SYS_CHROOT',
  'SYS_PTRACE',
  'SYS_PACCT',
  'SYS_ADMIN',
  'SYS_BOOT',
  'SYS_NICE',
  'SYS_RESOURCE',
  'SYS_TIME',
  'SYS_TTY_CONFIG',
  'MKNOD',
  'LEASE',
  'AUDIT_WRITE',
  'AUDIT_CONTROL',
  'SETFCAP',
  'MAC_OVERRIDE',
  'MAC_ADMIN',
  'SYSLOG',
  'WAKE_ALARM',
  'BLOCK_SUSPEND',
  'AUDIT_READ',
  'PERFMON',
  'BPF',
  'CHECKPOINT_RESTORE',
]

function capabilityMask(process: Process): string {
  let mask = 0n
  CAPABILITY_NUMBERS.forEach((name, bit) => {
    if (process.capabilities.has(name)) mask |= 1n << BigInt(bit)
  })
  return mask.toString(16).padStart(16, '0')
}

function status(kernel: Kernel, process: Process, number: number, pidns: number): string {
  const letter = stateLetter(process)
  const words: Record<string, string> = { S: 'sleeping', T: 'stopped', Z: 'zombie', D: 'disk sleep' }
  const mask = capabilityMask(process)
  return [
    `Name:\t${commandName(process)}`,
    `State:\t${letter} (${words[letter]})`,
    `Tgid:\t${number}`,
    `Pid:\t${number}`,
    `PPid:\t${parentNumber(kernel, process, pidns)}`,
    `Uid:\t${`${process.uid}\t`.repeat(4).trimEnd()}`,
    `Gid:\t${`${process.gid ?? process.uid}\t`.repeat(4).trimEnd()}`,
    `NSpid:\t${[...process.pids.values()].slice([...process.pids.keys()].indexOf(pidns)).join('\t')}`,
    `Threads:\t1`,
    `CapInh:\t0000000000000000`,
    `CapPrm:\t${mask}`,
    `CapEff:\t${mask}`,
    `CapBnd:\t${mask}`,
    `CapAmb:\t0000000000000000`,
    '',
  ].join('\n')
}

function descriptorLinks(process: Process, at: number): Map<string, Inode> {
  const fds = [...process.descriptors].sort(([x], [y]) => x - y)
  return new Map(fds.map(([fd, descriptor]) => [String(fd), computedLink(descriptorTarget(descriptor), at)]))
}

export function descriptorTarget(descriptor: Descriptor): string {
  switch (descriptor.kind) {
    case 'null':
      return '/dev/null'
    case 'terminal':
      return `/dev/pts/${descriptor.terminal}`
    case 'pipe':
      return `pipe:[${40000 + descriptor.pipe}]`
    case 'file':
      return descriptor.path
    case 'socket':
      return `socket:[${30000 + descriptor.socket}]`
    case 'log':
      return `pipe:[${39000 + (descriptor.stream === 'stdout' ? 1 : 2)}]`
  }
}

function netEntries(sim: Simulation, kernel: Kernel, process: Process): Map<string, Inode> {
  const netns = kernel.namespaces.get(process.netns)
  return netns === undefined ? new Map() : procNetEntries(sim, kernel, netns)
}

/** Namespaces that are not modelled have the numbers every Linux gives its first ones (include/linux/proc_ns.h). */
function namespaceLinks(process: Process, at: number): Map<string, Inode> {
  const link = (type: 'net' | 'mnt' | 'uts' | 'pid', id: number): Inode =>
    magicLink(`${type}:[${id}]`, namespaceNode(type, id), at)
  const fixed = (type: string, id: number): Inode => magicLink(`${type}:[${id}]`, null, at)
  return new Map<string, Inode>([
    ['cgroup', fixed('cgroup', 4026531835)],
    ['ipc', fixed('ipc', 4026531839)],
    ['mnt', link('mnt', process.mountns)],
    ['net', link('net', process.netns)],
    ['pid', link('pid', process.pidns)],
    ['pid_for_children', link('pid', process.pidns)],
    ['time', fixed('time', 4026531834)],
    ['time_for_children', fixed('time', 4026531834)],
    ['user', fixed('user', 4026531837)],
    ['uts', link('uts', process.utsns)],
  ])
}

/** Lines of /proc/PID/mounts. */
export function mountLines(kernel: Kernel, process: Process): string[] {
  const mounts = kernel.mountNamespaces.get(process.mountns)?.mounts ?? []
  return mounts.map((mount) => {
    const type = kernel.filesystems.get(mount.filesystem)?.type ?? 'tmpfs'
    return `${type} ${mount.path} ${type} ${options(mount, type)} 0 0\n`
  })
}

function options(mount: Mount, type: string): string {
  const access = mount.readOnly ? 'ro' : 'rw'
  return type === 'overlay' ? `${access},relatime` : `${access},nosuid,nodev,noexec,relatime`
}
