/** arping of iputils and of busybox. iputils arping.c, busybox networking/arping.c */
import type { Row } from '../../sim/kernel/simulation.ts'
import type { ArpingOptions } from '../../sim/process/arping.ts'
import { formatIpv4 } from '../../sim/wire/ipv4-address.ts'
import { errnoText } from '../errno.ts'

interface ArpingRow extends Row {
  readonly options: ArpingOptions
  readonly error: string
  readonly destination: number
  readonly source: number
  readonly address: number
  readonly mac: string
  readonly rttUs: number
  readonly broadcast: boolean
  readonly sent: number
  readonly broadcasts: number
  readonly received: number
}

export function wordArping(row: ArpingRow): string {
  const { options } = row
  const busybox = options.dialect === 'busybox'
  switch (row.kind) {
    case 'error':
      return failure(row)
    case 'start':
      return options.quiet
        ? ''
        : `ARPING ${formatIpv4(row.destination)} from ${formatIpv4(row.source)} ${options.device}\n`
    case 'reply': {
      const mac = busybox ? row.mac : row.mac.toUpperCase()
      const time = `${(row.rttUs / 1000).toFixed(3)}ms`
      return `${row.broadcast ? 'Broadcast' : 'Unicast'} reply from ${formatIpv4(row.address)} [${mac}]${busybox ? ' ' : '  '}${time}\n`
    }
    default:
      if (options.quiet) return ''
      if (busybox)
        return `Sent ${row.sent} probe(s) (0 broadcast(s))\nReceived ${row.received} response(s) (0 request(s), 0 broadcast(s))\n`
      return `Sent ${row.sent} probes (${row.broadcasts} broadcast(s))\nReceived ${row.received} response(s)\n`
  }
}

function failure(row: ArpingRow): string {
  const { device, target, dialect } = row.options
  if (row.error === 'NODEVICE')
    return `arping: Suitable device could not be determined. Please, use option -I.\n${row.options.usage}`
  if (row.error === 'ENODEV')
    return dialect === 'iputils'
      ? `arping: Device ${device} not available.\n`
      : `arping: interface ${device} not found: No such device\n`
  if (row.error === 'ENETDOWN')
    return dialect === 'iputils'
      ? `arping: Interface "${device}" is down\n`
      : `arping: interface ${device} is down\n`
  if (row.error === 'NOARP')
    return dialect === 'iputils'
      ? `Interface "${device}" is not ARPable\n`
      : `arping: interface ${device} is not ARPable\n`
  if (row.error === 'EADDRNOTAVAIL') return `arping: bind: ${errnoText(row.error)}\n`
  return `arping: ${target}: ${errnoText(row.error)}\n`
}
