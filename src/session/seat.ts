/** Where a learner sits down: the shell that is opened on a host, by what the host is. */
import type { Kernel } from '../sim/kernel/kernel.ts'

export interface Seat {
  readonly argv: readonly string[]
  readonly cwd: string
  readonly env: ReadonlyMap<string, string>
}

const LINUX: Seat = { argv: ['bash'], cwd: '/root', env: new Map() }

/** The document's PC: its prompt looks like Windows, its language is the same shell. */
const WINDOWS: Seat = {
  argv: ['bash'],
  cwd: '/c/Users/you',
  env: new Map([
    ['HOME', '/c/Users/you'],
    ['USER', 'you'],
    ['PS1', 'C:\\\\Users\\\\you>'],
  ]),
}

/** LinuxKit has no bash. */
const BUSYBOX: Seat = { argv: ['sh'], cwd: '/', env: new Map() }

export function seatAt(kernel: Kernel): Seat {
  if (kernel.profile === 'windows-pc') return WINDOWS
  return kernel.profile === 'desktop-vm' ? BUSYBOX : LINUX
}
