/** What `docker version` says. docker/cli cli/command/system/version.go (20.10) */
import type { ApiStruct } from '../../sim/base/api-value.ts'
import type { EngineProfile } from '../../sim/docker/profile.ts'

export function clientVersion(profile: EngineProfile, os: string): ApiStruct {
  const { version } = profile
  return {
    Platform: { Name: version.platform },
    Version: version.client,
    ApiVersion: profile.apiVersion,
    DefaultAPIVersion: profile.apiVersion,
    GitCommit: version.clientCommit,
    GoVersion: version.go,
    Os: os,
    Arch: 'amd64',
    BuildTime: version.built,
    Context: 'default',
    Experimental: version.clientExperimental,
  }
}

export function serverVersion(profile: EngineProfile, kernelRelease: string): ApiStruct {
  const { version } = profile
  return {
    Platform: { Name: version.platform },
    Components: components(profile, kernelRelease),
    Version: version.engine,
    ApiVersion: profile.apiVersion,
    MinAPIVersion: '1.12',
    GitCommit: version.engineCommit,
    GoVersion: version.go,
    Os: 'linux',
    Arch: 'amd64',
    KernelVersion: kernelRelease,
    BuildTime: version.builtIso,
  }
}

function components(profile: EngineProfile, kernelRelease: string): ApiStruct[] {
  const { version } = profile
  const details = new Map([
    ['ApiVersion', profile.apiVersion],
    ['Arch', 'amd64'],
    ['BuildTime', version.builtIso],
    ['Experimental', 'false'],
    ['GitCommit', version.engineCommit],
    ['GoVersion', version.go],
    ['KernelVersion', kernelRelease],
    ['MinAPIVersion', '1.12'],
    ['Os', 'linux'],
  ])
  const part = (name: string, number: string, commit: string): ApiStruct => ({
    Name: name,
    Version: number,
    Details: new Map([['GitCommit', commit]]),
  })
  return [
    { Name: 'Engine', Version: version.engine, Details: details },
    part('containerd', version.containerd, version.containerdCommit),
    part('runc', version.runc, version.runcCommit),
    part('docker-init', version.init, version.initCommit),
  ]
}

/** Names in a column of 19, as the real table has it. */
function lines(indent: string, width: number, pairs: readonly (readonly [string, string])[]): string {
  return pairs.map(([name, value]) => `${indent}${`${name}:`.padEnd(width)}${value}\n`).join('')
}

export function versionText(profile: EngineProfile, clientOs: string, withServer: boolean): string {
  const { version } = profile
  const title = (name: string): string =>
    version.platform === '' ? `${name}:\n` : `${name}: ${version.platform}\n`
  const client = lines(' ', 19, [
    ['Version', version.client],
    ['API version', profile.apiVersion],
    ['Go version', version.go],
    ['Git commit', version.clientCommit],
    ['Built', version.built],
    ['OS/Arch', `${clientOs}/amd64`],
    ...(profile.showsContext ? [['Context', 'default'] as const] : []),
    ['Experimental', String(version.clientExperimental)],
  ])
  if (!withServer) return title('Client') + client
  const engine = lines('  ', 18, [
    ['Version', version.engine],
    ['API version', `${profile.apiVersion} (minimum version 1.12)`],
    ['Go version', version.go],
    ['Git commit', version.engineCommit],
    ['Built', version.built],
    ['OS/Arch', 'linux/amd64'],
    ['Experimental', 'false'],
  ])
  const part = (name: string, number: string, commit: string): string =>
    ` ${name}:\n${lines('  ', 18, [
      ['Version', number],
      ['GitCommit', commit],
    ])}`
  return (
    `${title('Client')}${client}\n${title('Server')} Engine:\n${engine}` +
    part('containerd', version.containerd, version.containerdCommit) +
    part('runc', version.runc, version.runcCommit) +
    part('docker-init', version.init, version.initCommit)
  )
}
