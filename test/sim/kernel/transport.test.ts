/** UDP and TCP over the whole path: container, bridge, NAT, card, cable, other host. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { Kernel } from '../../../src/sim/kernel/kernel.ts'
import type { NetNamespace } from '../../../src/sim/kernel/net-namespace.ts'
import { MASQUERADE, natTo, portMatch, rule } from '../../../src/sim/kernel/netfilter/rules.ts'
import { appendRule } from '../../../src/sim/kernel/netfilter/tables.ts'
import { setLinkMtu } from '../../../src/sim/kernel/netlink/link.ts'
import type { Simulation } from '../../../src/sim/kernel/simulation.ts'
import { openSocket } from '../../../src/sim/kernel/sockets/open.ts'
import { writeSysctl } from '../../../src/sim/kernel/sysctl/sysctl.ts'
import type { Process } from '../../../src/sim/kernel/task/types.ts'
import { acceptTcp, connectTcp, listenTcp, receiveTcp, sendTcp } from '../../../src/sim/kernel/tcp/calls.ts'
import { bindUdp, connectUdp, receiveUdp, sendUdp } from '../../../src/sim/kernel/udp/udp.ts'
import * as lab from './lab.ts'

let sim: Simulation
let kernel: Kernel
let host: NetNamespace
let other: Kernel
let lan: NetNamespace
let web: NetNamespace

beforeEach(() => {
  sim = lab.createLab()
  ;({ kernel, netns: host } = lab.addHost(sim, 'host1'))
  ;({ kernel: other, netns: lan } = lab.addHost(sim, 'client'))
  lab.cable(sim, [host, '192.168.178.100/24'], [lan, '192.168.178.50/24'])
  writeSysctl(sim, host, 'net.ipv4.ip_forward', '1')
  const bridge = lab.addBridge(sim, host, 'docker0', '172.17.0.1/16')
  web = lab.addContainer(sim, kernel, host, bridge, '172.17.0.2/16', '172.17.0.1')
  const nat = (chain: string, spec: Parameters<typeof rule>[0]) =>
    lab.must(appendRule(host, { table: 'nat', chain }, rule(spec)))
  nat('POSTROUTING', { source: '172.17.0.0/16', outputInterface: '!docker0', target: MASQUERADE })
  nat('PREROUTING', {
    protocol: 'tcp',
    inputInterface: '!docker0',
    matches: [portMatch('tcp', { destination: 8080 })],
    target: natTo('DNAT', lab.ip('172.17.0.2'), 80),
  })
  lab.run(sim, 3e6)
})

function process(netns: NetNamespace, of: Kernel): Process {
  return { pid: of.next.pid++, netns: netns.id, descriptors: new Map() } as unknown as Process
}

const text = (value: string) => Uint8Array.from(value, (c) => c.charCodeAt(0))

describe('TCP', () => {
  let server: Process
  function serve() {
    server = process(web, kernel)
    const listener = openSocket(sim, kernel, server, { kind: 'tcp' })
    lab.must(listenTcp(sim, web, listener, 0, 80, 10))
    return listener
  }
  function dial(port: number) {
    const socket = openSocket(sim, other, process(lan, other), { kind: 'tcp' })
    lab.must(connectTcp(sim, lan, socket, lab.ip('192.168.178.100'), port))
    return socket
  }

  it('reaches a published port; the container sees who asks, the asker sees the host', () => {
    const listener = serve()
    const socket = dial(8080)
    lab.run(sim, 1e5)
    expect(socket.state).toBe('ESTABLISHED')
    const accepted = acceptTcp(kernel, server, listener)
    expect(accepted).toMatchObject({ localPort: 80, remoteAddress: lab.ip('192.168.178.50') })
  })

  it('carries more than fits into one segment', () => {
    const listener = serve()
    const socket = dial(8080)
    lab.run(sim, 1e5)
    const accepted = acceptTcp(kernel, server, listener)
    if (accepted === null) throw new Error('nobody came')
    const body = new Uint8Array(20_000).fill(65)
    sendTcp(sim, lan, socket, body)
    lab.run(sim, 1e6)
    let length = 0
    for (
      let got = receiveTcp(sim, web, accepted);
      got instanceof Uint8Array;
      got = receiveTcp(sim, web, accepted)
    ) {
      length += got.length
    }
    expect(length).toBe(20_000)
  })

  it('goes on when a router in between has a smaller MTU', () => {
    setLinkMtu(sim, host, lab.link(host, 'docker0'), 1000)
    const listener = serve()
    const socket = dial(8080)
    lab.run(sim, 1e5)
    const accepted = acceptTcp(kernel, server, listener)
    if (accepted === null) throw new Error('nobody came')
    sendTcp(sim, lan, socket, new Uint8Array(5000).fill(65))
    lab.run(sim, 5e6)
    let length = 0
    for (
      let got = receiveTcp(sim, web, accepted);
      got instanceof Uint8Array;
      got = receiveTcp(sim, web, accepted)
    ) {
      length += got.length
    }
    expect(length).toBe(5000)
  })

  it('is refused where nobody listens', () => {
    const socket = dial(8081)
    lab.run(sim, 1e5)
    expect(socket).toMatchObject({ state: 'CLOSED', error: 'ECONNREFUSED' })
  })
})

describe('UDP', () => {
  it('goes out behind the host address and comes back', () => {
    const server = openSocket(sim, other, process(lan, other), { kind: 'udp' })
    lab.must(bindUdp(sim, lan, server, 0, 53))
    const client = openSocket(sim, kernel, process(web, kernel), { kind: 'udp' })
    lab.must(sendUdp(sim, web, client, lab.ip('192.168.178.50'), 53, text('who')))
    lab.run(sim, 1e5)
    const question = receiveUdp(server)
    expect(question).toMatchObject({ from: lab.ip('192.168.178.100') })
    if (question === null) throw new Error('nothing came')
    lab.must(sendUdp(sim, lan, server, question.from, question.fromPort, text('me')))
    lab.run(sim, 1e5)
    expect(receiveUdp(client)).toMatchObject({ from: lab.ip('192.168.178.50'), data: text('me') })
  })

  it('hears port unreachable through the translation', () => {
    const client = openSocket(sim, kernel, process(web, kernel), { kind: 'udp' })
    lab.must(connectUdp(sim, web, client, lab.ip('192.168.178.50'), 5353))
    lab.must(sendUdp(sim, web, client, lab.ip('192.168.178.50'), 5353, text('who')))
    lab.run(sim, 1e5)
    expect(client.error).toBe('ECONNREFUSED')
  })
})
