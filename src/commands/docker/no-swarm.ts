/**
 * What the swarm commands say on a node that is in no swarm. docker/cli cli/command/{service,node,stack,swarm,secret,config}
 * (20.10), moby daemon/cluster/cluster.go `errNoSwarm`.
 */
import { daemonError } from './lifecycle.ts'
import { command } from './make-spec.ts'
import { any, type Call, type CommandSpec, Refused } from './spec.ts'

export const NOT_A_MANAGER =
  'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.'

/** The daemon is asked, and refuses. */
function refuse(call: Call): never {
  call.engine()
  throw new Refused(daemonError(NOT_A_MANAGER))
}

/** `inspect` prints what it has found first: nothing. */
function refuseInspect(call: Call): never {
  call.engine()
  call.context.out('[]\n')
  throw new Refused(`Status: ${daemonError(NOT_A_MANAGER)}, Code: 1`)
}

/** Without an option `docker swarm update` shows its help. */
export function managerUpdate(call: Call): number {
  if (call.flags.parsed.values.size > 0) return refuse(call)
  return call.showHelp()
}

export function leave(call: Call): never {
  call.engine()
  throw new Refused(daemonError('This node is not part of a swarm'))
}

export function unlock(call: Call): never {
  call.engine()
  throw new Refused('Error: This node is not part of a swarm')
}

export function unlockKey(call: Call): never {
  call.engine()
  throw new Refused(`could not fetch unlock key: ${daemonError(NOT_A_MANAGER)}`)
}

/** A command that a manager alone can carry out; its options are not looked at, as no manager is there to read them. */
export function managerOnly(
  name: string,
  short: string,
  words = '[OPTIONS]',
  run: (call: Call) => number = name === 'inspect' ? refuseInspect : refuse,
  options: { readonly flags?: string; readonly aliases?: readonly string[] } = {},
): CommandSpec {
  return { ...command(name, words, short, any, run, options), ignoresOptions: true }
}
