/** The row of a container in `docker ps`. docker/cli cli/command/formatter/container.go (20.10) */
import type { TableKind } from './table.ts'
import { humanDuration } from './units.ts'

export const containerTable = (withSize: boolean): TableKind => ({
  typeName: '*formatter.ContainerContext',
  headers: {
    ID: 'CONTAINER ID',
    Names: 'NAMES',
    Image: 'IMAGE',
    Command: 'COMMAND',
    CreatedAt: 'CREATED AT',
    RunningFor: 'CREATED',
    Ports: 'PORTS',
    State: 'STATE',
    Status: 'STATUS',
    Size: 'SIZE',
    Labels: 'LABELS',
    Mounts: 'MOUNTS',
    LocalVolumes: 'LOCAL VOLUMES',
    Networks: 'NETWORKS',
  },
  table: `{{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}${withSize ? '\t{{.Size}}' : ''}`,
  quiet: '{{.ID}}',
})

const COMMAND_LENGTH = 20

/** Quoted, at most 20 characters unless all is asked for. */
export function commandText(argv: readonly string[], truncate: boolean): string {
  const [path = '', ...args] = argv
  const whole = [path, ...args.map((arg) => (arg.includes(' ') ? `'${arg}'` : arg))].join(' ')
  return JSON.stringify(truncate ? ellipsis(whole, COMMAND_LENGTH) : whole)
}

export function ellipsis(text: string, length: number): string {
  const characters = [...text]
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`
}

export interface ListedState {
  readonly status: string
  readonly exitCode: number
  /** Seconds since the start, since the end. */
  readonly upSeconds: number | null
  readonly downSeconds: number | null
  readonly health?: 'starting' | 'healthy' | 'unhealthy' | null
}

/** `Up 2 seconds`, `Exited (137) 5 minutes ago`. container/state.go `String` */
export function statusText(state: ListedState): string {
  const up = humanDuration(state.upSeconds ?? 0)
  const down = humanDuration(state.downSeconds ?? 0)
  switch (state.status) {
    case 'running':
      if (state.health == null) return `Up ${up}`
      return `Up ${up} (${state.health === 'starting' ? 'health: starting' : state.health})`
    case 'paused':
      return `Up ${up} (Paused)`
    case 'restarting':
      return `Restarting (${state.exitCode}) ${down} ago`
    case 'removing':
      return 'Removal In Progress'
    case 'dead':
      return 'Dead'
    case 'created':
      return 'Created'
    default:
      return state.downSeconds === null ? 'Created' : `Exited (${state.exitCode}) ${down} ago`
  }
}

export interface ListedPort {
  readonly ip: string
  readonly publicPort: number
  readonly privatePort: number
  readonly type: string
}

/** `0.0.0.0:8080->80/tcp, 443/tcp`; ports in a row are one range. */
export function portsText(ports: readonly ListedPort[]): string {
  const groups = new Map<string, { first: number; last: number }>()
  const result: string[] = []
  const mappings: string[] = []
  for (const port of [...ports].sort(comparePorts)) {
    const current = port.privatePort
    if (port.ip !== '' && port.publicPort !== current) {
      mappings.push(`${port.ip}:${port.publicPort}->${current}/${port.type}`)
      continue
    }
    const key = port.ip === '' ? port.type : `${port.ip}/${port.type}`
    const group = groups.get(key)
    if (group !== undefined && current === group.last + 1) {
      group.last = current
      continue
    }
    if (group !== undefined) result.push(groupText(key, group))
    groups.set(key, { first: current, last: current })
  }
  for (const [key, group] of groups) result.push(groupText(key, group))
  return [...result, ...mappings].join(', ')
}

function comparePorts(a: ListedPort, b: ListedPort): number {
  if (a.privatePort !== b.privatePort) return a.privatePort - b.privatePort
  if (a.ip !== b.ip) return a.ip < b.ip ? -1 : 1
  if (a.publicPort !== b.publicPort) return a.publicPort - b.publicPort
  return a.type < b.type ? -1 : 1
}

function groupText(key: string, group: { readonly first: number; readonly last: number }): string {
  const slash = key.indexOf('/')
  const range = group.first === group.last ? String(group.first) : `${group.first}-${group.last}`
  return slash < 0 ? `${range}/${key}` : `${key.slice(0, slash)}:${range}->${range}/${key.slice(slash + 1)}`
}
