/** `ifconfig` of net-tools 2.10 (lib/interface.c ife_print_long, ife_print_short) and of busybox 1.35 (interface.c). */

import type { InterfaceAddress } from '../../sim/kernel/link/types.ts'
import type { LinkRow } from '../../sim/kernel/netlink/dump.ts'
import { formatIpv4, maskOf } from '../../sim/wire/ipv4-address.ts'

/** One device, or one label of it (`eth0:1`), which has an address of its own but no counters. */
export interface Interface {
  readonly name: string
  readonly row: LinkRow
  readonly address: InterfaceAddress | null
  readonly isAlias: boolean
}

const BITS: readonly (readonly [name: string, bit: number])[] = [
  ['UP', 0x1],
  ['BROADCAST', 0x2],
  ['LOOPBACK', 0x8],
  ['RUNNING', 0x40],
  ['NOARP', 0x80],
  ['PROMISC', 0x100],
  ['ALLMULTI', 0x200],
  ['MULTICAST', 0x1000],
]

/** The flags that SIOCGIFFLAGS gives: RUNNING stands for carrier. */
function flagNames(row: LinkRow): string[] {
  const has = new Set(row.flags)
  if (row.up && !has.has('NO-CARRIER')) has.add('RUNNING')
  return BITS.map(([name]) => name).filter((name) => has.has(name))
}

/** `1.1 KiB`, as both print it: 1024, one decimal, rounded down. */
export function humanBytes(bytes: number, units: readonly string[]): string {
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${(Math.floor(value * 10) / 10).toFixed(1)} ${units[unit]}`
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']
const SCOPE = {
  global: ['0x0<global>', 'Global'],
  link: ['0x20<link>', 'Link'],
  host: ['0x10<host>', 'Host'],
} as const

export function longText(one: Interface): string {
  const { row, address } = one
  const names = flagNames(row)
  const bits = BITS.reduce((sum, [name, bit]) => (names.includes(name) ? sum | bit : sum), 0)
  let text = `${one.name}: flags=${bits}<${names.join(',')}>  mtu ${row.mtu}\n`
  if (address !== null) {
    text += `        inet ${formatIpv4(address.address)}  netmask ${formatIpv4(maskOf(address.length))}`
    if (row.kind !== 'loopback') text += `  broadcast ${formatIpv4(address.broadcast ?? 0)}`
    text += '\n'
  }
  if (!one.isAlias) {
    for (const own of row.addresses6) {
      text += `        inet6 ${own.address}  prefixlen ${own.length}  scopeid ${SCOPE[own.scope][0]}\n`
    }
  }
  text += hardwareLine(row)
  return one.isAlias ? `${text}\n` : text + counters(row)
}

function hardwareLine(row: LinkRow): string {
  const queue = `txqueuelen ${row.txQueueLength}`
  if (row.kind === 'loopback') return `        loop  ${queue}  (Local Loopback)\n`
  if (row.linkType === 'ipip') return `        tunnel   ${queue}  (IPIP Tunnel)\n`
  if (row.linkType === 'tunnel6')
    return `        unspec ${row.mac.replaceAll(':', '-')}  ${queue}  (UNSPEC)\n`
  return `        ether ${row.mac}  ${queue}  (Ethernet)\n`
}

function counters(row: LinkRow): string {
  const s = row.statistics
  return (
    `        RX packets ${s.rxPackets}  bytes ${s.rxBytes} (${humanBytes(s.rxBytes, UNITS)})\n` +
    `        RX errors ${s.rxErrors}  dropped ${s.rxDropped}  overruns 0  frame 0\n` +
    `        TX packets ${s.txPackets}  bytes ${s.txBytes} (${humanBytes(s.txBytes, UNITS)})\n` +
    `        TX errors ${s.txErrors}  dropped ${s.txDropped} overruns 0  carrier ${s.txCarrier}  collisions ${s.collisions}\n\n`
  )
}

const LETTERS: readonly (readonly [name: string, letter: string])[] = [
  ['ALLMULTI', 'A'],
  ['BROADCAST', 'B'],
  ['LOOPBACK', 'L'],
  ['MULTICAST', 'M'],
  ['NOARP', 'O'],
  ['PROMISC', 'P'],
  ['RUNNING', 'R'],
  ['UP', 'U'],
]

/** `ifconfig -s` and `netstat -i`. */
export function shortText(one: Interface): string {
  const names = flagNames(one.row)
  const flags =
    (names.includes('ALLMULTI') ? 'A' : '') +
    LETTERS.slice(1)
      .flatMap(([name, letter]) => (names.includes(name) ? [letter] : []))
      .join('')
  const head = `${one.name.padEnd(15)} ${String(one.row.mtu).padStart(5)} `
  if (one.isAlias) return `${head}${'     - no statistics available -'.padEnd(54)} ${flags}\n`
  const s = one.row.statistics
  const cells = (values: readonly number[]): string =>
    values.map((value, i) => String(value).padStart(i === 0 ? 8 : 6)).join(' ')
  return `${head}${cells([s.rxPackets, s.rxErrors, s.rxDropped])} ${'0'.padEnd(6)} ${cells([s.txPackets, s.txErrors, s.txDropped, 0])} ${flags}\n`
}

export const SHORT_HEAD = 'Iface      MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\n'
export const NETSTAT_HEAD =
  'Kernel Interface table\nIface             MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\n'

export function busyboxLongText(one: Interface): string {
  const { row, address } = one
  const encapsulation =
    row.kind === 'loopback' ? 'Local Loopback' : row.kind === 'tunnel' ? 'UNSPEC' : 'Ethernet'
  const hardware = row.linkType === 'ether' ? `  HWaddr ${row.mac.toUpperCase()}` : ''
  let text = `${one.name.padEnd(9)} Link encap:${encapsulation}${hardware}  \n`
  const indent = '          '
  if (address !== null) {
    text += `${indent}inet addr:${formatIpv4(address.address)}`
    if (row.kind !== 'loopback') text += `  Bcast:${formatIpv4(address.broadcast ?? 0)}`
    text += `  Mask:${formatIpv4(maskOf(address.length))}\n`
  }
  if (!one.isAlias) {
    for (const own of row.addresses6)
      text += `${indent}inet6 addr: ${own.address}/${own.length} Scope:${SCOPE[own.scope][1]}\n`
  }
  const names = flagNames(row)
  const flags = names.length === 0 ? '[NO FLAGS] ' : names.map((name) => `${name} `).join('')
  text += `${indent}${flags} MTU:${row.mtu}  Metric:1\n`
  if (one.isAlias) return `${text}\n`
  const s = row.statistics
  return (
    `${text}${indent}RX packets:${s.rxPackets} errors:${s.rxErrors} dropped:${s.rxDropped} overruns:0 frame:0\n` +
    `${indent}TX packets:${s.txPackets} errors:${s.txErrors} dropped:${s.txDropped} overruns:0 carrier:${s.txCarrier}\n` +
    `${indent}collisions:${s.collisions} txqueuelen:${row.txQueueLength} \n` +
    `${indent}RX bytes:${s.rxBytes} (${humanBytes(s.rxBytes, UNITS)})  TX bytes:${s.txBytes} (${humanBytes(s.txBytes, UNITS)})\n\n`
  )
}
