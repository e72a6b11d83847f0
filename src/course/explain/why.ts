/**
 * Why a packet arrives or not: a probe runs on a copy of the world, and its trace is told. Nothing is guessed: each
 * sentence is a decision that a device, a route or a rule has taken.
 */
import type { Session } from '../../session/session.ts'
import { createTrace } from '../../sim/kernel/trace.ts'
import { parseIpv4 } from '../../sim/wire/ipv4-address.ts'
import type { World } from '../../sim/world/world.ts'
import { addressFor, findPlace, isPlace, type Place } from '../place.ts'
import { probeName, probePing, probeTcp, probeUdp } from '../probe.ts'
import { sessionOnCopy } from '../runner.ts'
import { namesOf } from './names.ts'
import { addressText, packetText } from './packet-text.ts'
import { packetsOf, type TracedPacket } from './packets.ts'
import { type Story, type StoryLine, storyOf } from './story.ts'
import { fateText, storyText } from './walk.ts'

export interface Question {
  readonly from: string
  readonly to: string
  readonly port: number | null
  readonly protocol: 'icmp' | 'tcp' | 'udp'
}

/** `web:80`, `10.0.0.1:53/udp`, `example.com`; null for what is none of it. */
export function parseQuestion(from: string, target: string): Question | null {
  const match = /^([A-Za-z0-9_.-]+)(?::(\d{1,5})(?:\/(tcp|udp))?)?$/.exec(target)
  if (match === null) return null
  const port = match[2] === undefined ? null : Number(match[2])
  if (port !== null && (port < 1 || port > 65535)) return null
  return {
    from,
    to: match[1]!,
    port,
    protocol: port === null ? 'icmp' : ((match[3] as 'udp' | undefined) ?? 'tcp'),
  }
}

const TRACE = 20_000

/** In sentences; the same for the screen and for those who listen. */
export async function explainWhy(
  world: World,
  question: Question,
): Promise<{ passed: boolean; text: string }> {
  const session = sessionOnCopy(world, true)
  session.world.trace = createTrace(TRACE)
  const from = findPlace(session.world, question.from)
  if (!isPlace(from)) return refusal(from.because)
  const target = await addressOf(session, from, question.to)
  if ('because' in target)
    return { passed: false, text: `${target.because}\n${told(session, 'Its questions')}` }
  session.world.trace = createTrace(TRACE)
  const passed = await probe(session, from, question, target.address)
  const packets = packetsOf(session.world.trace.events)
  const about = `${question.from} → ${question.to}${question.port === null ? '' : ` port ${question.port}`}`
  const lines = [
    `${about} (${target.how}): ${passed ? 'gets there, and the answer comes back.' : 'no answer.'}`,
    '',
    ...verdict(session.world, question, packets, target.address, passed),
  ]
  return { passed, text: `${lines.join('\n')}\n` }
}

function refusal(because: string): { passed: boolean; text: string } {
  return { passed: false, text: `${because}.\n` }
}

function told(session: Session, title: string): string {
  const names = namesOf(session.world)
  const rows = packetsOf(session.world.trace?.events ?? []).map(
    (packet) => `  ${packetText(packet.first)}: ${fateText(storyOf(packet, names))}`,
  )
  return rows.length === 0 ? '' : `${title}:\n${rows.slice(0, 8).join('\n')}\n`
}

type Target = { readonly address: string; readonly how: string } | { readonly because: string }

async function addressOf(session: Session, from: Place, to: string): Promise<Target> {
  if (parseIpv4(to) !== null) return { address: to, how: to }
  const place = findPlace(session.world, to)
  // What the source itself makes of the name counts; only where it knows none, the address is handed to it.
  const resolved = (await probeName(session, from, to))?.[0]
  if (resolved !== undefined) return { address: resolved, how: `${from.name} finds ${to} at ${resolved}` }
  if (!isPlace(place))
    return { because: `${from.name} cannot resolve the name ${to}: nobody told it an address.` }
  const address = addressFor(from.netns, place.netns)
  return address === null
    ? { because: `${to} has no address.` }
    : { address, how: `${from.name} does not know the name ${to}; by its address ${address}` }
}

function probe(
  session: Session,
  from: Place,
  { port, protocol }: Question,
  address: string,
): Promise<boolean> {
  if (port === null) return probePing(session, from, address)
  return (protocol === 'udp' ? probeUdp : probeTcp)(session, from, address, port)
}

function verdict(
  world: World,
  question: Question,
  packets: readonly TracedPacket[],
  address: string,
  passed: boolean,
): string[] {
  const names = namesOf(world)
  const stories = packets.map((packet) => ({ packet, story: storyOf(packet, names) }))
  const there = stories.find(({ packet }) => addressText(packet.first.destination) === address)
  if (there === undefined) return [`${question.from} sends nothing at all: it has no route to ${address}.`]
  const back = stories.find(({ packet }) => isAnswer(packet, there.packet))
  const lines = ['There:', indented(there.story)]
  if (there.story.fate.kind !== 'delivered')
    return [...lines, '', `It ends here: ${fateText(there.story)}.`, ...said(back)]
  if (back === undefined)
    return passed ? lines : [...lines, '', `It arrives at ${there.story.fate.place}, but nothing comes back.`]
  lines.push('', 'Back:', indented(back.story))
  if (back.story.fate.kind !== 'delivered')
    return [...lines, '', `The answer ends here: ${fateText(back.story)}.`]
  const { payload } = back.packet.first
  if (payload.kind === 'tcp' && payload.flags.rst)
    return [...lines, '', `The answer is a reset: nobody listens on port ${question.port} there.`]
  if (!passed) return [...lines, '', `The answer is: ${packetText(back.packet.first)}.`]
  return lines
}

function said(back: { readonly packet: TracedPacket } | undefined): string[] {
  return back === undefined ? [] : [`The sender is told: ${packetText(back.packet.first)}.`]
}

function indented(story: Story): string {
  return storyText({ ...story, lines: inBrief(story.lines) })
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')
}

/** Rules that did not match are counted; `tutor walk` names them. */
function inBrief(lines: readonly StoryLine[]): StoryLine[] {
  const brief: StoryLine[] = []
  let passed = 0
  for (const [at, line] of lines.entries()) {
    if (line.kind !== 'passed-over') brief.push(line)
    else {
      passed++
      if (lines[at + 1]?.kind === 'passed-over') continue
      brief.push({ ...line, text: passed === 1 ? line.text : `${passed} rules passed over` })
      passed = 0
    }
  }
  return brief
}

/** The other way, or an error message about it. */
function isAnswer({ first, events }: TracedPacket, there: TracedPacket): boolean {
  const source = there.first.source
  const arrives = [first, ...events.flatMap(({ step }) => (step.kind === 'rewrite' ? [step.after] : []))]
  return first !== there.first && arrives.some((packet) => packet.destination === source)
}
