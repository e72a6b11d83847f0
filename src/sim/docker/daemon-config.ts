/**
 * /etc/docker/daemon.json: what the daemon is told. moby cmd/dockerd/daemon.go, daemon/config/config.go (20.10).
 * Not modelled: settings without effect on networks; they are accepted as they are.
 */
import { type JsonValue, parseGoJson } from '../base/go-json.ts'
import { ok, type Result, refuse } from '../base/result.ts'
import type { Prefix } from '../kernel/net-namespace.ts'
import { contains, networkOf, parseIpv4 } from '../wire/ipv4-address.ts'
import { parsePrefix6 } from './ipam6.ts'

export interface DaemonConfig {
  /** Address and prefix length of docker0. */
  readonly bip: { readonly address: number; readonly length: number } | null
  readonly fixedCidr: Prefix | null
  readonly addressPools: readonly Prefix[] | null
  /** As they were written. */
  readonly poolSettings: readonly { readonly base: string; readonly size: number }[]
  readonly userlandProxy: boolean
  readonly icc: boolean
  readonly ipForward: boolean
  readonly ipMasq: boolean
  readonly iptables: boolean
  /** IPv6 on docker0, from this subnet. */
  readonly ipv6: boolean
  readonly fixedCidrV6: { readonly address: string; readonly length: number } | null
  readonly ip6tables: boolean
  readonly liveRestore: boolean
  readonly mtu: number
  /** Published ports are bound to this address. */
  readonly ip: string
  readonly dns: readonly string[]
  readonly dnsSearch: readonly string[]
  readonly dnsOptions: readonly string[]
  /** What only `docker info` and new containers show. */
  readonly general: GeneralConfig
}

export interface GeneralConfig {
  readonly debug: boolean
  readonly experimental: boolean
  readonly labels: readonly string[]
  readonly logDriver: string
  readonly logOptions: Readonly<Record<string, string>>
  readonly dataRoot: string
  readonly registryMirrors: readonly string[]
  readonly insecureRegistries: readonly string[]
  readonly defaultRuntime: string
  readonly init: boolean
}

export const defaultConfig: DaemonConfig = Object.freeze({
  bip: null,
  fixedCidr: null,
  addressPools: null,
  poolSettings: [],
  userlandProxy: true,
  icc: true,
  ipForward: true,
  ipMasq: true,
  iptables: true,
  ipv6: false,
  fixedCidrV6: null,
  ip6tables: false,
  liveRestore: false,
  mtu: 1500,
  ip: '0.0.0.0',
  dns: [],
  dnsSearch: [],
  dnsOptions: [],
  general: {
    debug: false,
    experimental: false,
    labels: [],
    logDriver: 'json-file',
    logOptions: {},
    dataRoot: '/var/lib/docker',
    registryMirrors: [],
    insecureRegistries: [],
    defaultRuntime: 'runc',
    init: false,
  },
})

export const CONFIG_FILE = '/etc/docker/daemon.json'

type Kind = 'bool' | 'string' | 'int' | 'list' | 'map' | 'strings' | 'pools'

/** Names in the file and what they hold; the engine knows them all, those about networks have an effect here. */
const DIRECTIVES: Readonly<Record<string, Kind>> = {
  ...{ bip: 'string', 'fixed-cidr': 'string', 'default-address-pools': 'pools', 'userland-proxy': 'bool' },
  ...{ icc: 'bool', 'ip-forward': 'bool', 'ip-masq': 'bool', iptables: 'bool', 'live-restore': 'bool' },
  ...{ mtu: 'int', ip: 'string', dns: 'list', 'dns-search': 'list', 'dns-opts': 'list' },
  ...{ debug: 'bool', 'log-level': 'string', 'log-driver': 'string', 'log-opts': 'strings', labels: 'list' },
  ...{ 'storage-driver': 'string', 'storage-opts': 'list', 'exec-opts': 'list', 'data-root': 'string' },
  ...{ 'registry-mirrors': 'list', 'insecure-registries': 'list', experimental: 'bool', features: 'map' },
  ...{ 'max-concurrent-downloads': 'int', 'max-concurrent-uploads': 'int', 'shutdown-timeout': 'int' },
  ...{ 'selinux-enabled': 'bool', 'default-runtime': 'string', runtimes: 'map', 'exec-root': 'string' },
  ...{ 'default-ulimits': 'map', 'default-shm-size': 'string', init: 'bool', 'no-new-privileges': 'bool' },
  ...{ 'userland-proxy-path': 'string', 'default-cgroupns-mode': 'string', 'cgroup-parent': 'string' },
  ...{ tls: 'bool', tlsverify: 'bool', 'metrics-addr': 'string', pidfile: 'string', group: 'string' },
  ...{ 'fixed-cidr-v6': 'string', ipv6: 'bool', ip6tables: 'bool', bridge: 'string', hosts: 'list' },
  ...{ 'default-gateway': 'string', 'default-gateway-v6': 'string', builder: 'map', 'raw-logs': 'bool' },
  ...{ 'userns-remap': 'string', 'seccomp-profile': 'string', 'swarm-default-advertise-addr': 'string' },
}

/** Those that would change networks and are not modelled: the daemon says so in its log. */
export const NOT_MODELLED_DIRECTIVES = ['bridge', 'default-gateway', 'default-gateway-v6']

/** The file's text, or null where there is none; refusals in the daemon's words. */
export function readConfig(text: string | null): Result<DaemonConfig> {
  if (text === null) return ok(defaultConfig)
  const file = (what: string) =>
    refuse('EINVAL', `unable to configure the Docker daemon with file ${CONFIG_FILE}: ${what}`)
  const parsed = parseGoJson(text)
  if (!parsed.ok) return file(parsed.error.detail ?? '')
  const value = parsed.value
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return file(`json: cannot unmarshal ${goKind(value)} into Go value of type map[string]interface {}`)
  const unknown = Object.keys(value).filter((name) => DIRECTIVES[name] === undefined)
  if (unknown.length > 0)
    return file(`the following directives don't match any configuration option: ${unknown.join(', ')}`)
  if (value['hosts'] !== undefined)
    return file(
      `the following directives are specified both as a flag and in the configuration file: hosts: (from flag: [fd://], from file: ${goText(value['hosts'])})`,
    )
  for (const [name, given] of Object.entries(value)) {
    const wrong = mismatch(DIRECTIVES[name] ?? 'map', given)
    if (wrong !== null)
      return file(
        `json: cannot unmarshal ${wrong.found} into Go struct field Config.${name} of type ${wrong.wanted}`,
      )
  }
  const invalid = invalidValue(value)
  if (invalid !== null) return file(`configuration validation from file failed: ${invalid}`)
  return understood(value)
}

/** `%v` */
function goText(value: JsonValue): string {
  return Array.isArray(value) ? `[${value.map(goText).join(' ')}]` : String(value)
}

/** What is of the right type and still no value. daemon/config `Validate` */
function invalidValue(value: { [key: string]: JsonValue }): string | null {
  const list = (name: string): string[] => (value[name] ?? []) as string[]
  const server = list('dns').find((one) => parseIpv4(one) === null && !one.includes(':'))
  if (server !== undefined) return `${server} is not an ip address`
  const domain = list('dns-search').find((one) => one !== '.' && !DOMAIN.test(one.trim()))
  if (domain !== undefined) return `${domain} is not a valid domain`
  const label = list('labels').find((one) => !one.includes('='))
  if (label !== undefined) return `bad attribute format: ${label}`
  for (const what of ['downloads', 'uploads']) {
    const most = Number(value[`max-concurrent-${what}`] ?? 0)
    if (most < 0) return `invalid max concurrent ${what}: ${most}`
  }
  return null
}

const DOMAIN =
  /^(?=.{1,254}$)[a-zA-Z0-9]([a-zA-Z0-9_-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9_-]*[a-zA-Z0-9])?)*\.?$/

const GO_TYPES: Readonly<Record<Kind, string>> = {
  bool: 'bool',
  string: 'string',
  int: 'int',
  list: '[]string',
  map: 'map[string]interface {}',
  strings: 'map[string]string',
  pools: '[]*ipamutils.NetworkToSplit',
}

function goKind(value: JsonValue): string {
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'boolean') return 'bool'
  return typeof value === 'object' ? 'object' : typeof value
}

/** What encoding/json finds where it wants something else; null: it fits. */
function mismatch(kind: Kind, value: JsonValue): { found: string; wanted: string } | null {
  if (value === null) return null
  const wrong = (found: JsonValue, wanted = GO_TYPES[kind]) => ({ found: goKind(found), wanted })
  if (kind === 'list') {
    if (!Array.isArray(value)) return wrong(value)
    const other = value.find((one) => one !== null && typeof one !== 'string')
    return other === undefined ? null : wrong(other, 'string')
  }
  if (kind === 'pools') return poolMismatch(value, wrong)
  if (kind === 'strings' || kind === 'map') {
    if (typeof value !== 'object' || Array.isArray(value)) return wrong(value)
    const other = Object.values(value).find((one) => one !== null && typeof one !== 'string')
    return kind === 'map' || other === undefined ? null : wrong(other, 'string')
  }
  if (kind === 'int') {
    if (typeof value !== 'number') return wrong(value)
    return Number.isInteger(value) ? null : { found: `number ${value}`, wanted: 'int' }
  }
  return typeof value === (kind === 'bool' ? 'boolean' : 'string') ? null : wrong(value)
}

function poolMismatch(
  value: JsonValue,
  wrong: (found: JsonValue, wanted?: string) => { found: string; wanted: string },
): { found: string; wanted: string } | null {
  if (!Array.isArray(value)) return wrong(value)
  for (const one of value) {
    if (one === null) continue
    if (typeof one !== 'object' || Array.isArray(one)) return wrong(one, 'ipamutils.NetworkToSplit')
    const { base, size } = one
    if (base != null && typeof base !== 'string') return wrong(base, 'string')
    if (size != null && typeof size !== 'number') return wrong(size, 'int')
  }
  return null
}

function understood(value: { [key: string]: JsonValue }): Result<DaemonConfig> {
  const bool = (name: string, otherwise: boolean): boolean => (value[name] ?? otherwise) === true
  const list = (name: string): string[] => (value[name] ?? []) as string[]
  const pools = addressPools((value['default-address-pools'] ?? null) as JsonValue[] | null)
  if (!pools.ok) return pools
  const bridge = bridgeAddress(String(value['bip'] ?? ''), String(value['fixed-cidr'] ?? ''))
  if (!bridge.ok) return bridge
  const bridge6 = bridgeSubnet6(bool('ipv6', false), String(value['fixed-cidr-v6'] ?? ''))
  if (!bridge6.ok) return bridge6
  if (bool('ip6tables', false) && !bool('experimental', false))
    return refuse(
      'EINVAL',
      'failed to start daemon: ip6tables rules are only available if experimental features are enabled',
    )
  return ok({
    ...bridge.value,
    ...bridge6.value,
    ip6tables: bool('ip6tables', false),
    addressPools: pools.value,
    poolSettings: (value['default-address-pools'] ?? []) as unknown as DaemonConfig['poolSettings'],
    userlandProxy: bool('userland-proxy', true),
    icc: bool('icc', true),
    ipForward: bool('ip-forward', true),
    ipMasq: bool('ip-masq', true),
    iptables: bool('iptables', true),
    liveRestore: bool('live-restore', false),
    mtu: Number(value['mtu'] ?? 0) || defaultConfig.mtu,
    ip: String(value['ip'] ?? '0.0.0.0'),
    dns: list('dns'),
    dnsSearch: list('dns-search'),
    dnsOptions: list('dns-opts'),
    general: {
      debug: bool('debug', false),
      experimental: bool('experimental', false),
      labels: list('labels'),
      logDriver: String(value['log-driver'] ?? 'json-file'),
      logOptions: Object.fromEntries(
        Object.entries(value['log-opts'] ?? {}).map(([name, given]) => [name, String(given)]),
      ),
      dataRoot: String(value['data-root'] ?? '/var/lib/docker'),
      registryMirrors: list('registry-mirrors'),
      insecureRegistries: list('insecure-registries'),
      defaultRuntime: String(value['default-runtime'] ?? 'runc'),
      init: bool('init', false),
    },
  })
}

const AT_NETWORK = 'failed to start daemon: Error initializing network controller: '

function bridgeAddress(bip: string, fixed: string): Result<Pick<DaemonConfig, 'bip' | 'fixedCidr'>> {
  const own = bip === '' ? null : cidr(bip)
  const range = fixed === '' ? null : cidr(fixed)
  if (bip !== '' && own === null) return refuse('EINVAL', `${AT_NETWORK}invalid CIDR address: ${bip}`)
  if (fixed !== '' && range === null) return refuse('EINVAL', `${AT_NETWORK}invalid CIDR address: ${fixed}`)
  const fixedCidr =
    range === null ? null : { address: networkOf(range.address, range.length), length: range.length }
  return ok({ bip: own, fixedCidr })
}

function bridgeSubnet6(ipv6: boolean, text: string): Result<Pick<DaemonConfig, 'ipv6' | 'fixedCidrV6'>> {
  if (ipv6 && text === '') {
    const what = 'IPv6 is enabled for the default bridge, but no subnet is configured.'
    return refuse('EINVAL', `${AT_NETWORK}${what} Specify an IPv6 subnet using --fixed-cidr-v6`)
  }
  const fixedCidrV6 = text === '' ? null : parsePrefix6(text)
  if (text !== '' && fixedCidrV6 === null)
    return refuse('EINVAL', `${AT_NETWORK}invalid CIDR address: ${text}`)
  return ok({ ipv6, fixedCidrV6 })
}

function cidr(text: string): { address: number; length: number } | null {
  const [, ip = '', digits = ''] = /^([\d.]+)\/(\d+)$/.exec(text) ?? []
  const address = parseIpv4(ip)
  return address === null || Number(digits) > 32 ? null : { address, length: Number(digits) }
}

/** `{"base": "10.10.0.0/16", "size": 24}` stands for 256 pools. libnetwork/ipamutils/utils.go `splitNetworks` */
function addressPools(list: readonly JsonValue[] | null): Result<Prefix[] | null> {
  if (list === null) return ok(null)
  const pools: Prefix[] = []
  for (const one of list) {
    const { base = '', size = 0 } = one as { base?: string; size?: number }
    const prefix = cidr(base)
    if (prefix === null)
      return refuse(
        'EINVAL',
        `${AT_NETWORK}invalid base pool ${JSON.stringify(base)}: invalid CIDR address: ${base}`,
      )
    if (size <= 0 || size > 32 || size < prefix.length)
      return refuse('EINVAL', `${AT_NETWORK}invalid pools size: ${size}`)
    const first = networkOf(prefix.address, prefix.length)
    for (let at = first; contains({ address: first, length: prefix.length }, at); at += 2 ** (32 - size)) {
      pools.push({ address: at >>> 0, length: size })
      if (at + 2 ** (32 - size) > 0xffffffff) break
    }
  }
  return ok(pools)
}
