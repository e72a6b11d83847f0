/** The world: hosts, cables, time, randomness, what is to come, engines. Plain data but for `services` and `trace`. */
import type { Engine } from '../docker/engine.ts'
import type { HostName, Simulation } from '../kernel/simulation.ts'

export interface World extends Simulation {
  readonly format: 2
  /** `lab`, `desktop`, `linux`, `bare`. */
  readonly name: string
  /** `20.10`, `28`. */
  readonly engineProfile: string
  readonly seed: number
  engines: Map<HostName, Engine>
}
