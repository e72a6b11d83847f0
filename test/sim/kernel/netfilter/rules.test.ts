import { describe, expect, it } from 'vitest'
import { jump, rule, sameRule, stateMatch } from '../../../../src/sim/kernel/netfilter/rules.ts'
import {
  appendRule,
  deleteChain,
  deleteRule,
  findRule,
  flushChain,
  insertRule,
  newChain,
  setPolicy,
} from '../../../../src/sim/kernel/netfilter/tables.ts'
import type { Match } from '../../../../src/sim/kernel/netfilter/types.ts'
import { ip, steps } from '../lab.ts'
import { append, createRouter, echo, forward } from './bench.ts'

const C1 = ip('172.17.0.2')
const SERVER = ip('203.0.113.10')
const FILTER = { table: 'filter', chain: 'FORWARD' } as const

describe('walking rules', () => {
  it('goes into chains, comes back with RETURN, ends with the policy', () => {
    const router = createRouter()
    newChain(router.netns, { table: 'filter', chain: 'USER' })
    append(router, 'filter', 'FORWARD', { target: jump('USER') })
    append(router, 'filter', 'USER', { source: '172.17.0.0/16', target: { kind: 'RETURN' } })
    append(router, 'filter', 'USER', { target: { kind: 'DROP' } })
    expect(forward(router, echo(C1, 1, SERVER), 'inside')).not.toBeNull()
    expect(forward(router, echo(SERVER, 1, C1), 'outside')).toBeNull()
    setPolicy(router.netns, FILTER, 'DROP')
    expect(forward(router, echo(C1, 1, SERVER), 'inside')).toBeNull()
  })

  it('goto comes back to the caller of the caller', () => {
    const router = createRouter()
    newChain(router.netns, { table: 'filter', chain: 'USER' })
    append(router, 'filter', 'FORWARD', { target: { kind: 'chain', chain: 'USER', goto: true } })
    append(router, 'filter', 'FORWARD', { target: { kind: 'DROP' } })
    expect(forward(router, echo(C1, 1, SERVER), 'inside')).not.toBeNull()
  })

  it('survives chains that call each other', () => {
    const router = createRouter()
    newChain(router.netns, { table: 'filter', chain: 'A' })
    append(router, 'filter', 'A', { target: jump('A') })
    append(router, 'filter', 'FORWARD', { target: jump('A') })
    expect(forward(router, echo(C1, 1, SERVER), 'inside')).toBeNull()
  })

  it('traces rules that were passed over, too, and the policy', () => {
    const router = createRouter()
    append(router, 'filter', 'FORWARD', { inputInterface: 'eth0', target: { kind: 'DROP' } })
    append(router, 'filter', 'FORWARD', { outputInterface: 'eth+', target: { kind: 'TRACE' } })
    forward(router, echo(C1, 1, SERVER), 'inside')
    expect(steps(router.sim, 'rule')).toMatchObject([
      { chain: 'FORWARD', number: 1, target: 'DROP', matched: false },
      { chain: 'FORWARD', number: 2, target: 'TRACE', matched: true },
    ])
    expect(steps(router.sim, 'policy')).toMatchObject([{ chain: 'FORWARD', verdict: 'ACCEPT' }])
  })

  it('counts packets and bytes of what matched', () => {
    const router = createRouter()
    append(router, 'filter', 'FORWARD', {})
    forward(router, echo(C1, 1, SERVER), 'inside')
    forward(router, echo(C1, 1, SERVER), 'inside')
    expect(router.netns.netfilter.tables4.get('filter')!.chains.get('FORWARD')!.rules[0]!.counter).toEqual({
      packets: 2,
      bytes: 168,
    })
  })

  it('-m limit lets a burst through and then the average', () => {
    const router = createRouter()
    const limit: Match = {
      kind: 'limit',
      count: 6,
      per: 'minute',
      burst: 2,
      credit: { tokens: 0, updatedUs: -1 },
    }
    append(router, 'filter', 'FORWARD', { matches: [limit], target: { kind: 'ACCEPT' } })
    append(router, 'filter', 'FORWARD', { target: { kind: 'DROP' } })
    const passes = () => forward(router, echo(C1, 1, SERVER), 'inside') !== null
    expect([passes(), passes(), passes()]).toEqual([true, true, false])
    router.sim.nowUs += 10_000_000
    expect([passes(), passes()]).toEqual([true, false])
  })

  it('LOG words the packet into the kernel log', () => {
    const router = createRouter()
    append(router, 'filter', 'FORWARD', { target: { kind: 'LOG', prefix: 'lab: ', level: 4 } })
    forward(router, echo(C1, 7, SERVER), 'inside')
    expect(router.sim.kernels.get('host1')!.log.map((line) => line.text)).toEqual([
      'lab: IN=docker0 OUT=eth0 MAC= SRC=172.17.0.2 DST=203.0.113.10 LEN=84 TOS=0x00 PREC=0x00 TTL=64 ID=1 DF PROTO=ICMP TYPE=8 CODE=0 ID=7 SEQ=1 ',
    ])
  })
})

describe('editing rules', () => {
  const accept = () => rule({ matches: [stateMatch('ESTABLISHED')], target: { kind: 'ACCEPT' } })

  it('finds a rule whatever it has counted', () => {
    const { netns } = createRouter()
    appendRule(netns, FILTER, accept())
    netns.netfilter.tables4.get('filter')!.chains.get('FORWARD')!.rules[0]!.counter.packets = 9
    expect(findRule(netns, FILTER, accept())).toBe(1)
    expect(sameRule(accept(), rule({ target: { kind: 'ACCEPT' } }))).toBe(false)
    expect(deleteRule(netns, FILTER, accept())).toMatchObject({ ok: true })
    expect(deleteRule(netns, FILTER, accept())).toMatchObject({ ok: false })
  })

  it('counts the rules that need tracking through every kind of edit', () => {
    const { netns } = createRouter()
    appendRule(netns, FILTER, accept())
    insertRule(netns, FILTER, accept(), 2)
    insertRule(netns, FILTER, rule({}))
    expect(netns.netfilter.trackingRules).toBe(2)
    deleteRule(netns, FILTER, accept())
    expect(netns.netfilter.trackingRules).toBe(1)
    flushChain(netns, FILTER)
    expect(netns.netfilter.trackingRules).toBe(0)
  })

  it('keeps chains that are full or jumped to', () => {
    const { netns } = createRouter()
    const at = { table: 'filter', chain: 'USER' } as const
    newChain(netns, at)
    appendRule(netns, FILTER, rule({ target: jump('USER') }))
    expect(deleteChain(netns, at)).toMatchObject({ ok: false, error: { code: 'EBUSY' } })
    flushChain(netns, FILTER)
    expect(deleteChain(netns, at)).toMatchObject({ ok: true })
    expect(insertRule(netns, at, rule({}))).toMatchObject({ ok: false, error: { code: 'ENOENT' } })
  })
})
