/** arping: asks on a link who has an address. arping(8) of iputils, busybox networking/arping.c; RFC 826, RFC 5227. */

import { transmitFrame } from '../kernel/link/transmit.ts'
import type { Link } from '../kernel/link/types.ts'
import type { NetNamespace } from '../kernel/net-namespace.ts'
import { receivePacket } from '../kernel/packet-socket/tap.ts'
import type { WakeCause } from '../kernel/simulation.ts'
import { openSocket, socketOf } from '../kernel/sockets/open.ts'
import type { Program } from '../kernel/task/types.ts'
import { BROADCAST_MAC, ETHERTYPE_ARP, NULL_MAC } from '../wire/frame.ts'
import type { ProcessContext } from './context.ts'
import { type Lookup, startLookup, stepLookup } from './host-lookup.ts'

export interface ArpingOptions {
  readonly dialect: 'iputils' | 'busybox'
  readonly target: string
  /** Empty: the only one that fits. */
  readonly device: string
  readonly count: number | null
  readonly deadlineUs: number | null
  readonly source: number | null
  readonly duplicate: boolean
  readonly unsolicited: boolean
  readonly answer: boolean
  readonly broadcastOnly: boolean
  readonly quitOnReply: boolean
  readonly quiet: boolean
  readonly intervalUs: number
  /** Said when no device can be chosen. */
  readonly usage: string
}

export interface ArpingProgram extends Program {
  readonly kind: 'arping'
  readonly options: ArpingOptions
  lookup: Lookup | null
  device: string
  fd: number | null
  destination: number
  source: number
  targetMac: string
  sent: number
  broadcasts: number
  received: number
  lastSentUs: number
  startUs: number
}

export function arpingProgram(options: ArpingOptions): ArpingProgram {
  return {
    kind: 'arping',
    options,
    lookup: null,
    device: options.device,
    fd: null,
    destination: 0,
    source: 0,
    targetMac: BROADCAST_MAC,
    sent: 0,
    broadcasts: 0,
    received: 0,
    lastSentUs: 0,
    startUs: 0,
  }
}

function say(context: ProcessContext, program: ArpingProgram, kind: string, data: object = {}, fd = 1): void {
  context.emit(
    { program: 'arping', kind, options: { ...program.options, device: program.device }, ...data },
    fd,
  )
}

function fail(context: ProcessContext, program: ArpingProgram, error: string): void {
  // iputils prints what it thinks of the device.
  const fd = error === 'NOARP' && program.options.dialect === 'iputils' ? 1 : 2
  say(context, program, 'error', { error }, fd)
  context.exit(program.options.dialect === 'iputils' ? 2 : 1)
}

export function stepArping(context: ProcessContext, program: ArpingProgram, cause: WakeCause): void {
  if (program.lookup === null) {
    context.process.handlers.add(2)
    program.lookup = startLookup(context, program.options.target, [1])
  }
  if (cause.kind === 'signal') return finish(context, program)
  if (program.fd === null && (!stepLookup(context, program.lookup) || !open(context, program))) return
  const link = deviceOf(context, program)
  if (link === undefined) return finish(context, program)
  receive(context, program)
  if (context.ended) return
  const { count, deadlineUs } = program.options
  const now = context.sim.nowUs
  if (deadlineUs !== null && now - program.startUs >= deadlineUs) return finish(context, program)
  if (program.sent > 0 && now - program.lastSentUs < program.options.intervalUs) return
  if (count !== null && program.sent >= count) return finish(context, program)
  send(context, program, link)
}

function deviceOf(context: ProcessContext, program: ArpingProgram): Link | undefined {
  for (const link of context.netns.links.values()) if (link.name === program.device) return link
  return undefined
}

/** The only device that is up and speaks ARP; empty: none, or several (check_device_by_ifaddrs). */
function suitableDevice(netns: NetNamespace): string {
  const all = [...netns.links.values()].filter(
    (link) => link.up && link.arp && link.kind !== 'loopback' && link.kind !== 'tunnel',
  )
  return all.length === 1 ? (all[0]?.name ?? '') : ''
}

function open(context: ProcessContext, program: ArpingProgram): boolean {
  const { options } = program
  const outcome = program.lookup?.outcome
  if (outcome?.kind !== 'addresses') {
    fail(context, program, outcome?.kind === 'failed' ? outcome.reason : 'NONAME')
    return false
  }
  if (program.device === '') program.device = suitableDevice(context.netns)
  if (program.device === '') {
    fail(context, program, 'NODEVICE')
    return false
  }
  const link = deviceOf(context, program)
  if (link === undefined) {
    fail(context, program, 'ENODEV')
    return false
  }
  if (!link.up) {
    fail(context, program, 'ENETDOWN')
    return false
  }
  if (link.kind === 'loopback' || !link.arp) {
    fail(context, program, 'NOARP')
    return false
  }
  const { source } = options
  const isOwn = (netns: NetNamespace): boolean =>
    [...netns.links.values()].some((one) => one.addresses.some((own) => own.address === source))
  if (source !== null && options.dialect === 'iputils' && !isOwn(context.netns)) {
    fail(context, program, 'EADDRNOTAVAIL')
    return false
  }
  program.destination = outcome.addresses[0] ?? 0
  const own = link.addresses[0]?.address ?? 0
  program.source = options.duplicate
    ? 0
    : (options.source ?? (options.unsolicited ? program.destination : own))
  const socket = { kind: 'packet', device: link.ifindex, promiscuous: false } as const
  program.fd = openSocket(context.sim, context.kernel, context.process, socket).ownerFd
  program.startUs = context.sim.nowUs
  say(context, program, 'start', { destination: program.destination, source: program.source })
  return true
}

function send(context: ProcessContext, program: ArpingProgram, link: Link): void {
  const { options } = program
  const target = options.broadcastOnly || options.unsolicited ? BROADCAST_MAC : program.targetMac
  program.sent++
  if (target === BROADCAST_MAC) program.broadcasts++
  program.lastSentUs = context.sim.nowUs
  context.setTimer(options.intervalUs, 1)
  transmitFrame(context.sim, context.netns, link, {
    destination: target,
    source: link.mac,
    etherType: ETHERTYPE_ARP,
    payload: {
      kind: 'arp',
      operation: options.answer ? 'reply' : 'request',
      senderMac: link.mac,
      senderIp: program.source,
      targetMac: options.answer
        ? link.mac
        : target === BROADCAST_MAC
          ? options.dialect === 'iputils'
            ? BROADCAST_MAC
            : NULL_MAC
          : target,
      targetIp: program.destination,
    },
  })
}

function receive(context: ProcessContext, program: ArpingProgram): void {
  const socket = program.fd === null ? undefined : socketOf(context.kernel, context.process, program.fd)
  if (socket?.kind !== 'packet') return
  for (const { frame, direction, atUs } of receivePacket(socket)) {
    const arp = frame.payload
    if (direction === 'out' || direction === 'other' || arp.kind !== 'arp') continue
    if (arp.operation !== 'reply' || arp.senderIp !== program.destination) continue
    program.received++
    if (!program.options.quiet)
      say(context, program, 'reply', {
        address: arp.senderIp,
        mac: arp.senderMac,
        rttUs: atUs - program.lastSentUs,
        broadcast: direction !== 'in',
      })
    program.targetMac = arp.senderMac
    if (program.options.quitOnReply || program.options.duplicate) return finish(context, program)
  }
}

function finish(context: ProcessContext, program: ArpingProgram): void {
  const { sent, broadcasts, received, options } = program
  say(context, program, 'summary', { sent, broadcasts, received })
  if (options.duplicate) return context.exit(received > 0 ? 1 : 0)
  if (options.unsolicited) return context.exit(0)
  const isFine = options.dialect === 'iputils' ? received === sent : received > 0
  context.exit(isFine ? 0 : 1)
}
