/** Options of `docker run` about health, devices, groups and limits. docker/cli cli/command/container/opts.go, opts/ulimit.go */
import { parseBytes } from '../../render/docker/units.ts'
import type { Bind, HostConfig } from '../../sim/docker/container.ts'
import { findContainer } from '../../sim/docker/create-container.ts'
import type { HealthConfig } from '../../sim/docker/health.ts'
import { parseDuration } from './durations.ts'
import { daemonError } from './lifecycle.ts'
import { type Call, Refused } from './spec.ts'

/** Null: nothing was said of health. */
export function healthConfig(call: Call): HealthConfig | null {
  const { flags } = call
  const names = ['health-cmd', 'health-interval', 'health-retries', 'health-start-period', 'health-timeout']
  const isAsked = names.some((name) => flags.changed(name))
  if (flags.bool('no-healthcheck')) {
    if (isAsked) throw new Refused('--no-healthcheck conflicts with --health-* options')
    return { test: ['NONE'], intervalUs: 0, timeoutUs: 0, startPeriodUs: 0, retries: 0 }
  }
  if (!isAsked) return null
  const time = (name: string, label: string): number => {
    const us = flags.changed(name) ? (parseDuration(flags.text(name)) ?? 0) : 0
    if (us < 0) throw new Refused(`--${name} cannot be negative`)
    if (us > 0 && us < 1000) throw new Refused(daemonError(`${label} in Healthcheck cannot be less than 1ms`))
    return us
  }
  const retries = flags.number('health-retries', 0)
  if (retries < 0) throw new Refused('--health-retries cannot be negative')
  return {
    test: flags.changed('health-cmd') ? ['CMD-SHELL', flags.text('health-cmd')] : [],
    intervalUs: time('health-interval', 'Interval'),
    timeoutUs: time('health-timeout', 'Timeout'),
    startPeriodUs: time('health-start-period', 'StartPeriod'),
    retries,
  }
}

const LISTS = [
  ...['group-add', 'device', 'device-cgroup-rule', 'ulimit', 'storage-opt', 'log-opt', 'volumes-from'],
]

const RATES = ['device-read-bps', 'device-write-bps', 'device-read-iops', 'device-write-iops']

/** Kept for `docker inspect`. */
export function recordedLists(call: Call): NonNullable<HostConfig['lists']> {
  const lists: Record<string, readonly string[]> = {}
  for (const name of LISTS) if (call.flags.changed(name)) lists[name] = call.flags.list(name)
  for (const name of RATES)
    if (call.flags.changed(name))
      lists[name] = call.flags.list(name).map((text) => {
        const [path = '', rate = ''] = text.split(':')
        return `${path}:${parseBytes(rate) ?? 0}`
      })
  for (const text of lists['ulimit'] ?? []) checkUlimit(text)
  for (const text of lists['device'] ?? []) checkDevice(text)
  return lists
}

function checkUlimit(text: string): void {
  const [, name = '', values = ''] = /^([^=]*)=(.*)$/.exec(text) ?? []
  const wrong = (why: string): Refused =>
    new Refused(`invalid argument ${JSON.stringify(text)} for "--ulimit" flag: ${why}`, 125)
  if (name === '') throw wrong(`invalid ulimit argument: ${text}`)
  if (!/^-?\d+(?::-?\d+)?$/.test(values))
    throw wrong(`too many limit value arguments - ${values}, can only have up to two, \`soft[:hard]\``)
  const [soft = 0, hard = soft] = values.split(':').map(Number)
  if (hard !== -1 && soft > hard)
    throw wrong(`ulimit soft limit must be less than or equal to hard limit: ${soft} > ${hard}`)
}

function checkDevice(text: string): void {
  const [path = ''] = text.split(':')
  if (path.startsWith('/')) return
  throw new Refused(
    `invalid argument ${JSON.stringify(text)} for "--device" flag: ${path} is not an absolute path`,
    125,
  )
}

/** Mounts of other containers, `NAME[:ro]`; what was asked for itself comes first. */
export function bindsFrom(call: Call, own: readonly Bind[]): Bind[] {
  const binds = [...own]
  for (const text of call.flags.list('volumes-from')) {
    const [term = '', mode = ''] = text.split(':')
    if (mode !== '' && mode !== 'ro' && mode !== 'rw' && mode !== 'z' && mode !== 'Z')
      throw new Refused(daemonError(`invalid mode: ${mode}`))
    const found = findContainer(call.engine(), term)
    if (!found.ok) throw new Refused(daemonError(found.error.detail))
    for (const bind of found.value.hostConfig.binds) {
      if (binds.some((one) => one.destination === bind.destination)) continue
      binds.push({ ...bind, inherited: true, mode: mode === 'ro' ? 'ro' : bind.mode })
    }
  }
  return binds
}
