/** What the pane that explains the world shows: computed from the world and its trace as they are now. */
import { lookUp } from '../../course/explain/look-up.ts'
import { walkOf, walkText } from '../../course/explain/walk.ts'
import type { Surroundings } from '../../course/explain/words.ts'
import { mapOf } from '../../course/explain/world-map.ts'
import { drawMap } from '../../course/explain/world-map-text.ts'
import type { Session } from '../../session/session.ts'
import type { SideRequest } from '../ports.ts'

const NO_PACKETS =
  'No command has sent a packet yet. Try one in the shell, a ping for example: its packets are shown here, step by step.'

export function sideText(
  session: Session,
  surroundings: Surroundings,
  { kind, columns, packet, word }: SideRequest,
): string {
  switch (kind) {
    case 'map':
      return drawMap(mapOf(session.world), columns)
    case 'walk': {
      const walk = walkOf(session.world, session.journal)
      if (walk === null) return NO_PACKETS
      return packet === null ? walkText(walk) : walkText(walk, packet)
    }
    case 'glossary':
      return lookUp(surroundings.lookUp(), word).text
  }
}
