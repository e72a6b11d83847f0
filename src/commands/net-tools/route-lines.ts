/** The routes that /proc/net/route lists, and the words that change them, for both `route`s. */
import type { RouteLine } from '../../render/net-tools/route.ts'
import { type Result, refuse } from '../../sim/base/result.ts'
import { findLink } from '../../sim/kernel/netlink/link.ts'
import { addRoute, deleteRoute, listRoutes, type RouteSpec } from '../../sim/kernel/netlink/route.ts'
import { lengthOf, networkOf, parseIpv4 } from '../../sim/wire/ipv4-address.ts'
import type { CommandContext } from '../context.ts'

export function routeLines({ netns }: Pick<CommandContext, 'netns'>): RouteLine[] {
  return listRoutes(netns)
    .filter((route) => route.type !== 'broadcast')
    .map((route) => ({
      route,
      device: route.ifindex === null ? null : (netns.links.get(route.ifindex)?.name ?? null),
    }))
}

/** The addresses whose names `route` wants to know. */
export function gatewaysOf(lines: readonly RouteLine[]): number[] {
  return lines.flatMap(({ route }) => (route.gateway === null ? [] : [route.gateway]))
}

export interface RouteRequest {
  readonly isAdd: boolean
  readonly address: number
  readonly length: number
  /** Asked for as a network with a mask that does not cover the address. */
  readonly maskMismatch: boolean
  readonly gateway: number | null
  readonly device: string | null
  readonly metric: number
  readonly reject: boolean
}

export type RouteWords =
  | { readonly kind: 'request'; readonly request: RouteRequest }
  | { readonly kind: 'usage' }
  | { readonly kind: 'unknown-host'; readonly word: string }

/** Words behind `add` or `del`. */
export function readRouteWords(isAdd: boolean, words: readonly string[]): RouteWords {
  const queue = [...words]
  let kind: 'net' | 'host' | null = null
  while (queue[0] === '-net' || queue[0] === '-host') kind = queue.shift() === '-net' ? 'net' : 'host'
  const target = queue.shift()
  if (target === undefined) return { kind: 'usage' }
  const isDefault = target === 'default'
  const [text = '', lengthText] = target.split('/')
  const address = isDefault ? 0 : parseIpv4(text)
  if (address === null) return { kind: 'unknown-host', word: text }
  const draft = { gateway: null as number | null, device: null as string | null, metric: 0, reject: false }
  let length: number | null = isDefault ? 0 : lengthText === undefined ? null : Number(lengthText)
  while (queue.length > 0) {
    const word = queue.shift()!
    if (word === 'gw' || word === 'gateway') {
      const gateway = queue.shift() ?? ''
      draft.gateway = parseIpv4(gateway)
      if (draft.gateway === null) return { kind: 'unknown-host', word: gateway }
    } else if (word === 'netmask') length = lengthOf(parseIpv4(queue.shift() ?? '') ?? 1)
    else if (word === 'dev' || word === 'device') draft.device = queue.shift() ?? null
    else if (word === 'metric') draft.metric = Number(queue.shift())
    else if (word === 'reject') draft.reject = true
    else if (['mss', 'window', 'irtt'].includes(word)) queue.shift()
    else if (queue.length === 0) draft.device = word
    else return { kind: 'usage' }
  }
  // Without mask: a network by its class if its host part is empty, else one host.
  const guessed = length ?? (kind === 'net' ? classLength(address) : 32)
  const maskMismatch = networkOf(address, guessed) !== address
  return { kind: 'request', request: { isAdd, address, length: guessed, maskMismatch, ...draft } }
}

function classLength(address: number): number {
  return address >>> 31 === 0 ? 8 : address >>> 30 === 2 ? 16 : 24
}

export function changeRoute(context: CommandContext, request: RouteRequest): Result<unknown> {
  const { world, netns } = context
  if (!context.process.capabilities.has('NET_ADMIN')) return refuse('EPERM')
  const link = request.device === null ? null : findLink(netns, request.device)
  if (link === undefined) return refuse('ENODEV')
  const spec: RouteSpec = {
    destination: { address: request.address, length: request.length },
    ...(request.gateway === null ? {} : { gateway: request.gateway }),
    ...(link === null ? {} : { ifindex: link.ifindex }),
    ...(request.metric === 0 ? {} : { metric: request.metric }),
    ...(request.reject
      ? { type: 'unreachable' as const }
      : request.isAdd
        ? {}
        : { type: 'unicast' as const }),
  }
  if (!request.isAdd) return deleteRoute(world, netns, spec)
  // SIOCADDRT only looks for the very same route; another one to the same place goes in front (NLM_F_CREATE).
  return addRoute(world, netns, spec, 'prepend')
}
