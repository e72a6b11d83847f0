/** `-v` and `--mount`: bind mounts and volumes. moby volume/mounts/linux_parser.go */

import type { Bind, MountSpec } from '../../sim/docker/container.ts'
import { normalizePath } from '../../sim/kernel/fs/tree.ts'
import { daemonError } from './lifecycle.ts'
import { Refused } from './spec.ts'

/** What is asked for; a volume's name may be empty. */
export interface VolumeRequest {
  readonly source: string
  readonly destination: string
  readonly mode: string
  readonly isBind: boolean
}

const MODES = new Set([
  'ro',
  'rw',
  'z',
  'Z',
  'nocopy',
  'shared',
  'slave',
  'private',
  'rshared',
  'rslave',
  'rprivate',
  'cached',
  'delegated',
  'consistent',
])

function isMode(text: string): boolean {
  return text.split(',').every((word) => MODES.has(word))
}

/** `/host:/container:ro`, `name:/path`, `/path`. */
export function parseVolume(text: string, cwd: string): VolumeRequest {
  const parts = text.split(':')
  const wrong = (why: string): Refused =>
    new Refused(daemonError(`invalid volume specification: '${text}'${why}`))
  if (parts.length > 3 || parts[0] === '') throw wrong('')
  const [first = '', second] = parts
  const mode = parts[2] ?? ''
  if (second === undefined) return { source: '', destination: normalizePath(first, '/'), mode, isBind: false }
  if (parts.length === 2 && isMode(second)) throw wrong('')
  if (mode !== '' && !isMode(mode)) throw new Refused(daemonError(`invalid mode: ${mode}`))
  const destination = second
  const type = first.startsWith('/') || first.startsWith('.') ? 'bind' : 'volume'
  if (normalizePath(destination, '/') === '/')
    throw wrong(`: invalid mount config for type "${type}": invalid specification: destination can't be '/'`)
  if (!destination.startsWith('/'))
    throw wrong(
      `: invalid mount config for type "${type}": invalid mount path: '${destination}' mount path must be absolute`,
    )
  const source = first.startsWith('.') || first.startsWith('~') ? normalizePath(first, cwd) : first
  return { source, destination, mode, isBind: source.startsWith('/') }
}

/** A mount as the engine takes it besides `-v`. */
export function bindOf(mount: MountSpec): Bind {
  const mode = [mount.readOnly ? 'ro' : '', mount.volume?.noCopy === true ? 'nocopy' : '']
  const { driver, labels, options } = mount.volume ?? {}
  return {
    source: mount.source,
    destination: mount.target,
    mode: mode.filter((word) => word !== '').join(','),
    volume: mount.type === 'bind' ? null : mount.source,
    byMount: true,
    order: {
      ...(driver === undefined ? {} : { driver }),
      ...(labels === undefined ? {} : { labels }),
      ...(options === undefined ? {} : { options }),
    },
  }
}
