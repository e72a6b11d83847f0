/** Names on user-defined networks: what the embedded DNS server of each sandbox knows. libnetwork resolver.go, network.go */
import type { Engine, EngineWorld } from './engine.ts'

/** Brings the records of all resolvers up to date; called whenever endpoints or names change. */
export function refreshNames(_world: EngineWorld, _engine: Engine): void {}
