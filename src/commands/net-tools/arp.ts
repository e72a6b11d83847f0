/** arp(8) of net-tools 2.10: arp.c */
import { errorText } from '../../render/iproute2/errno.ts'
import { ARP_HEAD, type ArpRow, arpBsdLine, arpLine } from '../../render/net-tools/arp.ts'
import { parseMac } from '../../sim/wire/mac-address.ts'
import type { Command, CommandContext } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { notModelled } from '../not-modelled.ts'
import { sentence } from '../util-linux/usage.ts'
import { arpRows, deleteArp, setArp } from './arp-table.ts'
import { hostAddress, namesOf } from './names.ts'
import { ARP_USAGE } from './usage.ts'

const UNMODELLED = [
  ['D', 'use-device'],
  ['f', 'file'],
] as const

export const arp: Command = async (context) => {
  const parsed = parseOptions(context.argv, {
    short: 'A:H:adfp:nsei:Dvh?V',
    long: {
      verbose: 'flag',
      version: 'flag',
      all: 'flag',
      delete: 'flag',
      numeric: 'flag',
      set: 'flag',
      device: 'value',
      'use-device': 'flag',
      file: 'flag',
      protocol: 'value',
      help: 'flag',
    },
  })
  if (!parsed.ok) {
    const { error } = parsed
    context.err(`arp: ${sentence(error)}\n${ARP_USAGE}`)
    return 3
  }
  const { options, operands } = parsed.value
  const has = (...names: string[]): boolean => options.some(({ name }) => names.includes(name))
  if (has('h', 'help', '?')) {
    context.err(ARP_USAGE)
    return 0
  }
  if (has('V', 'version')) {
    context.out('net-tools 2.10\n')
    return 0
  }
  for (const [letter, long] of UNMODELLED) if (has(letter, long)) return notModelled(context, `arp --${long}`)
  if (has('s', 'set')) return set(context, operands)
  if (has('d', 'delete')) return remove(context, operands)
  const device = options.find(({ name }) => name === 'i' || name === 'device')?.value ?? null
  const rows = has('n', 'numeric') ? arpRows(context) : await withNames(context, arpRows(context))
  const address = operands[0] === undefined ? null : await hostAddress(context, operands[0])
  if (typeof address === 'string') return fail(context, address.trimEnd())
  return show(context, rows, {
    address,
    host: operands[0] ?? null,
    device,
    bsd: has('a', 'all'),
    verbose: has('v', 'verbose'),
  })
}

async function withNames(context: CommandContext, rows: readonly ArpRow[]): Promise<ArpRow[]> {
  const names = await namesOf(
    context,
    rows.map((row) => row.address),
  )
  return rows.map((row) => ({ ...row, name: names.get(row.address) ?? null }))
}

interface Selection {
  readonly address: number | null
  readonly host: string | null
  readonly device: string | null
  readonly bsd: boolean
  readonly verbose: boolean
}

function show(
  context: CommandContext,
  rows: readonly ArpRow[],
  { address, host, device, bsd, verbose }: Selection,
): number {
  const found = rows.filter(
    (row) => (address === null || row.address === address) && (device === null || row.device === device),
  )
  if (found.length > 0) context.out((bsd ? '' : ARP_HEAD) + found.map(bsd ? arpBsdLine : arpLine).join(''))
  if (verbose)
    context.out(`Entries: ${rows.length}\tSkipped: ${rows.length - found.length}\tFound: ${found.length}\n`)
  if (found.length > 0) return 0
  if (host !== null && !bsd && device === null) context.out(`${host} (${host}) -- no entry\n`)
  else if (host !== null || device !== null) context.out(`arp: in ${rows.length} entries no match found.\n`)
  return 0
}

function fail(context: CommandContext, text: string): number {
  context.err(`${text}\n`)
  return 255
}

async function set(context: CommandContext, [host, mac, kind]: readonly string[]): Promise<number> {
  if (host === undefined) return fail(context, 'arp: need host name')
  const address = await hostAddress(context, host)
  if (typeof address === 'string') return fail(context, address.trimEnd())
  if (mac === undefined) return fail(context, 'arp: need hardware address')
  const parsed = parseMac(mac)
  if (parsed === null) return fail(context, 'arp: invalid hardware address')
  const done = setArp(context, address, parsed, kind === 'temp')
  return done.ok ? 0 : fail(context, `SIOCSARP: ${errorText(done.error.code)}`)
}

async function remove(context: CommandContext, [host]: readonly string[]): Promise<number> {
  if (host === undefined) return fail(context, 'arp: need host name')
  const address = await hostAddress(context, host)
  if (typeof address === 'string') return fail(context, address.trimEnd())
  const done = deleteArp(context, address)
  if (done.ok) return 0
  if (done.error.code === 'ENOENT') return fail(context, `No ARP entry for ${host}`)
  return fail(context, `SIOCDARP(dontpub): ${errorText(done.error.code)}`)
}
