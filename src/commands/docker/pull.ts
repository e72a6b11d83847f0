/** `docker pull`: there is no registry in any of the worlds; the engine's error is that of a name that is not found. */
import type { Engine } from '../../sim/docker/engine.ts'
import { hostFile } from '../../sim/docker/files.ts'
import { checkReference } from '../../sim/docker/images.ts'
import type { World } from '../../sim/world/world.ts'
import { type Call, Refused } from './spec.ts'

/** `nginx` comes from Docker Hub; a first part with a dot or a port is a registry of its own. */
function registryOf(image: string): string {
  const [first = ''] = image.split('/')
  return image.includes('/') && (/[.:]/.test(first) || first === 'localhost') ? first : 'registry-1.docker.io'
}

/** `Error response from daemon: Get "https://registry-1.docker.io/v2/": dial tcp: lookup … no such host` */
export function pullRefusal(world: World, engine: Engine, image: string): string {
  const registry = registryOf(image)
  const server = /^\s*nameserver\s+(\S+)/m.exec(hostFile(world, engine, '/etc/resolv.conf') ?? '')?.[1]
  const where = server === undefined ? '' : ` on ${server.includes(':') ? `[${server}]` : server}:53`
  const name = registry.replace(/:\d+$/, '')
  return `Error response from daemon: Get "https://${registry}/v2/": dial tcp: lookup ${name}${where}: no such host`
}

export function pull(call: Call): number {
  const [image = ''] = call.operands
  const reference = checkReference(image)
  if (!reference.ok) throw new Refused(reference.error.detail ?? '')
  const last = image.slice(image.lastIndexOf('/') + 1)
  if (!last.includes(':') && !image.includes('@')) {
    if (!call.flags.bool('all-tags') && !call.flags.bool('quiet'))
      call.context.out('Using default tag: latest\n')
  }
  throw new Refused(pullRefusal(call.world, call.engine(), image))
}
