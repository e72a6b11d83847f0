/** What happened to one packet, decision by decision, as data: the packet walk and `tutor why` word it. */
import type { DropReason, TraceEvent } from '../../sim/kernel/trace.ts'
import { formatIpv4 } from '../../sim/wire/ipv4-address.ts'
import type { Names } from './names.ts'
import { addressText, endsOf } from './packet-text.ts'
import type { TracedPacket } from './packets.ts'

export interface StoryLine {
  /** Whose network stack. */
  readonly place: string
  readonly kind: 'move' | 'look-up' | 'rule' | 'passed-over' | 'rewrite' | 'end' | 'drop'
  readonly text: string
}

export type Fate =
  | { readonly kind: 'delivered'; readonly place: string }
  | { readonly kind: 'dropped'; readonly place: string; readonly reason: DropReason; readonly text: string }
  /** It was not seen to arrive anywhere, and nobody threw it away. */
  | { readonly kind: 'lost'; readonly place: string }

export interface Story {
  readonly lines: readonly StoryLine[]
  readonly fate: Fate
}

export function storyOf(packet: TracedPacket, names: Names): Story {
  const lines: StoryLine[] = []
  let fate: Fate | null = null
  let rule: RuleStep | null = null
  for (const event of packet.events) {
    const place = names.place(event.host, event.netns)
    if (event.step.kind === 'rule' && event.step.matched) rule = event.step
    // A bridge that knows no better floods; the copies that others get are no loss.
    if (event.step.kind === 'drop' && event.step.reason === 'NOT_FOR_US') continue
    const line = lineOf(event, place, names, rule)
    if (line !== null) lines.push(line)
    for (const { after, arp } of packet.asked) {
      if (after !== event) continue
      const asks = `nobody has told it the MAC address of ${formatIpv4(arp.targetIp)} yet: it asks by ARP`
      lines.push({ place, kind: 'look-up', text: asks })
    }
    if (line?.kind === 'drop' && event.step.kind === 'drop')
      fate = { kind: 'dropped', place, reason: event.step.reason, text: line.text }
    if (isArrival(event)) fate = { kind: 'delivered', place }
  }
  const last = packet.events.at(-1)
  const end = last === undefined ? '' : names.place(last.host, last.netns)
  return {
    lines: lines.filter((line, at) => !isIdle(line, lines[at + 1])),
    fate: fate ?? { kind: 'lost', place: end },
  }
}

type RuleStep = Extract<TraceEvent['step'], { kind: 'rule' }>

function isArrival({ step }: TraceEvent): boolean {
  return step.kind === 'deliver' || (step.kind === 'route' && step.decision === 'local')
}

/** A device that hands a frame to the bridge it belongs to says nothing by itself. */
function isIdle(line: StoryLine, next: StoryLine | undefined): boolean {
  return next !== undefined && next.place === line.place && next.text === line.text
}

function lineOf(event: TraceEvent, place: string, names: Names, rule: RuleStep | null): StoryLine | null {
  const { step, host, netns, ifindex } = event
  const device = (index: number): string => names.device(host, netns, index)
  switch (step.kind) {
    case 'receive':
      return { place, kind: 'move', text: `comes in at ${device(ifindex)}` }
    case 'transmit':
      return { place, kind: 'move', text: `goes out of ${device(ifindex)}` }
    case 'bridge':
      return {
        place,
        kind: 'look-up',
        text: bridgeText(step.decision, device(ifindex), step.ports.map(device), step.frame.destination),
      }
    case 'route':
      return { place, kind: 'look-up', text: routeText(step, device(step.device)) }
    case 'rule':
      return ruleLine(step, place, names.rule(host, netns, step.table, step.chain, step.number))
    case 'policy':
      return {
        place,
        kind: 'rule',
        text: `${step.table} ${step.chain}: end of the chain, policy ${step.verdict}`,
      }
    case 'rewrite':
      return { place, kind: 'rewrite', text: rewriteText(step) }
    case 'deliver':
      return { place, kind: 'end', text: 'handed to the program that waits for it' }
    case 'drop':
      return { place, kind: 'drop', text: dropText(step.reason, device(ifindex), rule) }
  }
}

function bridgeText(decision: string, bridge: string, ports: readonly string[], mac: string): string {
  if (decision === 'local')
    return `bridge ${bridge}: the frame is for the bridge's own MAC, so up into this machine`
  if (decision === 'forward') return `bridge ${bridge}: ${mac} is known behind ${ports.join(', ')}`
  const all = ports.length === 0 ? 'there is no other port' : `out of ${ports.join(', ')}`
  return `bridge ${bridge}: nobody knows where ${mac} is, so to all: ${all}`
}

function routeText(step: Extract<TraceEvent['step'], { kind: 'route' }>, device: string): string {
  const to = addressText(step.packet.destination)
  if (step.decision === 'local') return `route: ${to} is an address of this machine`
  const way =
    step.gateway === null ? `${device}, directly` : `${device}, by way of ${addressText(step.gateway)}`
  return step.decision === 'forward'
    ? `route: forwarded to ${to} through ${way}`
    : `route to ${to}: through ${way}`
}

function ruleLine(step: RuleStep, place: string, text: string | null): StoryLine {
  const where = `${step.table} ${step.chain}, rule ${step.number}`
  const what = text ?? (step.target === '' ? 'no target' : `-j ${step.target}`)
  return step.matched
    ? { place, kind: 'rule', text: `${where} matches: ${what}` }
    : { place, kind: 'passed-over', text: `${where} passed over: ${what}` }
}

function rewriteText({ by, before, after }: Extract<TraceEvent['step'], { kind: 'rewrite' }>): string {
  const [old, now] = [endsOf(before), endsOf(after)]
  return by === 'snat'
    ? `rewritten: the sender ${old.from} becomes ${now.from}`
    : `rewritten: the destination ${old.to} becomes ${now.to}`
}

/** A sentence for each reason. */
function dropText(reason: DropReason, device: string, rule: RuleStep | null): string {
  if (reason === 'NETFILTER_DROP' && rule !== null && /^(?:DROP|REJECT)$/.test(rule.target))
    return `dropped by ${rule.table} ${rule.chain}, rule ${rule.number} (${rule.target})`
  return `dropped: ${REASONS[reason].replaceAll('DEV', device)}`
}

const REASONS: Readonly<Record<DropReason, string>> = {
  DEVICE_DOWN: 'DEV is down',
  NO_CARRIER: 'nothing is plugged into DEV',
  CABLE_CUT: 'the cable at DEV is cut',
  CPU_BACKLOG: 'the machine has more packets than it can handle',
  QDISC_DROP: 'the queueing discipline of DEV lost it',
  NO_LISTENER: 'nobody listens on that port',
  NOT_FOR_US: 'the frame is for somebody else',
  BRIDGE_INGRESS_PORT: 'it would leave by the port it came in at',
  PORT_NOT_FORWARDING: 'the port DEV does not forward (yet): spanning tree',
  PORT_LOCKED: 'the port DEV is locked, and the sender is not known there',
  UNKNOWN_VLAN: 'no device here has that VLAN tag',
  UNKNOWN_VNI: 'no VXLAN device here has that identifier',
  NO_TUNNEL_TARGET: 'the VXLAN device knows nobody behind whom that MAC is',
  NETFILTER_DROP: 'the packet filter says so',
  IP_FORWARDING_OFF: 'this machine does not forward (net.ipv4.ip_forward is 0)',
  TTL_EXPIRED: 'its time to live has run out',
  NO_ROUTE: 'there is no route to the destination',
  BLACKHOLE: 'a route says blackhole',
  MARTIAN: 'its addresses make no sense at DEV',
  RP_FILTER: 'an answer to its sender would not leave by DEV (rp_filter)',
  NEIGH_FAILED: 'nobody answered the ARP request for the next address',
  NEIGH_QUEUE_FULL: 'too many packets wait for the same ARP answer',
  PKT_TOO_BIG: 'it is too big for DEV and may not be cut up',
  TCP_CLOSED: 'there is no such connection',
  SOCKET_FULL: 'the program does not read fast enough',
  UNKNOWN_PROTOCOL: 'nobody here speaks that protocol',
  PARSE_ERROR: 'it is damaged',
  FRAGMENT_TIMEOUT: 'pieces of it never came',
}
