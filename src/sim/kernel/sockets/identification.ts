/** The identification field of packets that are sent on their own: random since Linux 6 (ip_select_ident). RFC 6864 */
import { nextUint32 } from '../../base/random.ts'
import type { Simulation } from '../simulation.ts'

export function newIdentification(sim: Simulation): number {
  return nextUint32(sim.random) & 0xffff
}
