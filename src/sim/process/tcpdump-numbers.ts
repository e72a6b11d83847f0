/** Sequence numbers relative to the start of a conversation, as print-tcp.c keeps them. */
import type { Frame } from '../wire/frame.ts'

/** Both directions' first numbers by the conversation's four numbers. */
export type Conversations = Map<string, { readonly sequence: number; readonly acknowledgment: number }>

/** What to take off the numbers of this segment; null: they are shown as they are. */
export function relativeNumbers(
  conversations: Conversations,
  frame: Frame,
): { readonly sequence: number; readonly acknowledgment: number } | null {
  const packet = frame.payload
  if (packet.kind !== 'ipv4' || packet.payload.kind !== 'tcp' || !packet.payload.flags.ack) return null
  const tcp = packet.payload
  const here = `${packet.source}:${tcp.sourcePort}`
  const there = `${packet.destination}:${tcp.destinationPort}`
  const reversed = here > there
  const key = reversed ? `${there} ${here}` : `${here} ${there}`
  const known = conversations.get(key)
  if (known === undefined || tcp.flags.syn) {
    const back = (tcp.acknowledgment - 1) >>> 0
    conversations.set(
      key,
      reversed
        ? { sequence: back, acknowledgment: tcp.sequence }
        : { sequence: tcp.sequence, acknowledgment: back },
    )
    return null
  }
  return reversed ? { sequence: known.acknowledgment, acknowledgment: known.sequence } : known
}
