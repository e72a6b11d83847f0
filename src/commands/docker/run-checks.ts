/** What is refused of the settings of a new container. docker/cli cli/command/container/opts.go `parse`; moby daemon/daemon_unix.go `verifyPlatformContainerSettings` (20.10) */
import { PROCESSORS, RUNTIMES } from '../../render/docker/info.ts'
import type { Engine } from '../../sim/docker/engine.ts'
import { type Call, Refused } from './spec.ts'

/** By the command line, before the engine is asked. */
export function checkModes(call: Call): void {
  const { flags } = call
  const userns = flags.text('userns')
  if (userns !== '' && userns !== 'host') throw new Refused('--userns: invalid USER mode')
  if (!['', 'host', 'private'].includes(flags.text('cgroupns')))
    throw new Refused('--cgroupns: invalid CGROUP mode')
  const swappiness = flags.number('memory-swappiness', -1)
  if (swappiness < -1 || swappiness > 100)
    throw new Refused(`invalid value: ${swappiness}. Valid memory swappiness range is 0-100`)
  for (const option of flags.list('security-opt')) {
    const isPair = /[=:]/.test(option)
    if (!isPair && option !== 'no-new-privileges' && option !== 'systempaths=unconfined')
      throw new Refused(`Invalid --security-opt: ${JSON.stringify(option)}`)
    const profile = /^seccomp[=:](.*)$/.exec(option)?.[1]
    if (profile !== undefined && profile !== 'unconfined')
      throw new Refused(
        `opening seccomp profile (${profile}) failed: open ${profile}: no such file or directory`,
      )
  }
}

const MEGABYTE = 1024 ** 2
const LEAST_MEMORY = 6 * MEGABYTE
export const READABLE_DRIVERS = ['json-file', 'local', 'journald']
const LOG_DRIVERS = [
  ...READABLE_DRIVERS,
  ...['none', 'syslog', 'gelf', 'fluentd', 'awslogs', 'splunk', 'gcplogs', 'logentries', 'etwlogs'],
]

type Amounts = Readonly<Record<string, number | string>>

/** By the engine; null: nothing is wrong. */
export function engineRefusal(call: Call, engine: Engine, amounts: Amounts): string | null {
  const { flags } = call
  const isolation = flags.text('isolation')
  if (isolation !== '' && isolation.toLowerCase() !== 'default')
    return `Invalid isolation: ${JSON.stringify(isolation)} - linux only supports 'default'`
  const driver = flags.text('log-driver')
  if (driver !== '' && !LOG_DRIVERS.includes(driver))
    return `error looking up logging plugin ${driver}: plugin "${driver}" not found`
  const unknown = unknownLogOption(driver || engine.config.general.logDriver, flags.list('log-opt'))
  if (unknown !== null) return unknown
  if (flags.list('storage-opt').length > 0)
    return "--storage-opt is supported only for overlay over xfs with 'pquota' mount option"
  const wrong = memoryRefusal(amounts) ?? processorRefusal(call, amounts)
  if (wrong !== null) return wrong
  const score = Number(amounts['oom-score-adj'] ?? 0)
  if (score < -1000 || score > 1000) return `Invalid value ${score}, range for oom score adj is [-1000, 1000]`
  const runtime = flags.text('runtime')
  return runtime === '' || RUNTIMES.includes(runtime) || engine.config.general.defaultRuntime === runtime
    ? null
    : `Unknown runtime specified ${runtime}`
}

const FILE_OPTIONS = ['max-file', 'max-size', 'compress', 'labels', 'labels-regex', 'env', 'env-regex', 'tag']
/** Of the driver, and of every driver. daemon/logger/factory.go `ValidateLogOpts` */
const LOG_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  'json-file': FILE_OPTIONS,
  local: ['max-file', 'max-size', 'compress'],
  journald: FILE_OPTIONS.slice(3),
}
const EVERY_LOG_OPTION = ['mode', 'max-buffer-size', 'cache-disabled', 'cache-max-size', 'cache-max-file']

function unknownLogOption(driver: string, options: readonly string[]): string | null {
  const known = [...(LOG_OPTIONS[driver] ?? []), ...EVERY_LOG_OPTION]
  const names = options.map((option) => option.split('=')[0] ?? '')
  const wrong = LOG_OPTIONS[driver] === undefined ? undefined : names.find((name) => !known.includes(name))
  return wrong === undefined ? null : `unknown log opt '${wrong}' for ${driver} log driver`
}

function memoryRefusal(amounts: Amounts): string | null {
  const [memory, swap, soft] = ['memory', 'memory-swap', 'memory-reservation'].map((name) =>
    Number(amounts[name] ?? 0),
  ) as [number, number, number]
  if (memory > 0 && memory < LEAST_MEMORY) return 'Minimum memory limit allowed is 6MB'
  if (memory > 0 && swap > 0 && swap < memory)
    return 'Minimum memoryswap limit should be larger than memory limit, see usage'
  if (memory === 0 && swap > 0)
    return 'You should always set the Memory limit when using Memoryswap limit, see usage'
  if (soft > 0 && soft < LEAST_MEMORY) return 'Minimum memory reservation allowed is 6MB'
  if (memory > 0 && soft > 0 && memory < soft)
    return 'Minimum memory limit can not be less than memory reservation limit, see usage'
  const kernel = Number(amounts['kernel-memory'] ?? 0)
  return kernel > 0 && kernel < LEAST_MEMORY ? 'Minimum kernel memory limit allowed is 6MB' : null
}

function processorRefusal(call: Call, amounts: Amounts): string | null {
  const { flags } = call
  const amount = (name: string): number => Number(amounts[name] ?? 0)
  if (amount('cpus') > 0 && amount('cpu-period') > 0)
    return 'Conflicting options: Nano CPUs and CPU Period cannot both be set.'
  if (amount('cpus') > 0 && amount('cpu-quota') > 0)
    return 'Conflicting options: Nano CPUs and CPU Quota cannot both be set.'
  const nano = amount('cpus')
  if (nano < 0 || nano > PROCESSORS * 1e9)
    return `Range of CPUs is from 0.01 to ${PROCESSORS}.00, as there are only ${PROCESSORS} CPUs available`
  const period = amount('cpu-period')
  if (period !== 0 && (period < 1000 || period > 1_000_000))
    return 'CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)'
  const quota = amount('cpu-quota')
  if (quota > 0 && quota < 1000) return 'CPU cfs quota can not be less than 1ms (i.e. 1000)'
  return (
    setRefusal(flags.text('cpuset-cpus'), 'cpus', 'CPUs', PROCESSORS - 1) ??
    setRefusal(flags.text('cpuset-mems'), 'mems', 'memory nodes', 0)
  )
}

/** `0-1,3`: numbers that are there. */
function setRefusal(text: string, name: string, what: string, last: number): string | null {
  if (text === '') return null
  const available = last === 0 ? '0' : `0-${last}`
  for (const part of text.split(',')) {
    const range = /^(\d+)(?:-(\d+))?$/.exec(part)
    if (range === null) return `Invalid value ${text} for cpuset ${name}`
    if (Number(range[2] ?? range[1]) > last)
      return `Requested ${what} are not available - requested ${text}, available: ${available}`
  }
  return null
}

/** What the kernel of the machines cannot limit is told and left out. */
export function discarded(call: Call): string[] {
  const lines: string[] = []
  const warn = (what: string, name: string): void => {
    lines.push(
      `WARNING: Your kernel does not support Block I/O ${what} or the cgroup is not mounted. ${name} discarded.`,
    )
  }
  if (Number(call.flags.text('blkio-weight', '0')) > 0) warn('weight', 'Weight')
  if (call.flags.list('blkio-weight-device').length > 0) warn('weight_device', 'Weight-device')
  return lines
}
