import fc from 'fast-check'
import { expect, test } from 'vitest'
import { connectNetwork, disconnectNetwork } from '../../../src/sim/docker/connect.ts'
import { createContainer, noEndpointSettings, startContainer } from '../../../src/sim/docker/containers.ts'
import { beginShutdown, finishShutdown, mayEnd, startDaemon } from '../../../src/sim/docker/daemon.ts'
import { CONFIG_FILE } from '../../../src/sim/docker/daemon-config.ts'
import { putOnHost } from '../../../src/sim/docker/files.ts'
import { bridgeRules, type PlacedRule, portRules } from '../../../src/sim/docker/firewall.ts'
import {
  isRunning,
  pauseContainer,
  removeContainer,
  renameContainer,
  stopContainer,
  unpauseContainer,
} from '../../../src/sim/docker/lifecycle.ts'
import { createNetwork, networkNamed, removeNetwork } from '../../../src/sim/docker/networks.ts'
import { file } from '../../../src/sim/kernel/fs/tree.ts'
import { sameRule } from '../../../src/sim/kernel/netfilter/rules.ts'
import { findChain } from '../../../src/sim/kernel/netfilter/tables.ts'
import { advanceWorld } from '../../../src/sim/world/step.ts'
import { networkRequest, type OneHost, oneHost } from './one-host.ts'

const NAMES = ['ann', 'bob', 'carl', 'dora']
const NETWORKS = ['red', 'green']
const ANY_PORT = { containerPort: 81, protocol: 'udp', hostIp: '127.0.0.1', hostPort: '' } as const
const PORT = { containerPort: 80, protocol: 'tcp', hostIp: '', hostPort: '8080' } as const

interface Step {
  readonly do:
    | 'run'
    | 'publish'
    | 'start'
    | 'stop'
    | 'remove'
    | 'connect'
    | 'disconnect'
    | 'create'
    | 'delete'
    | 'pause'
    | 'rename'
    | 'prune'
    | 'daemon'
  readonly who: string
  readonly where: string
}

const steps: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom<Step['do'][]>(
    ...(['run', 'run', 'publish', 'start', 'stop', 'remove', 'connect', 'connect', 'disconnect'] as const),
    ...(['create', 'create', 'delete', 'pause', 'rename', 'prune', 'daemon'] as const),
  ),
  who: fc.constantFrom(...NAMES),
  where: fc.constantFrom('bridge', ...NETWORKS),
})

function take(host: OneHost, step: Step): void {
  const { world, engine } = host
  if (step.do === 'create') return void createNetwork(world, engine, networkRequest(step.where))
  if (step.do === 'delete') return void removeNetwork(world, engine, step.where)
  if (step.do === 'daemon') return restartDaemon(host, step.where === 'red')
  if (step.do === 'prune') return prune(host)
  const container = [...engine.containers.values()].find((one) => one.name === step.who)
  if (step.do === 'run' || step.do === 'publish') {
    const portBindings = step.do === 'publish' ? [PORT] : []
    const made = createContainer(world, engine, {
      image: 'busybox',
      name: step.who,
      network: step.where,
      portBindings: step.where === 'green' ? [...portBindings, ANY_PORT] : portBindings,
      restart: step.who === 'ann' ? 'always' : 'no',
    })
    if (made.ok) startContainer(world, engine, made.value)
    return
  }
  if (container === undefined) return
  if (step.do === 'start') return void startContainer(world, engine, container)
  if (step.do === 'stop') return void stopContainer(world, engine, container, 1)
  if (step.do === 'remove') return void removeContainer(world, engine, container, { force: true })
  if (step.do === 'pause')
    return void (container.state.status === 'paused'
      ? unpauseContainer(world, engine, container)
      : pauseContainer(world, engine, container))
  if (step.do === 'rename') return void renameContainer(world, engine, container, `${step.who}-${step.where}`)
  const network = networkNamed(engine, step.where)
  if (network === undefined) return
  if (step.do === 'connect') connectNetwork(world, engine, container, network, noEndpointSettings)
  else disconnectNetwork(world, engine, container, network)
}

/** With or without docker-proxy from now on. */
function restartDaemon(host: OneHost, proxy: boolean): void {
  const { world, engine } = host
  beginShutdown(world, engine)
  while (!mayEnd(engine)) advanceWorld(world, world.nowUs + 1_000_000)
  finishShutdown(world, engine)
  expect(engine.endpoints.size).toBe(0)
  const text = JSON.stringify({ 'userland-proxy': proxy })
  putOnHost(world, engine, CONFIG_FILE, file(text))
  expect(startDaemon(world, engine).ok).toBe(true)
}

function prune(host: OneHost): void {
  const { world, engine } = host
  for (const container of [...engine.containers.values()])
    if (container.state.pid === 0 && container.state.status !== 'restarting')
      expect(removeContainer(world, engine, container).ok).toBe(true)
  for (const network of [...engine.networks.values()]) removeNetwork(world, engine, network.id)
}

/** What must hold at any time. */
function check(host: OneHost): void {
  const { engine, netns } = host
  const endpoints = [...engine.endpoints.values()]
  const addresses = endpoints.flatMap((one) =>
    one.address === null ? [] : [`${one.network} ${one.address}`],
  )
  expect(new Set(addresses).size).toBe(addresses.length)
  for (const pool of engine.ipam.pools) {
    const own = endpoints.filter((one) => one.network === pool.network).map((one) => one.address)
    for (const address of own) expect(pool.taken.has(address!)).toBe(true)
    expect(pool.taken.size).toBe(own.length + 3)
  }
  const veths = [...netns.links.values()].filter((link) => link.kind === 'veth')
  expect(veths.map((link) => link.name).sort()).toEqual(
    endpoints.flatMap((one) => (one.device === null ? [] : [one.device.hostName])).sort(),
  )
  for (const container of engine.containers.values()) {
    const shown = [...container.networks.values()].filter((settings) => settings.endpoint !== null)
    expect(isRunning(container) ? shown.length : 0).toBe(shown.length)
  }
  checkRules(host)
  checkSandboxes(host)
}

/** What `inspect` tells is what the container's own devices show. */
function checkSandboxes(host: OneHost): void {
  const { world, engine } = host
  const kernel = world.kernels.get('host1')!
  for (const sandbox of engine.sandboxes.values()) {
    const links = [...(kernel.namespaces.get(sandbox.netns)?.links.values() ?? [])]
    const shown = links.flatMap((link) =>
      link.kind === 'veth' ? [`${link.name} ${link.addresses[0]?.address} ${link.mac}`] : [],
    )
    const told = sandbox.endpoints.map((id) => {
      const endpoint = engine.endpoints.get(id)!
      return `${endpoint.device?.name} ${endpoint.address} ${endpoint.mac}`
    })
    expect(shown.sort()).toEqual(told.sort())
  }
}

function expectedRules(host: OneHost): PlacedRule[] {
  const { engine } = host
  const hairpin = !engine.config.userlandProxy
  const networks = [...engine.networks.values()].flatMap((one) =>
    one.bridge === null || one.subnet === null
      ? []
      : bridgeRules(one.bridge, one.subnet, one.internal, hairpin),
  )
  const ports = [...engine.endpoints.values()].flatMap((one) => {
    const bridge = engine.networks.get(one.network)?.bridge
    return bridge == null || one.address === null
      ? []
      : one.ports.flatMap((port) => portRules(bridge.name, one.address!, port, hairpin))
  })
  return [...networks, ...ports]
}

const SHARED_RULES = 2 + 2 + 2 + 1

/** Each rule of the networks and ports there are, and no other. */
function checkRules(host: OneHost): void {
  const wanted = expectedRules(host)
  for (const one of wanted) {
    const chain = findChain(host.netns, one)
    expect(chain?.rules.filter((rule) => sameRule(rule, one.rule))).toHaveLength(1)
  }
  let count = 0
  for (const table of host.netns.netfilter.tables4.values())
    for (const chain of table.chains.values()) count += chain.rules.length
  expect(count).toBe(wanted.length + SHARED_RULES)
}

test('whatever happens: no address twice, a veth for each endpoint, the rules of what there is', () => {
  fc.assert(
    fc.property(fc.array(steps, { minLength: 5, maxLength: 25 }), fc.nat(1000), (walk, seed) => {
      const host = oneHost(seed)
      for (const step of walk) {
        take(host, step)
        check(host)
        advanceWorld(host.world, host.world.nowUs + 1_500_000)
        check(host)
      }
    }),
    { numRuns: 150 },
  )
})

test('removing all leaves nothing behind', () => {
  fc.assert(
    fc.property(fc.array(steps, { minLength: 5, maxLength: 20 }), (walk) => {
      const host = oneHost()
      const { world, engine, netns } = host
      const kernel = world.kernels.get('host1')!
      const sizes = () => [
        kernel.namespaces.size,
        kernel.mountNamespaces.size,
        kernel.pidNamespaces.size,
        kernel.utsNamespaces.size,
        kernel.containerLogs.size,
        kernel.terminals.size,
      ]
      const before = sizes()
      for (const step of walk) take(host, step)
      for (const container of [...engine.containers.values()])
        removeContainer(world, engine, container, { force: true })
      for (const name of NETWORKS) removeNetwork(world, engine, name)
      advanceWorld(world, world.nowUs + 30_000_000)
      expect(sizes()).toEqual(before)
      expect([
        engine.endpoints.size,
        engine.sandboxes.size,
        engine.networks.size,
        engine.leftNetns.size,
      ]).toEqual([0, 0, 3, 0])
      expect([...netns.links.values()].map((link) => link.name)).toEqual(['lo', 'docker0'])
      expect([...kernel.processes.values()].map((process) => process.argv[0])).toEqual([
        '/sbin/init',
        '/usr/sbin/dockerd',
        'containerd',
      ])
      check(host)
    }),
    { numRuns: 40 },
  )
})
