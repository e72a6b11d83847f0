/** `ip addr`: the addresses below a device's lines. ip/ipaddress.c print_addrinfo (6.1.0). */

import type { Interface6Address, InterfaceAddress } from '../../sim/kernel/link/types.ts'
import type { LinkRow } from '../../sim/kernel/netlink/dump.ts'
import { formatIpv4 } from '../../sim/wire/ipv4-address.ts'
import { Fields } from './fields.ts'
import { briefHead } from './link.ts'

const FOREVER = 4294967295

export type AnyAddress =
  | { readonly family: 4; readonly own: InterfaceAddress }
  | { readonly family: 6; readonly own: Interface6Address }

/** `nowUs`: lifetimes are told as what is left of them. */
export function addressFields(one: AnyAddress, color: boolean, nowUs = 0): Fields {
  const fields = new Fields(color)
  const name = one.family === 4 ? 'inet' : 'inet6'
  fields.add('family', name, `    ${name} `)
  addLocal(fields, one)
  if (one.family === 4 && one.own.broadcast !== null) {
    const text = formatIpv4(one.own.broadcast)
    fields.put('brd ').add('broadcast', text, `${text} `, 'inet')
  }
  fields.add('scope', one.own.scope, `scope ${one.own.scope} `)
  if (one.family === 4) {
    if (one.own.secondary) fields.add('secondary', true, 'secondary ')
    if (secondsLeft(one.own.preferredUntilUs, nowUs) === 0) fields.add('deprecated', true, 'deprecated ')
    if (one.own.validUntilUs !== undefined) fields.add('dynamic', true, 'dynamic ')
    fields.add('label', one.own.label, one.own.label)
  } else {
    if (one.own.noDad === true) fields.add('nodad', true, 'nodad ')
    if (one.own.dadFailed === true) fields.add('dadfailed', true, 'dadfailed ')
    if (one.own.tentative) fields.add('tentative', true, 'tentative ')
    if (one.own.noPrefixRoute === true) fields.add('noprefixroute', true, 'noprefixroute ')
  }
  const { validUntilUs, preferredUntilUs } = one.family === 4 ? one.own : {}
  const valid = secondsLeft(validUntilUs, nowUs)
  const preferred = secondsLeft(preferredUntilUs, nowUs)
  fields.put('\n       ').add('valid_life_time', valid, `valid_lft ${lifetime(valid)} `)
  return fields.add('preferred_life_time', preferred, `preferred_lft ${lifetime(preferred)}`).put('\n')
}

function secondsLeft(untilUs: number | undefined, nowUs: number): number {
  return untilUs === undefined ? FOREVER : Math.max(0, Math.ceil((untilUs - nowUs) / 1e6))
}

const lifetime = (seconds: number): string => (seconds === FOREVER ? 'forever' : `${seconds}sec`)

function addLocal(fields: Fields, one: AnyAddress): void {
  const color = one.family === 4 ? 'inet' : 'inet6'
  const local = one.family === 4 ? formatIpv4(one.own.address) : one.own.address
  fields.add('local', local, local, color)
  const peer = peerOf(one)
  if (peer !== null) fields.put(' peer ').add('address', peer, peer, color)
  fields.add('prefixlen', one.own.length, `/${one.own.length} `)
}

function peerOf(one: AnyAddress): string | null {
  if (one.family === 6) return one.own.peer ?? null
  return one.own.peer === null ? null : formatIpv4(one.own.peer)
}

/** `ip -br addr`. */
export function briefAddressFields(row: LinkRow, list: readonly AnyAddress[], color: boolean): Fields {
  const fields = briefHead(row, color)
  const info = list.map((one) => {
    const own = new Fields(color)
    addLocal(own, one)
    fields.put(own.text)
    return own.json
  })
  return fields.only('addr_info', info as never).put('\n')
}
