/** The recorded lab: two Docker hosts and a client on one LAN, a router, and something like the internet behind it. */
import { createEngine } from '../../docker/create-engine.ts'
import { labHost } from '../profiles.ts'
import { advanceWorld } from '../step.ts'
import type { World } from '../world.ts'
import { buildLan } from './lan.ts'

/** The addresses of a freshly booted host have settled by then. */
export const SETTLE_US = 5_000_000

export function buildLab(world: World): void {
  const host = { profile: labHost }
  buildLan(
    world,
    [
      { ...host, name: 'host1', address: '192.168.178.100', mac: '52:54:00:a8:b2:64' },
      { ...host, name: 'host2', address: '192.168.178.101', mac: '52:54:00:a8:b2:65' },
      { ...host, name: 'client', address: '192.168.178.50', mac: '52:54:00:a8:b2:32' },
    ],
    labHost,
  )
  createEngine(world, 'host1', world.engineProfile)
  createEngine(world, 'host2', world.engineProfile)
  advanceWorld(world, SETTLE_US)
}
