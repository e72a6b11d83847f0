import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ruleListing } from '../../../src/render/iptables/listing.ts'
import { removeContainer } from '../../../src/sim/docker/lifecycle.ts'
import { createNetwork, removeNetwork } from '../../../src/sim/docker/networks.ts'
import type { TableName } from '../../../src/sim/kernel/netfilter/types.ts'
import { networkRequest, type OneHost, oneHost, run } from './one-host.ts'

/** Output of the n-th time that a recording runs the command. */
function recorded(name: string, command: string, nth = 0): string {
  const lines = readFileSync(
    new URL(`../../conformance/recordings-20.10/${name}.txt`, import.meta.url),
    'utf8',
  ).split('\n')
  const starts = lines.flatMap((line, i) => (line === `host1$ ${command}` ? [i] : []))
  const output: string[] = []
  for (let i = starts[nth]! + 1; lines[i]?.startsWith('| '); i++) output.push(lines[i]!.slice(2))
  return output.join('\n')
}

function listed(host: OneHost, table: TableName): string {
  const chains = [...(host.netns.netfilter.tables4.get(table)?.chains.values() ?? [])]
  const text = ruleListing(
    chains.map((chain) => ({ chain, references: 0 })),
    false,
  )
  return text.trimEnd()
}

const sorted = (text: string): string[] => text.split('\n').sort()
/** Rules in order, chain by chain. */
function byChain(text: string): Record<string, string[]> {
  const result: Record<string, string[]> = {}
  for (const line of text.split('\n')) {
    const chain = /^-A (\S+)/.exec(line)?.[1]
    if (chain !== undefined) result[chain] = [...(result[chain] ?? []), line]
  }
  return result
}

function expectSame(simulated: string, real: string): void {
  expect(byChain(simulated)).toEqual(byChain(real))
  expect(sorted(simulated)).toEqual(
    expect.arrayContaining(sorted(real).filter((line) => line.startsWith('-N'))),
  )
}

describe('rules stand as a real engine puts them', () => {
  test('when it has started', () => {
    const host = oneHost()
    expectSame(listed(host, 'filter'), recorded('default-bridge-firewall', 'iptables -S'))
    expectSame(listed(host, 'nat'), recorded('default-bridge-firewall', 'iptables -t nat -S'))
    expect(listed(host, 'filter')).toContain('-P FORWARD DROP')
  })

  test('with networks of all kinds', () => {
    const host = oneHost()
    const { world, engine } = host
    const icc = { 'com.docker.network.bridge.enable_icc': 'false' }
    const plain = { 'com.docker.network.bridge.enable_ip_masquerade': 'false' }
    const requests = [
      networkRequest('n1'),
      networkRequest('n2'),
      networkRequest('hidden', { internal: true }),
      networkRequest('noicc', { options: icc }),
      networkRequest('nomasq', { options: plain }),
    ]
    const made = requests.map((request) => createNetwork(world, engine, request))
    const real = ['iptables -S', 'iptables -t nat -S'].map((command) =>
      recorded('custom-bridge-isolation', command),
    )
    const realNames = [...new Set(real.join('\n').match(/br-[0-9a-f]{12}/g))]
    const order = ['15990173d026', '8492e120fd2b', '11113571220a', 'cabdfa8503d5', '69b6f0c13304']
    expect(realNames.sort()).toEqual(order.map((id) => `br-${id}`).sort())
    const translate = (text: string): string =>
      made.reduce(
        (result, one, i) => (one.ok ? result.replaceAll(one.value.bridge!.name, `br-${order[i]}`) : result),
        text,
      )
    expectSame(translate(listed(host, 'filter')), real[0]!)
    expectSame(translate(listed(host, 'nat')), real[1]!)
  })

  test('with a published port, and without any trace of it afterwards', () => {
    const host = oneHost()
    const { world, engine } = host
    const before = listed(host, 'nat')
    const web = run(host, {
      image: 'nginx',
      name: 'web',
      portBindings: [{ containerPort: 80, protocol: 'tcp', hostIp: '', hostPort: '8080' }],
    })
    expectSame(listed(host, 'nat'), recorded('publish-nat', 'iptables -t nat -S'))
    expect(byChain(listed(host, 'filter'))['DOCKER']).toEqual(
      byChain(recorded('publish-nat', 'iptables -S DOCKER'))['DOCKER'],
    )
    createNetwork(world, engine, networkRequest('gone'))
    expect(removeNetwork(world, engine, 'gone').ok).toBe(true)
    expect(removeContainer(world, engine, web, { force: true }).ok).toBe(true)
    expect(listed(host, 'nat')).toBe(before)
  })
})
