import { describe, expect, it } from 'vitest'
import { flushConnections, listConnections } from '../../../../src/sim/kernel/netfilter/conntrack.ts'
import { runHook } from '../../../../src/sim/kernel/netfilter/hooks.ts'
import { stateMatch } from '../../../../src/sim/kernel/netfilter/rules.ts'
import { ip } from '../lab.ts'
import { answer, append, bufferOf, createRouter, echo, errorAbout, forward, tcp, udp } from './bench.ts'

const C1 = ip('172.17.0.2')
const SERVER = ip('203.0.113.10')
const SECOND = 1_000_000

function tracking() {
  const router = createRouter()
  append(router, 'filter', 'FORWARD', { matches: [stateMatch('ESTABLISHED')], target: { kind: 'ACCEPT' } })
  return router
}

describe('connection tracking', () => {
  it('does not happen where no rule needs it', () => {
    const router = createRouter()
    append(router, 'filter', 'FORWARD', { target: { kind: 'ACCEPT' } })
    expect(forward(router, echo(C1, 1, SERVER), 'inside')).toMatchObject({ connection: null })
    expect(router.netns.conntrack.connections.size).toBe(0)
  })

  it('tells first packets from answers', () => {
    const router = tracking()
    const out = forward(router, udp(C1, 1000, SERVER, 53), 'inside')!
    expect(out.connectionState).toBe('NEW')
    expect(forward(router, udp(C1, 1000, SERVER, 53), 'inside')!.connectionState).toBe('NEW')
    const back = forward(router, answer(out.packet), 'outside')!
    expect(back).toMatchObject({ connectionState: 'ESTABLISHED', direction: 'reply' })
    expect(forward(router, udp(C1, 1000, SERVER, 53), 'inside')!.connectionState).toBe('ESTABLISHED')
  })

  it('calls stray answers and errors invalid', () => {
    const router = tracking()
    expect(forward(router, echo(SERVER, 1, C1, 0), 'outside')!.connectionState).toBe('INVALID')
    const error = errorAbout(udp(C1, 1000, SERVER, 53), SERVER)
    expect(forward(router, error, 'outside')!.connectionState).toBe('INVALID')
    expect(
      forward(router, tcp(SERVER, 80, C1, 1, { syn: true, ack: true }), 'outside')!.connectionState,
    ).toBe('INVALID')
  })

  it('picks up a TCP connection in the middle', () => {
    const router = tracking()
    forward(router, tcp(C1, 1000, SERVER, 80, { ack: true }), 'inside')
    expect(listConnections(router.sim, router.netns)[0]).toMatchObject({
      tcpState: 'ESTABLISHED',
      assured: false,
    })
  })

  it('follows TCP from its first to its last segment', () => {
    const router = tracking()
    const states: (string | null)[] = []
    const send = (from: 'inside' | 'outside', flags: Parameters<typeof tcp>[4]) => {
      const segment = from === 'inside' ? tcp(C1, 1000, SERVER, 80, flags) : tcp(SERVER, 80, C1, 1000, flags)
      forward(router, segment, from)
      states.push(listConnections(router.sim, router.netns)[0]?.tcpState ?? null)
    }
    send('inside', { syn: true })
    send('outside', { syn: true, ack: true })
    send('inside', { ack: true })
    send('inside', { fin: true, ack: true })
    send('outside', { fin: true, ack: true })
    send('inside', { ack: true })
    expect(states).toEqual(['SYN_SENT', 'SYN_RECV', 'ESTABLISHED', 'FIN_WAIT', 'LAST_ACK', 'TIME_WAIT'])
    expect(listConnections(router.sim, router.netns)[0]).toMatchObject({ assured: true })
    send('inside', { syn: true })
    expect(states.at(-1)).toBe('SYN_SENT')
  })

  it('forgets a connection that was only ever refused', () => {
    const router = tracking()
    forward(router, tcp(C1, 1000, SERVER, 80, { syn: true }), 'inside')
    forward(router, tcp(SERVER, 80, C1, 1000, { rst: true, ack: true }), 'outside')
    expect(listConnections(router.sim, router.netns)).toEqual([])
  })

  it('lets entries run out: ICMP and UDP after 30 s, an answered stream after 120 s', () => {
    const router = tracking()
    const out = forward(router, udp(C1, 1000, SERVER, 53), 'inside')!.packet
    router.sim.nowUs += 29 * SECOND
    expect(listConnections(router.sim, router.netns)).toHaveLength(1)
    forward(router, answer(out), 'outside')
    forward(router, out, 'inside')
    router.sim.nowUs += 119 * SECOND
    expect(listConnections(router.sim, router.netns)).toHaveLength(1)
    router.sim.nowUs += 2 * SECOND
    expect(listConnections(router.sim, router.netns)).toHaveLength(0)
    expect(forward(router, answer(out), 'outside')!.connectionState).toBe('NEW')
  })

  it('knows nothing of a flow whose first packet was dropped', () => {
    const router = tracking()
    append(router, 'filter', 'FORWARD', { target: { kind: 'DROP' } })
    expect(forward(router, echo(C1, 1, SERVER), 'inside')).toBeNull()
    expect(router.netns.conntrack.connections.size).toBe(0)
  })

  it('skips what raw says not to track', () => {
    const router = tracking()
    append(router, 'raw', 'PREROUTING', { target: { kind: 'NOTRACK' } })
    expect(forward(router, echo(C1, 1, SERVER), 'inside')!.connectionState).toBe('UNTRACKED')
  })

  it('flushes by address', () => {
    const router = tracking()
    forward(router, udp(C1, 1, SERVER, 53), 'inside')
    forward(router, udp(C1 + 1, 1, SERVER, 53), 'inside')
    expect(flushConnections(router.netns, C1)).toBe(1)
    expect(listConnections(router.sim, router.netns)).toHaveLength(1)
    expect(router.netns.conntrack.byTuple.size).toBe(2)
  })

  it('keeps one entry for what a namespace sends to itself', () => {
    const router = tracking()
    const lo = 1
    const request = echo(ip('127.0.0.1'), 9, ip('127.0.0.1'))
    const pass = (packet: typeof request) => {
      const out = bufferOf(packet, null, lo)
      for (const hook of ['OUTPUT', 'POSTROUTING'] as const) runHook(router.sim, router.netns, hook, out)
      const back = bufferOf(out.packet, lo, null)
      for (const hook of ['PREROUTING', 'INPUT'] as const) runHook(router.sim, router.netns, hook, back)
      return back
    }
    expect(pass(request)).toMatchObject({ connectionState: 'NEW', direction: 'original' })
    expect(pass(answer(request))).toMatchObject({ connectionState: 'ESTABLISHED', direction: 'reply' })
    expect(listConnections(router.sim, router.netns)).toHaveLength(1)
  })
})
