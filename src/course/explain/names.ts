/** Names for what a trace holds as numbers: whose network stack it was, which device, which rule. */
import { nameOfNamespace } from '../../commands/iproute2/environment.ts'
import { ruleText } from '../../render/iptables/rule-text.ts'
import type { TableName } from '../../sim/kernel/netfilter/types.ts'
import type { World } from '../../sim/world/world.ts'
import { listContainers } from '../place.ts'

export interface Names {
  /** `host1`, `web`, `blue`; for a stack that is gone `a container that is gone`. */
  place(host: string, netns: number): string
  device(host: string, netns: number, ifindex: number): string
  /** As `iptables -S` prints it; null where it has been taken away meanwhile. */
  rule(host: string, netns: number, table: string, chain: string, number: number): string | null
}

export function namesOf(world: World): Names {
  const places = new Map<string, string>()
  for (const kernel of world.kernels.values()) {
    places.set(`${kernel.host}/${kernel.initialNetns}`, kernel.host)
    for (const netns of kernel.namespaces.values()) {
      const key = `${kernel.host}/${netns.id}`
      if (!places.has(key)) places.set(key, namedBy(world, kernel.host, netns.id) ?? `namespace ${netns.id}`)
    }
  }
  const stack = (host: string, netns: number) => world.kernels.get(host)?.namespaces.get(netns)
  return {
    place: (host, netns) => places.get(`${host}/${netns}`) ?? 'a container that is gone',
    device: (host, netns, ifindex) =>
      stack(host, netns)?.links.get(ifindex)?.name ?? `device ${ifindex} (gone)`,
    rule(host, netns, table, chain, number) {
      const found = stack(host, netns)
        ?.netfilter.tables4.get(table as TableName)
        ?.chains.get(chain)?.rules[number - 1]
      return found === undefined ? null : ruleText(chain, found)
    },
  }
}

/** The container that lives in it (a container's own one before one that joined), or the name `ip netns` knows. */
function namedBy(world: World, host: string, netns: number): string | null {
  for (const { engine, container } of listContainers(world)) {
    if (engine.host !== host) continue
    if (world.kernels.get(host)?.processes.get(container.state.pid)?.netns === netns) return container.name
  }
  const kernel = world.kernels.get(host)
  const process = kernel?.processes.get(1)
  return kernel === undefined || process === undefined
    ? null
    : nameOfNamespace({ world, kernel, process }, netns)
}
