/** A machine that can be logged in to over the network: sshd as systemd starts it. */
import type { HostName } from '../kernel/simulation.ts'
import { spawnProcess, startProcess } from '../kernel/task/process.ts'
import { sshServerProgram } from '../process/ssh-server.ts'
import type { World } from './world.ts'

export function startSshServer(world: World, host: HostName): void {
  const kernel = world.kernels.get(host)
  const init = kernel?.processes.get(1)
  if (kernel === undefined || init === undefined) return
  const program = sshServerProgram()
  const argv = ['sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups']
  startProcess(world, spawnProcess(world, kernel, init, { argv, program, terminal: null, state: 'sleeping' }))
}
