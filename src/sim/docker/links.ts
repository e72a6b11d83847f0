/** `--link` on the default bridge: what the container is told of the other one. moby daemon/links/links.go, container_operations_unix.go */
import { ok, type Result, refuse } from '../base/result.ts'
import { formatIpv4 } from '../wire/ipv4-address.ts'
import type { Container } from './container.ts'
import { findContainer } from './create-container.ts'
import type { Engine } from './engine.ts'
import { isUserDefined } from './networks.ts'

export interface Link {
  readonly alias: string
  readonly child: Container
}

/** Only links of the default bridge are kept this way; on other networks they are names for the DNS server. */
export function legacyLinks(engine: Engine, container: Container): Link[] {
  if (isUserDefined(container.hostConfig.networkMode)) return []
  return container.hostConfig.links.flatMap((text) => {
    const [term = '', alias] = text.split(':')
    const child = findContainer(engine, term)
    return child.ok ? [{ alias: alias ?? child.value.name, child: child.value }] : []
  })
}

/** Both must be on the default bridge, and the other one must run. */
export function checkLinked(engine: Engine, container: Container): Result<void> {
  for (const { alias, child } of legacyLinks(engine, container)) {
    if (!child.networks.has('bridge'))
      return refuse('EINVAL', `Cannot link to /${child.name}, as it does not belong to the default network`)
    if (child.state.status === 'running' || child.state.status === 'paused') continue
    const name = `/${container.name}/${alias}`
    return refuse('EINVAL', `Cannot link to a non running container: /${child.name} AS ${name}`)
  }
  return ok(undefined)
}

export function linkedEnvironment(engine: Engine, container: Container): string[] {
  return legacyLinks(engine, container).flatMap((link) => environmentOf(engine, container, link))
}

interface Port {
  readonly number: number
  readonly protocol: string
}

function environmentOf(engine: Engine, container: Container, { alias, child }: Link): string[] {
  const id = child.networks.get('bridge')?.endpoint
  const address = formatIpv4((id == null ? null : engine.endpoints.get(id)?.address) ?? 0)
  const word = alias.toUpperCase().replaceAll('-', '_')
  const ports = child.config.exposedPorts
    .map((text) => ({ number: Number(text.split('/')[0]), protocol: text.split('/')[1] ?? 'tcp' }))
    .sort((a, b) => a.number - b.number || Number(b.protocol === 'tcp') - Number(a.protocol === 'tcp'))
  const url = (port: Port): string => `${port.protocol}://${address}:${port.number}`
  const [first] = ports
  const own = child.config.env.filter((pair) => pair.includes('=') && !/^(?:HOME|PATH)=/.test(pair))
  return [
    ...(first === undefined ? [] : [`${word}_PORT=${url(first)}`]),
    ...ports.flatMap((port) => {
      const name = `${word}_PORT_${port.number}_${port.protocol.toUpperCase()}`
      const { number, protocol } = port
      return [
        `${name}=${url(port)}`,
        `${name}_ADDR=${address}`,
        `${name}_PORT=${number}`,
        `${name}_PROTO=${protocol}`,
      ]
    }),
    `${word}_NAME=/${container.name}/${alias}`,
    ...own.map((pair) => `${word}_ENV_${pair}`),
  ]
}
