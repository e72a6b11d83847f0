/** The units of a Debian host that matter here. systemd.unit(5), docker.service and docker.socket of docker.io. */
import type { Engine } from '../../sim/docker/engine.ts'
import type { CommandContext } from '../context.ts'

export type UnitName = 'docker.service' | 'docker.socket'

export function engineOf(context: CommandContext): Engine | undefined {
  return context.world.engines.get(context.kernel.host)
}

/** `docker` is `docker.service`; null: no such unit. */
export function unitOf(context: CommandContext, name: string): UnitName | null {
  const full = name.includes('.') ? name : `${name}.service`
  const isKnown = full === 'docker.service' || full === 'docker.socket'
  return isKnown && engineOf(context) !== undefined ? full : null
}

/** Whether a process may ask the service manager: it stands outside of containers. */
export function seesManager(context: CommandContext): boolean {
  const [first] = context.kernel.pidNamespaces.keys()
  return context.process.pidns === first
}
