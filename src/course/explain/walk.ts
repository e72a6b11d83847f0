/** The packet walk: the packets that the last command set in motion, and each of them step by step. */

import type { World } from '../../sim/world/world.ts'
import { namesOf } from './names.ts'
import { packetText } from './packet-text.ts'
import { packetsOf, type TracedPacket } from './packets.ts'
import { type Story, type StoryLine, storyOf } from './story.ts'

/** A line that was run, and when, in the world's time. */
export interface RunLine {
  readonly line: string
  readonly atUs: number
}

export interface Walk {
  /** The line that sent them. */
  readonly line: string
  readonly packets: readonly WalkedPacket[]
}

export interface WalkedPacket {
  readonly title: string
  readonly story: Story
}

/** More are counted, not told. */
const MOST_PACKETS = 200

/** The latest line that set packets in motion; null when none did (or it is too long ago to be remembered). */
export function walkOf(world: World, lines: readonly RunLine[]): Walk | null {
  const events = world.trace?.events ?? []
  let until = Number.POSITIVE_INFINITY
  for (const { line, atUs } of [...lines].reverse()) {
    if (!/^\s*(?:sudo\s+)?tutor\b/.test(line)) {
      const found = packetsOf(events.filter((event) => event.atUs >= atUs && event.atUs < until))
      if (found.length > 0) return { line, packets: told(world, found) }
    }
    until = atUs
  }
  return null
}

export function told(world: World, packets: readonly TracedPacket[]): WalkedPacket[] {
  const names = namesOf(world)
  return packets.slice(0, MOST_PACKETS).map((packet) => ({
    title: packetText(packet.first),
    story: storyOf(packet, names),
  }))
}

/** The one worth looking at first: one that got lost, else the first one. */
export function worthLooking({ packets }: Walk): number {
  const bad = packets.findIndex(({ story }) => story.fate.kind !== 'delivered')
  return Math.max(0, bad)
}

export function fateText({ fate }: Story): string {
  switch (fate.kind) {
    case 'delivered':
      return `arrived at ${fate.place}`
    case 'dropped':
      return `${fate.place}: ${fate.text}`
    case 'lost':
      return `last seen at ${fate.place}`
  }
}

/** All packets in a list, then one of them (numbered from 0) step by step. */
export function walkText(walk: Walk, at = worthLooking(walk), isTold = false): string {
  const { line, packets } = walk
  const shown = Math.min(Math.max(0, at), packets.length - 1)
  const rows = windowAround(packets.length, shown).map((index) => {
    const { title, story } = packets[index]!
    const pointer = isTold ? '' : index === shown ? '▸ ' : '  '
    return `${pointer}${String(index + 1).padStart(2)}  ${title}: ${fateText(story)}`
  })
  const left = packets.length - rows.length
  const more = left > 0 ? [`      (and ${left} more)`] : []
  const { title, story } = packets[shown]!
  const body = storyText(story, isTold)
  return `Packets of: ${line}\n${[...rows, ...more].join('\n')}\n\nPacket ${shown + 1}: ${title}\n${body}\n${isTold ? '' : `\n${LEGEND}\n`}`
}

const MOST_ROWS = 12

function windowAround(count: number, at: number): number[] {
  const from = Math.max(0, Math.min(at - 4, count - MOST_ROWS))
  return Array.from({ length: Math.min(MOST_ROWS, count) }, (_, i) => from + i)
}

const SIGNS: Readonly<Record<StoryLine['kind'], string>> = {
  move: '→',
  'look-up': '?',
  rule: '✓',
  'passed-over': '·',
  rewrite: '≠',
  end: '■',
  drop: '✗',
}

const LEGEND = '→ moves  ? looked up  ✓ rule matches  · passed over  ≠ rewritten  ■ arrived  ✗ dropped'

/** Step by step, told without signs for those who listen; what happens at one place stands together. */
export function storyText({ lines }: Story, isTold = false): string {
  const rows: string[] = []
  let place = ''
  for (const line of lines) {
    if (line.place !== place) rows.push(isTold ? `In ${line.place}:` : line.place)
    place = line.place
    rows.push(isTold ? `  ${line.text}` : `  ${SIGNS[line.kind]} ${line.text}`)
  }
  return rows.join('\n')
}
