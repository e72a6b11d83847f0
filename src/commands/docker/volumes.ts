/** `-v` and `--mount`: bind mounts and volumes. moby volume/mounts/linux_parser.go, docker/cli opts/mount.go */

import { nextHex } from '../../sim/base/random.ts'
import type { Bind } from '../../sim/docker/container.ts'
import type { Engine } from '../../sim/docker/engine.ts'
import { createFilesystem } from '../../sim/kernel/fs/filesystem.ts'
import { normalizePath } from '../../sim/kernel/fs/tree.ts'
import type { World } from '../../sim/world/world.ts'
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

/** `/host:/container:ro`, `name:/path`, `/path`. */
export function parseVolume(text: string, cwd: string): VolumeRequest {
  const parts = text.split(':')
  const wrong = (why: string): Refused => new Refused(`invalid volume specification: '${text}'${why}`)
  if (parts.length > 3 || parts[0] === '') throw wrong('')
  const [first = '', second] = parts
  const mode = parts[2] ?? ''
  if (mode !== '' && !mode.split(',').every((word) => MODES.has(word)))
    throw new Refused(`invalid mode: ${mode}`)
  const destination = second ?? first
  if (!destination.startsWith('/'))
    throw wrong(
      `: invalid mount config for type "${first.startsWith('/') ? 'bind' : 'volume'}": invalid mount path: '${destination}' mount path must be absolute`,
    )
  if (normalizePath(destination) === '/') throw wrong(": invalid specification: destination can't be '/'")
  if (second === undefined) return { source: '', destination, mode, isBind: false }
  const source = first.startsWith('.') || first.startsWith('~') ? normalizePath(first, cwd) : first
  return { source, destination, mode, isBind: source.startsWith('/') }
}

/** `type=bind,source=/,target=/host,readonly` */
export function parseMount(text: string): VolumeRequest | { readonly tmpfs: string } {
  const fields = new Map(
    text.split(',').map((pair) => {
      const equals = pair.indexOf('=')
      return equals < 0
        ? ([pair.toLowerCase(), 'true'] as const)
        : ([pair.slice(0, equals).toLowerCase(), pair.slice(equals + 1)] as const)
    }),
  )
  const value = (...names: readonly string[]): string =>
    names.map((name) => fields.get(name)).find((one) => one !== undefined) ?? ''
  const type = value('type') || 'volume'
  const destination = value('target', 'dst', 'destination')
  if (destination === '')
    throw new Refused(`invalid argument ${JSON.stringify(text)} for "--mount" flag: target is required`, 125)
  if (type === 'tmpfs') return { tmpfs: destination }
  const readOnly = value('readonly', 'ro')
  return {
    source: value('source', 'src'),
    destination,
    mode: readOnly === 'true' || readOnly === '1' ? 'ro' : '',
    isBind: type === 'bind',
  }
}

/** Named volumes come into being when they are first used; nameless ones get 64 digits. */
export function resolveVolume(world: World, engine: Engine, request: VolumeRequest): Bind {
  if (request.isBind)
    return { source: request.source, destination: request.destination, mode: request.mode, volume: null }
  const name = request.source === '' ? nextHex(world.random, 64) : request.source
  const kernel = world.kernels.get(engine.host)
  if (!engine.volumes.has(name) && kernel !== undefined) {
    const filesystem = createFilesystem(kernel, { type: 'overlay' }).id
    engine.volumes.set(name, { name, createdUs: world.nowUs, filesystem, anonymous: request.source === '' })
  }
  return { source: request.source, destination: request.destination, mode: request.mode, volume: name }
}
