/** A small DNS server: the names of the internet, answers as its zone has them. RFC 1035; everything else NXDOMAIN. */
import type { WakeCause } from '../kernel/simulation.ts'
import { openSocket, socketOf } from '../kernel/sockets/open.ts'
import type { Program } from '../kernel/task/types.ts'
import { bindUdp, receiveUdp, sendUdp } from '../kernel/udp/udp.ts'
import {
  type DnsMessage,
  type DnsRecord,
  emitDns,
  parseDns,
  RCODE_NXDOMAIN,
  reverseName,
} from '../wire/dns.ts'
import type { ProcessContext } from './context.ts'

const TTL = 3600
const ANY = 255

export interface DnsServerProgram extends Program {
  readonly kind: 'dns-server'
  readonly address: number
  /** Name → address. */
  readonly zone: ReadonlyMap<string, number>
  /** Address → name. */
  readonly reverse: ReadonlyMap<number, string>
  fd: number | null
}

export function dnsServerProgram(
  address: number,
  zone: ReadonlyMap<string, number>,
  reverse: ReadonlyMap<number, string>,
): DnsServerProgram {
  return { kind: 'dns-server', address, zone, reverse, fd: null }
}

export function stepDnsServer(context: ProcessContext, program: DnsServerProgram, cause: WakeCause): void {
  if (cause.kind === 'signal') return context.exit(0)
  const { sim, kernel, process, netns } = context
  if (program.fd === null) {
    const socket = openSocket(sim, kernel, process, { kind: 'udp' })
    if (!bindUdp(sim, netns, socket, program.address, 53).ok) return context.exit(1)
    program.fd = socket.ownerFd
  }
  const socket = socketOf(kernel, process, program.fd)
  if (socket?.kind !== 'udp') return
  for (let got = receiveUdp(socket); got !== null; got = receiveUdp(socket)) {
    const query = parseDns(got.data)
    if (query === null || query.response) continue
    sendUdp(sim, netns, socket, got.from, got.fromPort, emitDns(reply(program, query)))
  }
}

function reply(program: DnsServerProgram, query: DnsMessage): DnsMessage {
  const question = query.questions[0]
  const answers: DnsRecord[] = []
  const found = question !== undefined && lookUp(program, question.name.toLowerCase(), question.type, answers)
  return {
    ...query,
    response: true,
    authoritative: false,
    truncated: false,
    recursionDesired: true,
    recursionAvailable: true,
    authenticData: false,
    checkingDisabled: false,
    rcode: found ? 0 : RCODE_NXDOMAIN,
    questions: question === undefined ? [] : [question],
    answers,
    authorities: [],
    additionals: [],
  }
}

/** Does the name exist? Its records of the type asked for are added. */
function lookUp(program: DnsServerProgram, name: string, type: number, answers: DnsRecord[]): boolean {
  const address = program.zone.get(name)
  if (address !== undefined) {
    if (type === 1 || type === ANY)
      answers.push({ name, type: 1, class: 1, ttl: TTL, data: { kind: 'address', address } })
    return true
  }
  for (const [number, target] of program.reverse) {
    if (reverseName(number) !== name) continue
    if (type === 12 || type === ANY)
      answers.push({ name, type: 12, class: 1, ttl: TTL, data: { kind: 'name', name: target } })
    return true
  }
  return false
}

/** The names that the internet of the course knows. */
export function internetDns(address: number, more: readonly string[] = []): DnsServerProgram {
  const zone = new Map([
    ['example.com', address],
    ['www.example.com', address],
    ...more.map((name) => [name, address] as const),
  ])
  return dnsServerProgram(address, zone, new Map([[address, 'example.com']]))
}
