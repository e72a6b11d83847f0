/** Making and starting containers with what was left out filled in; the command line fills in more. */
import type { Result } from '../base/result.ts'
import type { Container, ContainerConfig, EndpointSettings, HostConfig } from './container.ts'
import { type ConfigRequest, createContainer as createFromRequest } from './create-container.ts'
import type { Engine, EngineWorld } from './engine.ts'

export { startContainer } from './start.ts'

export interface SimpleRequest {
  readonly image: string
  readonly name?: string
  readonly command?: readonly string[]
  readonly tty?: boolean
  readonly openStdin?: boolean
  readonly privileged?: boolean
  readonly network?: string
  readonly capAdd?: readonly string[]
  /** `/source:/destination[:ro]` */
  readonly binds?: readonly string[]
  readonly portBindings?: HostConfig['portBindings']
  readonly restart?: HostConfig['restart']['name']
}

export function createContainer(
  world: EngineWorld,
  engine: Engine,
  request: SimpleRequest,
): Result<Container> {
  const tty = request.tty ?? false
  const openStdin = request.openStdin ?? false
  return createFromRequest(world, engine, {
    name: request.name ?? null,
    config: {
      ...emptyConfig,
      image: request.image,
      command: request.command ?? null,
      tty,
      openStdin,
      attachStdin: openStdin,
      stdinOnce: openStdin,
    },
    hostConfig: {
      ...emptyHostConfig,
      networkMode: request.network ?? 'default',
      privileged: request.privileged ?? false,
      capAdd: request.capAdd ?? [],
      binds: (request.binds ?? []).map(parseBind),
      portBindings: request.portBindings ?? [],
      restart: { name: request.restart ?? 'no', maximumRetryCount: 0 },
    },
    endpoint: noEndpointSettings,
  })
}

function parseBind(text: string): HostConfig['binds'][number] {
  const [source = '', destination = source, mode = ''] = text.split(':')
  return { source, destination, mode, volume: null }
}

export const noEndpointSettings: Omit<EndpointSettings, 'endpoint'> = {
  aliases: null,
  links: null,
  ipv4: null,
  mac: null,
  driverOptions: null,
  hasIpamConfig: false,
}

export const emptyConfig: Omit<ConfigRequest, 'image'> = {
  hostname: null,
  domainname: '',
  user: '',
  attachStdin: false,
  attachStdout: true,
  attachStderr: true,
  exposedPorts: [],
  tty: false,
  openStdin: false,
  stdinOnce: false,
  env: [],
  command: null,
  volumes: [],
  workingDir: '',
  entrypoint: null,
  labels: {},
  stopSignal: null,
  stopTimeout: null,
} satisfies Omit<ContainerConfig, 'hostname' | 'image'> & { hostname: null }

export const emptyHostConfig: HostConfig = {
  binds: [],
  networkMode: 'default',
  portBindings: [],
  publishAll: false,
  restart: { name: 'no', maximumRetryCount: 0 },
  autoRemove: false,
  capAdd: [],
  capDrop: [],
  dns: [],
  dnsOptions: [],
  dnsSearch: [],
  extraHosts: [],
  links: [],
  ipcMode: 'private',
  pidMode: '',
  utsMode: '',
  cgroupnsMode: 'host',
  privileged: false,
  readOnly: false,
  securityOptions: [],
  sysctls: {},
  init: false,
  tmpfs: {},
  resources: {},
}
