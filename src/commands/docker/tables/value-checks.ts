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

/** `--aux-address`, `--opt`: `name=value`. */
export function isPair(value: string): string | null {
  return value.includes('=') ? null : `${value} must be formatted as key=value`
}
