/** What differs between versions of the engine, in one place. */

export type EngineProfileName = '20.10' | 'desktop'

export interface EngineProfile {
  readonly name: EngineProfileName
  readonly version: ComponentVersions
  readonly apiVersion: string
  /** A second docker-proxy listens on `::` for each port published on all addresses. */
  readonly ipv6Proxies: boolean
  /** Address pools are searched from behind the last one given out. */
  readonly poolsRoundRobin: boolean
  /** A container's MAC address is made from its IPv4 address. */
  readonly macFromAddress: boolean
  readonly osName: string
  /** `docker version` names the context (from 20.10). */
  readonly showsContext: boolean
  readonly cgroupVersion: '1' | '2'
}

export interface ComponentVersions {
  readonly client: string
  readonly engine: string
  readonly go: string
  readonly clientCommit: string
  readonly engineCommit: string
  readonly built: string
  /** As `docker version -f '{{.Server.BuildTime}}'` shows it. */
  readonly builtIso: string
  readonly clientExperimental: boolean
  readonly platform: string
  readonly containerd: string
  readonly containerdCommit: string
  readonly runc: string
  readonly runcCommit: string
  readonly init: string
  readonly initCommit: string
}

const debian: EngineProfile = {
  name: '20.10',
  version: {
    client: '20.10.24+dfsg1',
    engine: '20.10.24+dfsg1',
    go: 'go1.19.8',
    clientCommit: '297e128',
    engineCommit: '5d6db84',
    built: 'Thu May  7 21:09:36 2026',
    builtIso: '2026-05-07T21:09:36.000000000+00:00',
    clientExperimental: true,
    platform: '',
    containerd: '1.6.20~ds1',
    containerdCommit: '1.6.20~ds1-1+deb12u3',
    runc: '1.1.5+ds1',
    runcCommit: '1.1.5+ds1-1+deb12u1',
    init: '0.19.0',
    initCommit: '',
  },
  apiVersion: '1.41',
  ipv6Proxies: true,
  poolsRoundRobin: true,
  macFromAddress: true,
  osName: 'Debian GNU/Linux 12 (bookworm)',
  showsContext: true,
  cgroupVersion: '1',
}

const desktop: EngineProfile = {
  ...debian,
  name: 'desktop',
  version: {
    client: '19.03.8',
    engine: '19.03.8',
    go: 'go1.12.17',
    clientCommit: 'afacb8b',
    engineCommit: 'afacb8b',
    built: 'Wed Mar 11 01:29:16 2020',
    builtIso: '2020-03-11T01:29:16.000000000+00:00',
    clientExperimental: false,
    platform: 'Docker Engine - Community',
    containerd: 'v1.2.13',
    containerdCommit: '7ad184331fa3e55e52b890ea95e65ba581ae3429',
    runc: '1.0.0-rc10',
    runcCommit: 'dc9208a3303feef5b3839f4323d9beb36df0a9dd',
    init: '0.18.0',
    initCommit: 'fec3683',
  },
  apiVersion: '1.40',
  ipv6Proxies: false,
  osName: 'Docker Desktop',
  showsContext: false,
}

const profiles: Readonly<Record<EngineProfileName, EngineProfile>> = { '20.10': debian, desktop }

/** The profile of that name, or undefined: one that is not built is refused, never approximated. */
export function engineProfile(name: string): EngineProfile | undefined {
  return Object.hasOwn(profiles, name) ? profiles[name as EngineProfileName] : undefined
}

export function profileOf(engine: { readonly profile: EngineProfileName }): EngineProfile {
  return profiles[engine.profile]
}
