import { expect, test } from 'vitest'
import type { NetNamespace } from '../../../../src/sim/kernel/net-namespace.ts'
import { addAddress, deleteAddress } from '../../../../src/sim/kernel/netlink/address.ts'
import {
  addLink,
  deleteLink,
  findLink,
  moveLink,
  setLinkDown,
  setLinkUp,
  setMaster,
} from '../../../../src/sim/kernel/netlink/link.ts'
import {
  createNamespace,
  deleteNamespace,
  peerNetnsId,
} from '../../../../src/sim/kernel/netlink/namespace.ts'
import { procNetFile } from '../../../../src/sim/kernel/netlink/proc-net.ts'
import { listRoutes } from '../../../../src/sim/kernel/netlink/route.ts'
import { sysNetNode } from '../../../../src/sim/kernel/netlink/sys-class-net.ts'
import { openBench } from '../../../commands/tool-bench.ts'

function lab() {
  const { world, kernel } = openBench()
  const netns = createNamespace(world, kernel)
  const make = (name: string, kind = 'veth', peer = `${name}-peer`) => {
    const made = addLink(world, netns, { kind, name, ...(kind === 'veth' ? { peer: { name: peer } } : {}) })
    if (!made.ok) throw new Error(made.error.code)
    return made.value
  }
  return { world, kernel, netns, make }
}

test('numbers are never used again, and a device that moves keeps its own where it is free', () => {
  const { world, kernel, netns, make } = lab()
  const first = make('a')
  expect([first.ifindex, findLink(netns, 'a-peer')?.ifindex]).toEqual([3, 2])
  deleteLink(world, netns, first)
  expect([...netns.links.keys()]).toEqual([1])
  const second = make('b')
  expect(second.ifindex).toBe(5)
  const other = createNamespace(world, kernel)
  moveLink(world, netns, second, other)
  expect(second.ifindex).toBe(5)
  expect(peerNetnsId(world, netns, other.id)).toBe(0)
  deleteNamespace(world, kernel, other.id)
  expect([...netns.links.keys()]).toEqual([1])
  expect(netns.peerIds.size).toBe(0)
})

test('going down takes the connected route along, not the local one', () => {
  const { world, netns, make } = lab()
  const bridge = make('br0', 'bridge')
  addAddress(world, netns, bridge, { address: 0x0a000001, length: 24 })
  const kinds = () => listRoutes(netns, 'all').map((route) => route.type)
  expect(kinds()).toEqual(['local'])
  setLinkUp(world, netns, bridge)
  expect(kinds()).toEqual(['unicast', 'local', 'broadcast'])
  setLinkDown(world, netns, bridge)
  expect(kinds()).toEqual(['local'])
  deleteAddress(world, netns, bridge, { address: 0x0a000001, length: 24 })
  expect(kinds()).toEqual([])
})

test('a primary address takes its secondary ones along', () => {
  const { world, netns, make } = lab()
  const bridge = make('br0', 'bridge')
  addAddress(world, netns, bridge, { address: 0x0a000001, length: 24 })
  addAddress(world, netns, bridge, { address: 0x0a000002, length: 24 })
  expect(bridge.addresses.map((own) => own.secondary)).toEqual([false, true])
  expect(addAddress(world, netns, bridge, { address: 0x0a000002, length: 24 }).ok).toBe(false)
  deleteAddress(world, netns, bridge, { address: 0x0a000001 })
  expect(bridge.addresses).toEqual([])
})

test('/sys/class/net and /proc/net/route follow the model', () => {
  const { world, netns, make } = lab()
  const bridge = make('br0', 'bridge')
  const port = make('v')
  setMaster(world, netns, port, bridge.ifindex)
  const text = (...path: string[]): unknown => {
    const node = sysNetNode(world, netns, path)
    return node?.kind === 'file' ? node.text : node
  }
  expect(text('v', 'ifindex')).toBe(`${port.ifindex}\n`)
  expect(text('v', 'iflink')).toBe(`${port.ifindex - 1}\n`)
  expect(text('v', 'master')).toEqual({ kind: 'link', target: '../br0' })
  expect(text('br0', 'brif')).toEqual({ kind: 'directory', entries: ['v'] })
  expect(text('br0', 'nosuch')).toBeNull()
  addAddress(world, netns, bridge, { address: 0x0a000001, length: 8 })
  setLinkUp(world, netns, bridge)
  expect(routeFields(netns)).toContain('br0\t0000000A\t00000000\t0001\t0\t0\t0\t000000FF\t0\t0\t0')
  function routeFields(one: NetNamespace): string {
    return procNetFile(world, one, 'route') ?? ''
  }
})
