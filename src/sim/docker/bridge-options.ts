/** What `docker network create -o` says of a bridge network. libnetwork drivers/bridge/bridge.go `fromLabels` */
import { parseIpv4 } from '../wire/ipv4-address.ts'
import { parseIpv6 } from '../wire/ipv6-address.ts'
import type { BridgeSettings } from './network.ts'

const OPTION = 'com.docker.network.bridge.'
const MTU = 'com.docker.network.driver.mtu'
type Options = Readonly<Record<string, string>>

/** strconv.ParseBool */
const TRUE = ['1', 't', 'T', 'TRUE', 'true', 'True']
const FALSE = ['0', 'f', 'F', 'FALSE', 'false', 'False']

/** The first option with a value that cannot be; null: there is none. */
export function wrongOption(options: Options): string | null {
  for (const name of ['enable_icc', 'enable_ip_masquerade']) {
    const value = options[OPTION + name]
    if (value === undefined || TRUE.includes(value) || FALSE.includes(value)) continue
    return unparsed(
      OPTION + name,
      value,
      `strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`,
    )
  }
  const mtu = options[MTU]
  if (mtu !== undefined && !/^[+-]?\d+$/.test(mtu))
    return unparsed(MTU, mtu, `strconv.Atoi: parsing ${JSON.stringify(mtu)}: invalid syntax`)
  const binding = options[`${OPTION}host_binding_ipv4`]
  return binding === undefined || parseIpv4(binding) !== null || parseIpv6(binding) !== null
    ? null
    : unparsed(`${OPTION}host_binding_ipv4`, binding, 'nil ip')
}

function unparsed(name: string, value: string, why: string): string {
  return `failed to parse ${name} value: ${value} (${why})`
}

export function bridgeSettings(id: string, options: Options): BridgeSettings {
  const name = options[`${OPTION}name`] ?? ''
  return {
    name: name === '' ? `br-${id.slice(0, 12)}` : name,
    ifindex: 0,
    icc: !FALSE.includes(options[`${OPTION}enable_icc`] ?? 'true'),
    masquerade: !FALSE.includes(options[`${OPTION}enable_ip_masquerade`] ?? 'true'),
    mtu: Number(options[MTU] ?? 1500),
    hostBinding: parseIpv4(options[`${OPTION}host_binding_ipv4`] ?? '0.0.0.0') ?? 0,
    containerPrefix: options['com.docker.network.container_iface_prefix'] ?? 'eth',
    isDefault: false,
  }
}
