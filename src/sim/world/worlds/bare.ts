/** The same as `linux` without Docker: namespaces, bridges and NAT are made by hand here. */
import { bareHost } from '../profiles.ts'
import { startSshServer } from '../ssh.ts'
import { advanceWorld } from '../step.ts'
import type { World } from '../world.ts'
import { SETTLE_US } from './lab.ts'
import { buildLan } from './lan.ts'

export function buildBare(world: World): void {
  buildLan(
    world,
    [
      { name: 'host1', address: '192.168.178.100', mac: '52:54:00:a8:b2:64', profile: bareHost },
      { name: 'client', address: '192.168.178.50', mac: '52:54:00:a8:b2:32', profile: bareHost },
    ],
    bareHost,
    'named',
  )
  for (const name of ['host1', 'client']) startSshServer(world, name)
  advanceWorld(world, SETTLE_US)
}
