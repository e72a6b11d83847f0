/** busybox's `arp`: networking/arp.c (1.35). */
import { errorText } from '../../render/iproute2/errno.ts'
import { busyboxArpLine } from '../../render/net-tools/arp.ts'
import { parseIpv4 } from '../../sim/wire/ipv4-address.ts'
import { parseMac } from '../../sim/wire/mac-address.ts'
import type { Command, CommandContext } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { arpRows, deleteArp, setArp } from '../net-tools/arp-table.ts'
import { notModelled } from '../not-modelled.ts'
import { ARP_USAGE } from './ip-usage.ts'
import { busyboxUsage } from './usage.ts'

export const busyboxArp: Command = (context) => {
  const parsed = parseOptions(context.argv, { short: 'A:p:H:t:i:adnDsv', long: { help: 'flag' } })
  if (!parsed.ok) return busyboxUsage(context, 'arp', ARP_USAGE, parsed.error)
  const { options, operands } = parsed.value
  const has = (name: string): boolean => options.some((one) => one.name === name)
  if (has('help')) return busyboxUsage(context, 'arp', ARP_USAGE, null)
  const hardware = options.find(({ name }) => name === 'H')?.value
  if (hardware !== undefined && hardware !== 'ether')
    return fail(context, `${hardware}: unknown hardware type`)
  if (has('D')) return notModelled(context, 'arp -D')
  const [host, mac, kind] = operands
  const address = host === undefined ? null : parseIpv4(host)
  if (host !== undefined && address === null) return fail(context, `${host}: Unknown host`)
  if (has('d') || has('s')) {
    if (address === null) return fail(context, 'need host name')
    return has('d') ? remove(context, address) : set(context, address, mac, kind)
  }
  const device = options.find(({ name }) => name === 'i')?.value ?? null
  const rows = arpRows(context)
  const found = rows.filter(
    (row) => (address === null || row.address === address) && (device === null || row.device === device),
  )
  context.out(found.map(busyboxArpLine).join(''))
  if (found.length === 0 && host !== undefined) context.out(`No match found in ${rows.length} entries\n`)
  return 0
}

function fail(context: CommandContext, text: string): number {
  context.err(`arp: ${text}\n`)
  return 1
}

function set(
  context: CommandContext,
  address: number,
  mac: string | undefined,
  kind: string | undefined,
): number {
  if (mac === undefined) return fail(context, 'need hardware address')
  const parsed = parseMac(mac)
  if (parsed === null) return fail(context, 'invalid hardware address')
  const done = setArp(context, address, parsed, kind === 'temp')
  return done.ok ? 0 : fail(context, `SIOCSARP: ${errorText(done.error.code)}`)
}

function remove(context: CommandContext, address: number): number {
  const done = deleteArp(context, address)
  return done.ok
    ? 0
    : fail(
        context,
        `SIOCDARP(${done.error.code === 'EPERM' ? 'priv' : 'pub'}): ${errorText(done.error.code)}`,
      )
}
