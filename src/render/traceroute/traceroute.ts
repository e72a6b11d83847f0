/** traceroute of Debian and of busybox. traceroute.c, busybox networking/traceroute.c */
import type { Row } from '../../sim/kernel/simulation.ts'
import type { TracerouteOptions } from '../../sim/process/traceroute.ts'
import type { IpAddress } from '../../sim/wire/frame.ts'
import { formatIp } from '../../sim/wire/ip-address.ts'
import { errnoText } from '../errno.ts'

interface TracerouteRow extends Row {
  readonly options: TracerouteOptions
  readonly destination: IpAddress
  readonly size: number
  readonly reason: string
  readonly error: string
  readonly hop: number
  readonly address: IpAddress | null
  readonly name: string | null
  readonly changed: boolean
  readonly rttUs: number
  readonly mark: string
  readonly first: boolean
  readonly last: boolean
}

export function wordTraceroute(row: TracerouteRow): string {
  const { options } = row
  const linux = options.dialect === 'linux'
  switch (row.kind) {
    case 'unresolved':
      if (!linux) return `traceroute: bad address '${options.target}'\n`
      return `${options.target}: ${errnoText(row.reason)}\nCannot handle "host" cmdline arg \`${options.target}' on position 1 (argc 1)\n`
    case 'start':
      return `traceroute to ${options.target} (${formatIp(row.destination)}), ${options.hops} hops max, ${row.size} byte packets\n`
    case 'refused':
      if (row.error === 'SO_BINDTODEVICE')
        return linux
          ? 'setsockopt SO_BINDTODEVICE: No such device\n'
          : `traceroute: can't bind to interface ${options.device}: No such device\n`
      if (linux) return `connect: ${errnoText(row.error)}\n`
      return `traceroute: can't connect to remote host (${formatIp(row.destination)}): ${errnoText(row.error)}\n`
    default:
      return probe(row, linux)
  }
}

function probe(row: TracerouteRow, linux: boolean): string {
  const head = row.first ? `${String(row.hop).padStart(2)}${linux ? ' ' : ''}` : ''
  const end = row.last ? '\n' : ''
  if (row.address === null) return `${head}${linux ? ' *' : '  *'}${end}`
  const text = formatIp(row.address)
  const named = row.options.numeric ? text : `${row.name ?? text} (${text})`
  const who = row.changed ? `${linux ? ' ' : '  '}${named}` : ''
  const mark = row.mark === '' ? '' : ` ${row.mark}`
  return `${head}${who}  ${(row.rttUs / 1000).toFixed(3)} ms${mark}${end}`
}
