/** From the options of `docker run` to what the engine is asked for. docker/cli cli/command/container/opts.go `parse` (20.10) */
import { parseBytes } from '../../render/docker/units.ts'
import { unknownCapability } from '../../sim/docker/capabilities.ts'
import type { Bind, HostConfig, MountSpec, RestartPolicy } from '../../sim/docker/container.ts'
import { emptyConfig, emptyHostConfig } from '../../sim/docker/containers.ts'
import type { ContainerRequest } from '../../sim/docker/create-container.ts'
import { isUserDefined } from '../../sim/docker/networks.ts'
import { lookup, readFile } from '../../sim/kernel/fs/files.ts'
import { parseMac } from '../../sim/wire/mac-address.ts'
import type { FlagValues } from './flags.ts'
import { readGpus } from './hardware.ts'
import { daemonError } from './lifecycle.ts'
import { mountRefusal, readMount } from './mounts.ts'
import { parseExpose, parsePublish } from './ports.ts'
import { bindsFrom, healthConfig, recordedLists } from './recorded.ts'
import { checkModes, engineRefusal } from './run-checks.ts'
import { type Call, Refused } from './spec.ts'
import { kernelOfEngine } from './stream.ts'
import { bindOf, parseVolume, type VolumeRequest } from './volumes.ts'

/** Options that would change what happens and are not modelled. */
export function unmodelledOption(call: Call): string | null {
  const { flags } = call
  const asksNotary = flags.changed('disable-content-trust') && !flags.bool('disable-content-trust')
  return asksNotary ? `${call.path} --disable-content-trust=false` : null
}

/** Throws `Refused` with the bare text of what is wrong. */
export function parseRun(call: Call): ContainerRequest {
  const { flags, operands } = call
  const mac = flags.text('mac-address')
  if (mac !== '' && parseMac(mac) === null) throw new Refused(`${mac} is not a valid mac address`)
  const networks = networkOptions(flags)
  const networkMode = networks[0]?.name ?? 'default'
  const [image = '', ...command] = operands
  const hostConfig = parseHostConfig(call, networkMode)
  if (hostConfig.autoRemove && hostConfig.restart.name !== 'no' && hostConfig.restart.name !== '')
    throw new Refused('Conflicting options: --restart and --rm')
  return {
    name: flags.changed('name') ? flags.text('name') : null,
    config: parseConfig(call, image, command),
    hostConfig,
    endpoint: parseEndpoint(call, networks, mac),
  }
}

function parseConfig(call: Call, image: string, command: readonly string[]): ContainerRequest['config'] {
  const { flags } = call
  const detached = flags.bool('detach')
  const openStdin = flags.bool('interactive')
  const attach = flags.list('attach').map((name) => name.toLowerCase())
  for (const name of attach)
    if (!['stdin', 'stdout', 'stderr'].includes(name))
      throw new Refused(
        `invalid argument ${JSON.stringify(name)} for "-a, --attach" flag: valid streams are STDIN, STDOUT and STDERR`,
        125,
      )
  const wants = (name: string): boolean => !detached && (attach.length === 0 || attach.includes(name))
  const entrypoint = flags.text('entrypoint')
  const stdin = openStdin && wants('stdin')
  return {
    ...emptyConfig,
    image,
    hostname: flags.changed('hostname') ? flags.text('hostname') : null,
    domainname: flags.text('domainname'),
    user: flags.text('user'),
    attachStdin: stdin,
    attachStdout: wants('stdout'),
    attachStderr: wants('stderr'),
    exposedPorts: exposed(call),
    tty: flags.bool('tty'),
    openStdin,
    stdinOnce: stdin,
    env: environment(call),
    command: command.length === 0 ? null : command,
    workingDir: flags.text('workdir'),
    entrypoint: flags.changed('entrypoint') ? (entrypoint === '' ? [] : [entrypoint]) : null,
    volumes: volumeRequests(call)
      .filter((one) => one.source === '')
      .map((one) => one.destination),
    labels: pairs([...fileLines(call, 'label-file'), ...flags.list('label')]),
    stopSignal: flags.changed('stop-signal') ? flags.text('stop-signal') : null,
    stopTimeout: flags.changed('stop-timeout') ? flags.number('stop-timeout', 10) : null,
    health: healthConfig(call),
  }
}

function exposed(call: Call): string[] {
  const published = call.flags.list('publish').flatMap((text) => parsePublish(text))
  const ports = published.map((one) => `${one.containerPort}/${one.protocol}`)
  return [...new Set([...ports, ...call.flags.list('expose').flatMap((text) => parseExpose(text))])].sort()
}

/** `NAME` alone takes the value from the caller's environment, if there is one. */
function environment(call: Call): string[] {
  return [...fileLines(call, 'env-file'), ...call.flags.list('env')].flatMap((pair) => {
    if (pair.startsWith('=') || pair === '') throw new Refused(`invalid environment variable: ${pair}`, 125)
    if (pair.includes('=')) return [pair]
    const own = call.context.process.env.get(pair)
    return own === undefined ? [] : [`${pair}=${own}`]
  })
}

function fileLines(call: Call, option: string): string[] {
  return call.flags.list(option).flatMap((path) => {
    const text = readFile(call.world, call.context.kernel, call.context.process, path)
    if (!text.ok) throw new Refused(`open ${path}: no such file or directory`)
    return text.value
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('#'))
  })
}

export function pairs(list: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    list.map((pair) => {
      const equals = pair.indexOf('=')
      return equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)]
    }),
  )
}

function parseHostConfig(call: Call, networkMode: string): HostConfig {
  const { flags } = call
  const portBindings = flags.list('publish').flatMap((text) => parsePublish(text))
  const { binds, tmpfs, mounts: specs } = mounts(call)
  const pid = checkedMode(flags.text('pid'), 'PID', ['host'])
  const uts = checkedMode(flags.text('uts'), 'UTS', ['host'])
  for (const name of ['cap-add', 'cap-drop']) {
    const unknown = unknownCapability(flags.list(name))
    if (unknown !== undefined)
      throw new Refused(
        `Error response from daemon: invalid CapAdd: unknown capability: "CAP_${unknown.toUpperCase().replace(/^CAP_/, '')}"`.replace(
          'CapAdd',
          name === 'cap-add' ? 'CapAdd' : 'CapDrop',
        ),
      )
  }
  checkModes(call)
  const amounts = resources(call)
  const refused = engineRefusal(call, call.engine(), amounts)
  if (refused !== null) throw new Refused(daemonError(refused))
  const gpus = flags.changed('gpus') ? readGpus(flags.text('gpus')) : ''
  return {
    ...emptyHostConfig,
    ...(typeof gpus === 'string' ? {} : { deviceRequests: [gpus] }),
    binds: bindsFrom(call, binds),
    tmpfs,
    mounts: specs,
    networkMode,
    portBindings,
    publishAll: flags.bool('publish-all'),
    restart: restartPolicy(flags.text('restart', 'no')),
    autoRemove: flags.bool('rm'),
    capAdd: flags.list('cap-add'),
    capDrop: flags.list('cap-drop'),
    dns: flags.list('dns'),
    dnsOptions: flags.list('dns-option'),
    dnsSearch: flags.list('dns-search'),
    extraHosts: flags.list('add-host'),
    links: flags.list('link'),
    ipcMode: flags.text('ipc', 'private'),
    pidMode: pid,
    utsMode: uts,
    cgroupnsMode: flags.text('cgroupns', 'host'),
    privileged: flags.bool('privileged'),
    readOnly: flags.bool('read-only'),
    init: flags.bool('init'),
    securityOptions: flags.list('security-opt'),
    sysctls: pairs(flags.list('sysctl')),
    resources: amounts,
    lists: recordedLists(call),
  }
}

function checkedMode(mode: string, what: string, known: readonly string[]): string {
  if (mode === '' || known.includes(mode) || mode.startsWith('container:')) return mode
  throw new Refused(`--${what.toLowerCase()}: invalid ${what} mode`)
}

function mounts(call: Call): Required<Pick<HostConfig, 'binds' | 'tmpfs' | 'mounts'>> {
  const engine = call.engine()
  const kernel = kernelOfEngine(call.context, engine)
  const daemon = kernel.processes.get(engine.daemonPid) ?? call.context.process
  const exists = (path: string): boolean => lookup(call.world, kernel, daemon, path).ok
  const driver = call.flags.text('volume-driver')
  const binds: Bind[] = volumeRequests(call)
    .filter((one) => one.source !== '')
    .map(({ isBind, ...one }) => ({
      ...one,
      volume: isBind ? null : one.source,
      ...(driver === '' ? {} : { order: { driver } }),
    }))
  const mounts: MountSpec[] = []
  for (const text of call.flags.list('mount')) {
    const mount = readMount(text)
    if (typeof mount === 'string')
      throw new Refused(`invalid argument ${JSON.stringify(text)} for "--mount" flag: ${mount}`, 125)
    const refusal = mountRefusal(mount, exists)
    if (refusal !== null) throw new Refused(daemonError(refusal))
    mounts.push(mount)
    if (mount.type !== 'tmpfs') binds.push(bindOf(mount))
  }
  return { binds, tmpfs: pairsOfPaths(call.flags.list('tmpfs')), mounts }
}

function volumeRequests(call: Call): VolumeRequest[] {
  return call.flags.list('volume').map((text) => parseVolume(text, call.context.process.cwd))
}

function pairsOfPaths(list: readonly string[]): Record<string, string> {
  return Object.fromEntries(list.map((text) => [text.split(':')[0] ?? '', text.split(':')[1] ?? '']))
}

export function restartPolicy(text: string): RestartPolicy {
  const [name = '', count, more] = text.split(':')
  if (more !== undefined) throw new Refused('invalid restart policy format')
  if (count !== undefined && !/^[+-]?\d+$/.test(count))
    throw new Refused('maximum retry count must be an integer')
  if (count !== undefined && name !== 'on-failure')
    throw new Refused(
      `Error response from daemon: maximum retry count cannot be used with restart policy '${name}'`,
    )
  if (name !== 'no' && name !== 'always' && name !== 'unless-stopped' && name !== 'on-failure' && name !== '')
    throw new Refused(`Error response from daemon: invalid restart policy '${name}'`)
  return { name, maximumRetryCount: Number(count ?? 0) }
}

/** Texts kept as they are. */
const CARRIED = [
  ...[
    'cpuset-cpus',
    'cpuset-mems',
    'cgroup-parent',
    'runtime',
    'log-driver',
    'cidfile',
    'userns',
    'isolation',
  ],
  ...['volume-driver'],
]

/** Kept for `docker inspect`; they have no effect here. */
export function resources(call: Call): Record<string, number | string> {
  const result: Record<string, number | string> = {}
  for (const name of ['memory', 'memory-reservation', 'memory-swap', 'shm-size', 'kernel-memory']) {
    if (!call.flags.changed(name)) continue
    const bytes = call.flags.text(name) === '-1' ? -1 : parseBytes(call.flags.text(name))
    if (bytes === null) {
      const letter = name === 'memory' ? '-m, --memory' : `--${name}`
      throw new Refused(
        `invalid argument ${JSON.stringify(call.flags.text(name))} for "${letter}" flag: invalid size: '${call.flags.text(name)}'`,
        125,
      )
    }
    result[name] = bytes
  }
  if (call.flags.changed('cpus')) result['cpus'] = Math.round(Number(call.flags.text('cpus')) * 1e9)
  for (const name of [
    'cpu-shares',
    'cpu-period',
    'cpu-quota',
    'cpu-rt-period',
    'cpu-rt-runtime',
    'pids-limit',
    'oom-score-adj',
    'memory-swappiness',
  ])
    if (call.flags.changed(name)) result[name] = call.flags.number(name, 0)
  for (const name of CARRIED) if (call.flags.changed(name)) result[name] = call.flags.text(name)
  if (call.flags.bool('oom-kill-disable')) result['oom-kill-disable'] = 1
  return result
}

/** Without `--network` nothing of this counts. Checked here: aliases and links; an address is looked at by the daemon. opts.go `parseNetworkOpts` */
function parseEndpoint(
  call: Call,
  networks: readonly NetworkOption[],
  mac: string,
): ContainerRequest['endpoint'] {
  const { flags } = call
  const [first] = networks
  const aliases = [...(first?.aliases ?? []), ...flags.list('network-alias')]
  const links = flags.list('link')
  if (first !== undefined && !isUserDefined(first.name)) {
    if (aliases.length > 0)
      throw new Refused('network-scoped aliases are only supported for user-defined networks')
    if (links.length > 0) throw new Refused('links are only supported for user-defined networks')
  }
  checkNetworks(networks)
  const ipv4 = first !== undefined && flags.changed('ip') ? flags.text('ip') : null
  const ipv6 = first !== undefined && flags.changed('ip6') ? flags.text('ip6') : null
  const linkLocal = first !== undefined ? flags.list('link-local-ip') : []
  return {
    aliases: first !== undefined && aliases.length > 0 ? aliases : null,
    links: first !== undefined && links.length > 0 ? links : null,
    ipv4,
    mac: mac === '' ? null : mac,
    driverOptions: null,
    hasIpamConfig: ipv4 !== null || ipv6 !== null || linkLocal.length > 0,
    ipv6,
    linkLocal,
  }
}

interface NetworkOption {
  readonly name: string
  readonly aliases: readonly string[]
}

/** `NAME`, or `name=NAME,alias=A`. docker/cli opts/network.go */
function networkOptions(flags: FlagValues): NetworkOption[] {
  return flags.list('network').map((text) => {
    if (!/\w+=\w+(,\w+=\w+)*/.test(text)) return { name: text, aliases: [] }
    const fields = text.split(',').map((field) => field.split('='))
    const all = (key: string) => fields.filter(([name]) => name === key).map(([, value = '']) => value)
    return { name: all('name').at(-1) ?? '', aliases: all('alias') }
  })
}

/** More than one network at a time comes with a later engine. */
function checkNetworks(networks: readonly NetworkOption[]): void {
  const names = networks.map((one) => one.name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw new Refused(`network ${JSON.stringify(twice)} is specified multiple times`)
  if (names.some(isUserDefined) && names.some((name) => !isUserDefined(name)))
    throw new Refused(
      'conflicting options: cannot attach both user-defined and non-user-defined network-modes',
    )
  if (names.length > 1)
    throw new Refused(daemonError(`Container cannot be connected to network endpoints: ${names.join(', ')}`))
}
