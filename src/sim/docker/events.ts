/** What `docker events` tells: one note for each thing that happens to an object. moby daemon/events.go, daemon/events/events.go */
import type { Container } from './container.ts'
import type { Engine, EngineWorld } from './engine.ts'
import type { Network } from './network.ts'

export interface EngineEvent {
  readonly type: 'container' | 'network' | 'volume' | 'image' | 'daemon'
  readonly action: string
  readonly id: string
  readonly attributes: Readonly<Record<string, string>>
  readonly atUs: number
}

/** Notes of the past, and how many there have been in all. */
export interface EventLog {
  kept: EngineEvent[]
  total: number
}

/** daemon/events `eventsLimit` */
const MOST_KEPT = 256

export function logEvent(world: EngineWorld, engine: Engine, event: Omit<EngineEvent, 'atUs'>): void {
  engine.events.kept.push({ ...event, atUs: world.nowUs })
  engine.events.total++
  if (engine.events.kept.length > MOST_KEPT) engine.events.kept.shift()
}

/** Labels, image and name go with every event of a container. */
export function logContainer(
  world: EngineWorld,
  engine: Engine,
  container: Container,
  action: string,
  more: Readonly<Record<string, string>> = {},
): void {
  const { labels, image } = container.config
  logEvent(world, engine, {
    type: 'container',
    action,
    id: container.id,
    attributes: { ...labels, ...more, image, name: container.name },
  })
}

/** An image goes by the name it is called by; its labels come along. daemon/events.go `LogImageEvent` */
export function logImage(
  world: EngineWorld,
  engine: Engine,
  image: { readonly id: string; readonly labels: Readonly<Record<string, string>> },
  action: string,
  name: string,
): void {
  const attributes = { ...image.labels, name }
  logEvent(world, engine, { type: 'image', action, id: image.id, attributes })
}

export function logNetwork(
  world: EngineWorld,
  engine: Engine,
  network: Network,
  action: string,
  more: Readonly<Record<string, string>> = {},
): void {
  logEvent(world, engine, {
    type: 'network',
    action,
    id: network.id,
    attributes: { ...more, name: network.name, type: network.driver },
  })
}

/** `mount` when a container starts, `unmount` when it has ended: one note for each of its volumes. */
export function logVolumes(
  world: EngineWorld,
  engine: Engine,
  container: Container,
  action: 'mount' | 'unmount',
): void {
  for (const bind of container.hostConfig.binds) {
    if (bind.volume === null) continue
    const writable = String(!bind.mode.split(',').includes('ro'))
    const place = { destination: bind.destination, propagation: '', 'read/write': writable }
    const attributes = {
      container: container.id,
      driver: 'local',
      ...(action === 'mount' ? place : {}),
    }
    logEvent(world, engine, { type: 'volume', action, id: bind.volume, attributes })
  }
}

/** Those after the first `seen` of all there have been; older ones are forgotten. */
export function eventsSince(log: EventLog, seen: number): EngineEvent[] {
  const count = Math.min(log.total - seen, log.kept.length)
  return count <= 0 ? [] : log.kept.slice(-count)
}
