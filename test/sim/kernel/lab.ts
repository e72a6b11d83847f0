/** Hosts, namespaces and cables put together by hand for tests of the packet path: no processes, no file systems. */
import { createQueue, dequeue, nextTime } from '../../../src/sim/base/event-queue.ts'
import { createRandom } from '../../../src/sim/base/random.ts'
import type { Result } from '../../../src/sim/base/result.ts'
import { sendIpv4 } from '../../../src/sim/kernel/ip/output.ts'
import type { Kernel } from '../../../src/sim/kernel/kernel.ts'
import { receiveFrame } from '../../../src/sim/kernel/link/receive.ts'
import type { Link } from '../../../src/sim/kernel/link/types.ts'
import type { NetNamespace } from '../../../src/sim/kernel/net-namespace.ts'
import { addAddress } from '../../../src/sim/kernel/netlink/address.ts'
import { addLink, findLink, setLinkUp, setMaster } from '../../../src/sim/kernel/netlink/link.ts'
import { createNamespace } from '../../../src/sim/kernel/netlink/namespace.ts'
import { addRoute } from '../../../src/sim/kernel/netlink/route.ts'
import type { Simulation } from '../../../src/sim/kernel/simulation.ts'
import type { RawSocket } from '../../../src/sim/kernel/socket.ts'
import { handleTimer } from '../../../src/sim/kernel/timers.ts'
import { createTrace, type TraceStep } from '../../../src/sim/kernel/trace.ts'
import type { Ipv4Packet } from '../../../src/sim/wire/frame.ts'
import { parseIpv4, parsePrefix } from '../../../src/sim/wire/ipv4-address.ts'
import { addCard, connect } from '../../../src/sim/world/cable.ts'

export function ip(text: string): number {
  const address = parseIpv4(text)
  if (address === null) throw new Error(`no address: ${text}`)
  return address
}

export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.error.code + (result.error.detail ?? ''))
  return result.value
}

export function createLab(seed = 1, traced = true): Simulation {
  return {
    nowUs: 0,
    epochMs: 0,
    random: createRandom(seed),
    queue: createQueue(),
    kernels: new Map(),
    cables: new Map(),
    trace: traced ? createTrace(100_000) : null,
    ready: [],
    services: { word: () => '' },
  }
}

export function addHost(sim: Simulation, name: string): { kernel: Kernel; netns: NetNamespace } {
  const kernel: Kernel = {
    host: name,
    profile: 'test',
    features: {
      linkKinds: new Set(['bridge', 'veth', 'dummy']),
      brNetfilter: true,
      fallbackTunnels: false,
      defaultQdisc: 'pfifo_fast',
      release: '6.18.44',
    },
    namespaces: new Map(),
    initialNetns: 1,
    mountNamespaces: new Map(),
    utsNamespaces: new Map(),
    pidNamespaces: new Map(),
    filesystems: new Map(),
    processes: new Map(),
    pipes: new Map(),
    terminals: new Map(),
    containerLogs: new Map(),
    next: { inode: 1, pid: 1, filesystem: 1, pipe: 1, terminal: 0, socket: 1 },
    log: [],
  }
  sim.kernels.set(name, kernel)
  return { kernel, netns: addNamespace(sim, kernel) }
}

export function addNamespace(sim: Simulation, kernel: Kernel): NetNamespace {
  const netns = createNamespace(sim, kernel)
  must(setLinkUp(sim, netns, netns.links.get(1)!))
  return netns
}

export function link(netns: NetNamespace, name: string): Link {
  const found = findLink(netns, name)
  if (found === undefined) throw new Error(`no device ${name}`)
  return found
}

export function address(sim: Simulation, netns: NetNamespace, device: Link, text: string): void {
  const prefix = parsePrefix(text)!
  must(addAddress(sim, netns, device, prefix))
}

export function defaultRoute(sim: Simulation, netns: NetNamespace, gateway: string): void {
  must(addRoute(sim, netns, { destination: { address: 0, length: 0 }, gateway: ip(gateway) }))
}

/** A bridge, up, with an address. */
export function addBridge(sim: Simulation, netns: NetNamespace, name: string, prefix: string): Link {
  const bridge = must(addLink(sim, netns, { kind: 'bridge', name }))
  address(sim, netns, bridge, prefix)
  must(setLinkUp(sim, netns, bridge))
  return bridge
}

/** A namespace behind a veth pair; the host's end is a port of the bridge. */
export function addContainer(
  sim: Simulation,
  kernel: Kernel,
  host: NetNamespace,
  bridge: Link,
  prefix: string,
  gateway: string | null,
): NetNamespace {
  const netns = addNamespace(sim, kernel)
  const end = must(addLink(sim, host, { kind: 'veth', peer: { name: 'eth0', netns: netns.id } }))
  must(setMaster(sim, host, end, bridge.ifindex))
  must(setLinkUp(sim, host, end))
  const eth0 = link(netns, 'eth0')
  address(sim, netns, eth0, prefix)
  must(setLinkUp(sim, netns, eth0))
  if (gateway !== null) defaultRoute(sim, netns, gateway)
  return netns
}

/** Cards on both sides and a cable between them. */
export function cable(
  sim: Simulation,
  one: [NetNamespace, string],
  other: [NetNamespace, string],
  names: [string, string] = ['eth0', 'eth0'],
): void {
  const number = sim.cables.size
  const cards = [one, other].map(([netns], i) => {
    const mac = `52:54:00:00:0${number}:0${i}`
    return addCard(netns, names[i]!, mac, 'pfifo_fast')
  })
  connect(sim, [one[0], cards[0]!], [other[0], cards[1]!], 60)
  address(sim, one[0], cards[0]!, one[1])
  address(sim, other[0], cards[1]!, other[1])
  must(setLinkUp(sim, one[0], cards[0]!))
  must(setLinkUp(sim, other[0], cards[1]!))
}

/** Lets everything happen that is due within `us`. */
export function run(sim: Simulation, us: number): void {
  const until = sim.nowUs + us
  while (nextTime(sim.queue) <= until) {
    const next = dequeue(sim.queue)!
    sim.nowUs = Math.max(sim.nowUs, next.atUs)
    const event = next.event
    if (event.kind === 'frame') receiveFrame(sim, event.to, event.frame)
    else if (event.kind === 'timer') handleTimer(sim, event.host, event.netns, event.timer)
  }
  sim.nowUs = until
}

export function rawSocket(netns: NetNamespace): RawSocket {
  const socket: RawSocket = {
    id: 100 + netns.sockets.size,
    kind: 'raw',
    family: 4,
    owner: 0,
    ownerFd: 0,
    device: null,
    ttl: 64,
    tos: 0,
    error: null,
    protocol: 1,
    identifier: null,
    connected: null,
    received: [],
  }
  netns.sockets.set(socket.id, socket)
  return socket
}

export function echoRequest(to: number, sequence: number, change: Partial<Ipv4Packet> = {}): Ipv4Packet {
  return {
    kind: 'ipv4',
    source: 0,
    destination: to,
    ttl: 64,
    protocol: 1,
    tos: 0,
    identification: 1,
    dontFragment: true,
    moreFragments: false,
    fragmentOffset: 0,
    options: null,
    payload: {
      kind: 'icmp',
      type: 8,
      code: 0,
      identifier: 7,
      sequence,
      mtu: 0,
      original: null,
      data: new Uint8Array(56),
    },
    ...change,
  }
}

export interface PingResult {
  readonly sent: Result<void>
  /** ICMP messages that came back, echo requests of our own aside. */
  readonly replies: readonly {
    from: number
    type: number
    code: number
    mtu: number
    ttl: number
    atUs: number
  }[]
}

/** One echo request, and what comes back within `waitUs`. */
export function ping(
  sim: Simulation,
  netns: NetNamespace,
  to: string,
  waitUs = 900_000,
  change: Partial<Ipv4Packet> = {},
): PingResult {
  const socket = rawSocket(netns)
  const start = sim.nowUs
  const sent = sendIpv4(sim, netns, echoRequest(ip(to), 1, change))
  run(sim, waitUs)
  netns.sockets.delete(socket.id)
  const replies = socket.received.flatMap(({ packet, atUs }) => {
    const icmp = packet.payload
    if (packet.kind !== 'ipv4' || icmp.kind !== 'icmp' || icmp.type === 8) return []
    return [
      {
        from: packet.source,
        type: icmp.type,
        code: icmp.code,
        mtu: icmp.mtu,
        ttl: packet.ttl,
        atUs: atUs - start,
      },
    ]
  })
  return { sent, replies }
}

export function steps(sim: Simulation, kind: TraceStep['kind']): TraceStep[] {
  return (sim.trace?.events ?? []).filter((event) => event.step.kind === kind).map((event) => event.step)
}

export function drops(sim: Simulation): string[] {
  return steps(sim, 'drop').map((step) => (step.kind === 'drop' ? step.reason : ''))
}
