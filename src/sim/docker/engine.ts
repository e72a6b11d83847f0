/** The Docker engine of one host: images, containers, networks. Plain data; moby `daemon/`, `libnetwork/`. */
import type { HostName } from '../kernel/simulation.ts'

export interface Engine {
  readonly host: HostName
}
