/** What the daemon checks of a request before anything is made. moby daemon/container.go, daemon_unix.go `verifyPlatformContainerResources` */
import { ok, type Result, refuse } from '../base/result.ts'
import type { HostConfig } from './container.ts'
import type { ConfigRequest } from './create-container.ts'

const LEAST_MEMORY = 6 * 1024 * 1024
/** Every machine of these worlds has two. */
const CPUS = 2

const LOG_DRIVERS = [
  ...['none', 'json-file', 'local', 'syslog', 'journald', 'gelf', 'fluentd', 'awslogs', 'splunk', 'gcplogs'],
  'logentries',
]

type Resources = HostConfig['resources']

export function verifySettings(config: ConfigRequest, hostConfig: HostConfig): Result<void> {
  const wrong = wrongConfig(config) ?? wrongResources(hostConfig.resources)
  if (wrong !== null) return refuse('EINVAL', wrong)
  const driver = String(hostConfig.resources['log-driver'] ?? 'json-file')
  if (!LOG_DRIVERS.includes(driver))
    return refuse('ENOENT', `error looking up logging plugin ${driver}: plugin "${driver}" not found`)
  return ok(undefined)
}

/** `docker update` may name a swap limit alone. */
export function wrongResources(resources: Resources, isUpdate = false): string | null {
  return wrongMemory(resources, isUpdate) ?? wrongCpus(resources)
}

function wrongConfig(config: ConfigRequest): string | null {
  if (config.workingDir !== '' && !config.workingDir.startsWith('/'))
    return `the working directory '${config.workingDir}' is invalid, it needs to be an absolute path`
  return null
}

function wrongMemory(resources: Resources, isUpdate: boolean): string | null {
  const [memory, swap, reservation] = ['memory', 'memory-swap', 'memory-reservation'].map((name) =>
    Number(resources[name] ?? 0),
  ) as [number, number, number]
  const swappiness = Number(resources['memory-swappiness'] ?? -1)
  const kernel = Number(resources['kernel-memory'] ?? 0)
  if (memory !== 0 && memory < LEAST_MEMORY) return 'Minimum memory limit allowed is 6MB'
  if (memory > 0 && swap > 0 && swap < memory)
    return 'Minimum memoryswap limit should be larger than memory limit, see usage'
  if (memory === 0 && swap > 0 && !isUpdate)
    return 'You should always set the Memory limit when using Memoryswap limit, see usage'
  if (swappiness < -1 || swappiness > 100)
    return `Invalid value: ${swappiness}, valid memory swappiness range is 0-100`
  if (reservation > 0 && reservation < LEAST_MEMORY) return 'Minimum memory reservation allowed is 6MB'
  if (memory > 0 && reservation > memory)
    return 'Minimum memory limit can not be less than memory reservation limit, see usage'
  return kernel > 0 && kernel < LEAST_MEMORY ? 'Minimum kernel memory limit allowed is 6MB' : null
}

function wrongCpus(resources: Resources): string | null {
  const number = (name: string): number => Number(resources[name] ?? 0)
  const [period, quota, weight] = [number('cpu-period'), number('cpu-quota'), number('blkio-weight')]
  const cpus = number('cpus')
  if (cpus > 0 && period > 0) return 'Conflicting options: Nano CPUs and CPU Period cannot both be set'
  if (cpus > 0 && quota > 0) return 'Conflicting options: Nano CPUs and CPU Quota cannot both be set'
  if (cpus < 0 || cpus > CPUS * 1e9)
    return `Range of CPUs is from 0.01 to ${CPUS}.00, as there are only ${CPUS} CPUs available`
  if (period !== 0 && (period < 1000 || period > 1000000))
    return 'CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)'
  if (quota > 0 && quota < 1000) return 'CPU cfs quota can not be less than 1ms (i.e. 1000)'
  const set = wrongCpuSet(String(resources['cpuset-cpus'] ?? ''))
  if (set !== null) return set
  return weight > 0 && (weight < 10 || weight > 1000) ? 'Range of blkio weight is from 10 to 1000' : null
}

function wrongCpuSet(text: string): string | null {
  if (text === '') return null
  if (!/^\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*$/.test(text)) return `Invalid value ${text} for cpuset cpus`
  if (text.split(/[,-]/).every((cpu) => Number(cpu) < CPUS)) return null
  return `Requested CPUs are not available - requested ${text}, available: 0-${CPUS - 1}`
}
