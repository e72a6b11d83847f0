/** `-p` and `--expose`. github.com/docker/go-connections nat/{nat,parse}.go */
import type { PortBinding } from '../../sim/docker/container.ts'
import { parseIpv4 } from '../../sim/wire/ipv4-address.ts'
import { parseIpv6 } from '../../sim/wire/ipv6-address.ts'
import { Refused } from './spec.ts'

interface Range {
  readonly from: number
  readonly to: number
}

const NUMBER = /^\d+$/

function parseRange(text: string): Range | null {
  const parts = text.split('-')
  if (parts.length > 2 || !parts.every((part) => NUMBER.test(part) && Number(part) <= 65535)) return null
  const [from = 0, to = from] = parts.map(Number)
  return to < from ? null : { from, to }
}

/** nat/parse.go `ParsePortRange` */
function rangeRefusal(text: string): string {
  if (text === '') return 'Empty string specified for ports.'
  const [from = '', ...rest] = text.split('-')
  for (const word of rest.length === 0 ? [from] : [from, rest[0] ?? '']) {
    if (!NUMBER.test(word)) return `strconv.ParseUint: parsing ${JSON.stringify(word)}: invalid syntax`
    if (Number(word) > 65535) return `strconv.ParseUint: parsing ${JSON.stringify(word)}: value out of range`
  }
  return `Invalid range specified for the Port: ${text}`
}

/** `published=8080,target=80,protocol=udp` is the long form. cli container/opts.go `convertToStandardNotation` */
function standardNotation(text: string): string {
  if (!text.includes('=')) return text
  const values = new Map([['protocol', 'tcp']])
  for (const pair of text.split(',')) {
    const [name = '', value] = pair.split('=')
    if (value === undefined)
      throw new Refused(`invalid publish opts format (should be name=value but got '${pair}')`)
    values.set(name, value)
  }
  return `${values.get('published') ?? ''}:${values.get('target') ?? ''}/${values.get('protocol')}`
}

/** `8080:80`, `127.0.0.1:8080:80/udp`, `8000-8005:80`; throws `Refused`. */
export function parsePublish(given: string): PortBinding[] {
  const text = standardNotation(given)
  const slash = text.lastIndexOf('/')
  const protocol = slash < 0 ? 'tcp' : text.slice(slash + 1)
  const parts = (slash < 0 ? text : text.slice(0, slash)).split(':')
  const container = parts.pop() ?? ''
  const host = parts.pop() ?? ''
  const ip = checkIp(parts.join(':'))
  if (container === '') throw new Refused(`No port specified: ${text}<empty>`)
  const inner = parseRange(container)
  if (inner === null) throw new Refused(`Invalid containerPort: ${container}`)
  const outer = host === '' ? null : parseRange(host)
  if (host !== '' && outer === null) throw new Refused(`Invalid hostPort: ${host}`)
  if (outer !== null && inner.to - inner.from !== outer.to - outer.from && inner.to !== inner.from)
    throw new Refused(`Invalid ranges specified for container and host Ports: ${container} and ${host}`)
  const known = protocol.toLowerCase()
  if (known !== 'tcp' && known !== 'udp' && known !== 'sctp') throw new Refused(`Invalid proto: ${protocol}`)
  return bindings(inner, outer, ip, known)
}

function bindings(
  inner: Range,
  outer: Range | null,
  hostIp: string,
  protocol: PortBinding['protocol'],
): PortBinding[] {
  const result: PortBinding[] = []
  for (let i = 0; i <= inner.to - inner.from; i++) {
    const isChoice = outer !== null && inner.from === inner.to && outer.from !== outer.to
    const hostPort = outer === null ? '' : isChoice ? `${outer.from}-${outer.to}` : String(outer.from + i)
    result.push({ containerPort: inner.from + i, protocol, hostIp, hostPort })
  }
  return result
}

/** An IPv6 address stands in brackets. */
function checkIp(text: string): string {
  if (text === '') return ''
  const bracketed = /^\[(.*)\]$/.exec(text)?.[1]
  const ip = bracketed ?? text
  if (bracketed === undefined && text.includes(':'))
    throw new Refused(`Invalid ip address ${text}: address ${text}:: too many colons in address`)
  if (parseIpv4(ip) === null && parseIpv6(ip) === null) throw new Refused(`Invalid ip address: ${ip}`)
  return ip
}

/** `80`, `80/udp`, `8000-8002` → `80/tcp` … */
export function parseExpose(text: string): string[] {
  if (text.includes(':')) throw new Refused(`invalid port format for --expose: ${text}`)
  const [ports = '', protocol = 'tcp'] = text.split('/')
  const range = parseRange(ports)
  if (range === null)
    throw new Refused(`invalid range format for --expose: ${text}, error: ${rangeRefusal(ports)}`)
  return Array.from({ length: range.to - range.from + 1 }, (_, i) => `${range.from + i}/${protocol}`)
}
