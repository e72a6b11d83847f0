/** Checks on what there is: containers, networks, devices, routes, rules, files. They only look; no copy is needed. */

import { ruleText } from '../render/iptables/rule-text.ts'
import type { Container } from '../sim/docker/container.ts'
import { readFile } from '../sim/kernel/fs/files.ts'
import type { Link } from '../sim/kernel/link/types.ts'
import type { Route } from '../sim/kernel/net-namespace.ts'
import type { TableName } from '../sim/kernel/netfilter/types.ts'
import { listRoutes } from '../sim/kernel/netlink/route.ts'
import { formatIpv4, formatPrefix } from '../sim/wire/ipv4-address.ts'
import type { World } from '../sim/world/world.ts'
import type { Check } from './check.ts'
import { findContainer, findPlace, isPlace, listContainers } from './place.ts'
import { type CheckVerdict, fails, HOLDS, verdict } from './verdict.ts'

type Of<K extends Check['kind']> = Extract<Check, { kind: K }>

export function checkContainer(check: Of<'container'>, world: World): CheckVerdict {
  if (check.name === null) {
    const count = listContainers(world).filter(
      ({ container }) => mismatch(check, world, container) === null,
    ).length
    const wanted = check.count ?? 1
    return verdict(check.count === null ? count >= 1 : count === wanted, `there are ${count} such containers`)
  }
  const found = findContainer(world, check.name)
  if (found === null) return fails(`there is no container called ${check.name}`)
  const because = mismatch(check, world, found.container)
  return because === null ? HOLDS : fails(because)
}

/** Why a container is not the one that is asked for. */
function mismatch(check: Of<'container'>, world: World, container: Container): string | null {
  const { name, state, config } = container
  if (check.state !== null && state.status !== check.state)
    return `the container ${name} is ${state.status}, not ${check.state}`
  if (check.image !== null && imageName(config.image) !== imageName(check.image))
    return `the container ${name} runs the image ${config.image}, not ${check.image}`
  if (check.network !== null && !networksOf(world, container).includes(check.network))
    return `the container ${name} is not on network ${check.network}`
  return null
}

function imageName(text: string): string {
  return text.replace(/:latest$/, '')
}

function networksOf(_world: World, container: Container): string[] {
  return [...container.networks.keys()].map((name) => (name === 'default' ? 'bridge' : name))
}

export function checkNetwork(check: Of<'network'>, world: World): CheckVerdict {
  const all = [...world.engines.values()].flatMap((engine) => [...engine.networks.values()])
  const found = all.find((network) => network.name === check.name)
  if (!check.exists) return verdict(found === undefined, `the network ${check.name} is still there`)
  if (found === undefined) return fails(`there is no network called ${check.name}`)
  if (check.driver !== null && found.driver !== check.driver)
    return fails(`the network ${check.name} has the driver ${found.driver}`)
  const subnet =
    found.subnet === null
      ? null
      : formatPrefix({ address: found.subnet.address, length: found.subnet.length })
  return verdict(
    check.subnet === null || check.subnet === subnet,
    `the network ${check.name} has the subnet ${subnet ?? 'none'}`,
  )
}

export function checkLink(check: Of<'link'>, world: World): CheckVerdict {
  const place = findPlace(world, check.in)
  if (!isPlace(place)) return fails(place.because)
  const links = [...place.netns.links.values()]
  const link = links.find((one) => one.name === check.name)
  if (!check.exists) return verdict(link === undefined, `${check.in} still has ${check.name}`)
  if (link === undefined) return fails(`${check.in} has no device ${check.name}`)
  const because = wrongLink(check, link, links)
  return because === null ? HOLDS : fails(because)
}

function wrongLink(check: Of<'link'>, link: Link, links: readonly Link[]): string | null {
  if (check.up !== null && link.up !== check.up)
    return `${check.name} in ${check.in} is ${link.up ? 'up' : 'down'}`
  if (check.type !== null && link.kind !== check.type) return `${check.name} in ${check.in} is a ${link.kind}`
  if (check.master === null) return null
  const master = links.find((one) => one.ifindex === link.master)?.name ?? 'none'
  return master === check.master
    ? null
    : `${check.name} is a port of ${master === 'none' ? 'no bridge' : master}`
}

export function checkRoute(check: Of<'route'>, world: World): CheckVerdict {
  const place = findPlace(world, check.in)
  if (!isPlace(place)) return fails(place.because)
  const matches = (route: Route): boolean =>
    destinationText(route) === check.destination &&
    (check.via === null || (route.gateway !== null && formatIpv4(route.gateway) === check.via))
  const found = listRoutes(place.netns).some(matches)
  if (!check.exists) return verdict(!found, `${check.in} still has a route to ${check.destination}`)
  return verdict(found, `${check.in} has no such route to ${check.destination}`)
}

function destinationText(route: Route): string {
  return route.destination.length === 0 ? 'default' : formatPrefix(route.destination)
}

export function checkRule(check: Of<'rule'>, world: World): CheckVerdict {
  const place = findPlace(world, check.in)
  if (!isPlace(place)) return fails(place.because)
  const table = place.netns.netfilter.tables4.get(check.table as TableName)
  const rules = table?.chains.get(check.chain)?.rules ?? []
  const pattern = new RegExp(check.matches, 'i')
  const found = rules.some((rule) => pattern.test(ruleText(check.chain, rule)))
  const where = `chain ${check.chain} of table ${check.table}`
  if (!check.exists) return verdict(!found, `the rule is still in ${where}`)
  return verdict(found, `there is no such rule in ${where}`)
}

export function checkFile(check: Of<'file'>, world: World): CheckVerdict {
  const place = findPlace(world, check.in)
  if (!isPlace(place)) return fails(place.because)
  const text = readFile(world, place.kernel, place.process, check.path)
  if (!text.ok) return fails(`${check.in} has no file ${check.path}`)
  return verdict(
    new RegExp(check.matches, 'im').test(text.value),
    `${check.path} in ${check.in} holds something else`,
  )
}
