/** Checks of option values that the command line makes itself. docker/cli opts/opts.go, hosts.go */
import { parseIpv4 } from '../../../sim/wire/ipv4-address.ts'
import { parseIpv6 } from '../../../sim/wire/ipv6-address.ts'

function isAddress(text: string): boolean {
  return parseIpv4(text) !== null || parseIpv6(text) !== null
}

/** `--dns` */
export function isIpAddress(value: string): string | null {
  return isAddress(value.trim()) ? null : `${value} is not an ip address`
}

/** `--add-host name:address` */
export function isEndpointNumber(value: string): string | null {
  const colon = value.indexOf(':')
  if (colon <= 0) return `bad format for add-host: ${JSON.stringify(value)}`
  const address = value.slice(colon + 1)
  if (address === 'host-gateway' || isAddress(address)) return null
  return `invalid IP address in add-host: ${JSON.stringify(address)}`
}

const DOMAIN = /^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*\.?\s*$/

/** `--dns-search`; a dot alone: none. */
export function isDomain(value: string): string | null {
  const name = value.replace(/^ +| +$/g, '')
  return name === '.' || (/[a-zA-Z]/.test(name) && DOMAIN.test(name))
    ? null
    : `${value} is not a valid domain`
}

/** `--env` */
export function isVariable(value: string): string | null {
  return value === '' || value.startsWith('=') ? `invalid environment variable: ${value}` : null
}

/** `--label` */
export function isLabel(value: string): string | null {
  return value.split('=')[0]?.trim() === '' ? `invalid label '${value}': empty name` : null
}

/** `--cpus` */
export function isCpuCount(value: string): string | null {
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$|^[+-]?\d+\/\d+$/.test(value))
    return `failed to parse ${value} as a rational number`
  return (/\.(\d+)/.exec(value)?.[1] ?? '').length > 9 ? 'value is too precise' : null
}

/** `--aux-address`, `--opt`: `name=value`. */
export function isPair(value: string): string | null {
  return value.includes('=') ? null : `${value} must be formatted as key=value`
}

/** `--network name=NAME,alias=A` */
export function networkRefusal(text: string): string | null {
  if (!/\w+=\w+(,\w+=\w+)*/.test(text)) return null
  const fields = text.split(',').map((field) => field.split('='))
  for (const [name = '', value] of fields) {
    if (value === undefined) return `invalid field ${name}`
    if (!['name', 'alias', 'driver-opt'].includes(name.toLowerCase())) return `invalid field key ${name}`
  }
  return fields.some(([name]) => name === 'name') ? null : 'network name/id is not specified'
}
