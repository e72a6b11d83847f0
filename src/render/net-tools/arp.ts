/** `arp`: net-tools arp.c arp_disp, arp_disp_2; busybox networking/arp.c. */
import { formatIpv4 } from '../../sim/wire/ipv4-address.ts'

export interface ArpRow {
  readonly address: number
  readonly mac: string | null
  readonly device: string
  readonly complete: boolean
  readonly permanent: boolean
  readonly proxy: boolean
  /** Name that was found for the address, or null. */
  readonly name?: string | null
}

export const ARP_HEAD = 'Address                  HWtype  HWaddress           Flags Mask            Iface\n'

/** Linux style. */
export function arpLine(row: ArpRow): string {
  const address = (row.name ?? formatIpv4(row.address)).slice(0, 23).padEnd(23)
  const flags = `${row.complete ? 'C' : ''}${row.permanent || row.proxy ? 'M' : ''}${row.proxy ? 'P' : ''}`
  if (row.proxy)
    return `${address}  ${'*'.padEnd(8)}${'<from_interface>'.padEnd(20)}${flags.padEnd(6)}${''.padEnd(16)}${row.device}\n`
  if (!row.complete) return `${address}  ${''.padEnd(8)}${'(incomplete)'.padEnd(42)}${row.device}\n`
  return `${address}  ${'ether'.padEnd(8)}${(row.mac ?? '').padEnd(20)}${flags.padEnd(6)}${''.padEnd(16)}${row.device}\n`
}

/** BSD style, `arp -a`. */
export function arpBsdLine(row: ArpRow): string {
  const head = `${row.name ?? '?'} (${formatIpv4(row.address)}) at `
  if (row.proxy) return `${head}<from_interface> PERM PUB on ${row.device}\n`
  if (!row.complete) return `${head}<incomplete> on ${row.device}\n`
  return `${head}${row.mac} [ether] ${row.permanent ? 'PERM ' : ''}on ${row.device}\n`
}

export function busyboxArpLine(row: ArpRow): string {
  const head = `${row.name ?? '?'} (${formatIpv4(row.address)}) at `
  if (row.proxy) return `${head}* PERM PUP on ${row.device}\n`
  if (!row.complete) return `${head}<incomplete>  on ${row.device}\n`
  return `${head}${row.mac} [ether] ${row.permanent ? 'PERM' : ''} on ${row.device}\n`
}
