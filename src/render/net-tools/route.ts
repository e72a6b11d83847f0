/** `route` and `netstat -r`: net-tools lib/inet_gr.c rprint_fib_fib; busybox networking/route.c. Both read /proc/net/route. */
import type { Route } from '../../sim/kernel/net-namespace.ts'
import { formatIpv4, maskOf } from '../../sim/wire/ipv4-address.ts'

export interface RouteLine {
  readonly route: Route
  readonly device: string | null
}

export interface RouteLook {
  readonly dialect: 'net-tools' | 'busybox'
  readonly numeric: boolean
  /** `route`, `netstat -r` (or `route -e`), `route -ee`. */
  readonly columns: 'metric' | 'mss' | 'both'
  /** Names that were found for gateways. */
  readonly names?: ReadonlyMap<number, string>
}

const HEAD = {
  metric: 'Destination     Gateway         Genmask         Flags Metric Ref    Use Iface\n',
  mss: 'Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface\n',
  both: 'Destination     Gateway         Genmask         Flags Metric Ref    Use Iface    MSS   Window irtt\n',
}

export function routesText(lines: readonly RouteLine[], look: RouteLook): string {
  return `Kernel IP routing table\n${HEAD[look.columns]}${lines.map((line) => lineText(line, look)).join('')}`
}

function lineText({ route, device }: RouteLine, look: RouteLook): string {
  const isReject = route.type === 'unreachable' || route.type === 'prohibit'
  const dash = isReject && look.dialect === 'net-tools'
  const { length } = route.destination
  const destination = length === 0 && !look.numeric ? 'default' : formatIpv4(route.destination.address)
  const flags = isReject ? '!' : `U${route.gateway === null ? '' : 'G'}${length === 32 ? 'H' : ''}`
  const head = `${destination.padEnd(15)} ${gatewayText(route, look, dash).padEnd(15)} ${formatIpv4(maskOf(length)).padEnd(15)} `
  const name = dash ? '-' : (device ?? '*')
  if (look.columns === 'mss') {
    const cells = dash ? '    - -          - ' : '    0 0          0 '
    return `${head}${flags.padEnd(6)}${cells}${name}\n`
  }
  const plain = `${head}${flags.padEnd(5)} ${String(route.metric).padEnd(6)} ${dash ? '-' : '0'}        0 `
  if (look.columns === 'metric') return `${plain}${name}\n`
  const dashOrZero = dash ? '-' : '0'
  return `${plain}${name.padEnd(8)} ${dashOrZero.padEnd(5)} ${dashOrZero.padEnd(6)} ${dashOrZero}\n`
}

function gatewayText(route: Route, look: RouteLook, dash: boolean): string {
  if (dash) return '-'
  if (route.gateway !== null) {
    return look.names?.get(route.gateway)?.slice(0, 15) ?? formatIpv4(route.gateway)
  }
  return look.dialect === 'busybox' && !look.numeric ? '*' : '0.0.0.0'
}
