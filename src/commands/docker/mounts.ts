/** `--mount`: what its fields say. docker/cli opts/mount.go; moby volume/mounts/linux_parser.go `validateMountConfigImpl` (20.10) */
import { parseBytes } from '../../render/docker/units.ts'
import type { MountSpec } from '../../sim/docker/container.ts'

const BARE = ['readonly', 'ro', 'volume-nocopy', 'bind-nonrecursive']

interface Reading {
  type: string
  source: string
  target: string
  readOnly: boolean
  bind: { propagation?: string; nonRecursive?: boolean } | null
  volume: {
    noCopy?: boolean
    labels?: Record<string, string>
    driver?: string
    options?: Record<string, string>
  } | null
  tmpfs: { bytes?: number; mode?: number } | null
}

/** The mount, or what is wrong with the text. */
export function readMount(text: string): MountSpec | string {
  const reading: Reading = {
    type: 'volume',
    source: '',
    target: '',
    readOnly: false,
    bind: null,
    volume: null,
    tmpfs: null,
  }
  for (const field of text.split(',')) {
    const equals = field.indexOf('=')
    const key = (equals < 0 ? field : field.slice(0, equals)).toLowerCase()
    if (equals < 0 && !BARE.includes(key)) return `invalid field '${field}' must be a key=value pair`
    const wrong = readField(reading, key, equals < 0 ? 'true' : field.slice(equals + 1), field)
    if (wrong !== null) return wrong
  }
  if (reading.type === '') return 'type is required'
  if (reading.target === '') return 'target is required'
  for (const kind of ['bind', 'volume', 'tmpfs'] as const)
    if (reading[kind] !== null && reading.type !== kind)
      return `cannot mix '${kind}-*' options with mount type '${reading.type}'`
  return reading
}

const BOOLEANS: Readonly<Record<string, boolean>> = {
  ...{ '1': true, t: true, T: true, true: true, TRUE: true, True: true },
  ...{ '0': false, f: false, F: false, false: false, FALSE: false, False: false },
}

function readField(reading: Reading, key: string, value: string, field: string): string | null {
  const pair = (): [string, string] => {
    const equals = value.indexOf('=')
    return equals < 0 ? [value, ''] : [value.slice(0, equals), value.slice(equals + 1)]
  }
  switch (key) {
    case 'type':
      reading.type = value.toLowerCase()
      return null
    case 'source':
    case 'src':
      reading.source = value
      return null
    case 'target':
    case 'dst':
    case 'destination':
      reading.target = value
      return null
    case 'readonly':
    case 'ro':
      if (BOOLEANS[value] === undefined) return `invalid value for ${key}: ${value}`
      reading.readOnly = BOOLEANS[value]
      return null
    case 'consistency':
      return null
    case 'bind-propagation':
      reading.bind = { ...reading.bind, propagation: value.toLowerCase() }
      return null
    case 'bind-nonrecursive':
      if (BOOLEANS[value] === undefined) return `invalid value for ${key}: ${value}`
      reading.bind = { ...reading.bind, nonRecursive: BOOLEANS[value] }
      return null
    case 'volume-nocopy':
      if (BOOLEANS[value] === undefined) return `invalid value for volume-nocopy: ${value}`
      reading.volume = { ...reading.volume, noCopy: BOOLEANS[value] }
      return null
    case 'volume-label':
      reading.volume = {
        ...reading.volume,
        labels: { ...reading.volume?.labels, ...Object.fromEntries([pair()]) },
      }
      return null
    case 'volume-driver':
      reading.volume = { ...reading.volume, driver: value }
      return null
    case 'volume-opt':
      reading.volume = {
        ...reading.volume,
        options: { ...reading.volume?.options, ...Object.fromEntries([pair()]) },
      }
      return null
    case 'tmpfs-size': {
      const bytes = parseBytes(value)
      if (bytes === null) return `invalid value for ${key}: ${value}`
      reading.tmpfs = { ...reading.tmpfs, bytes }
      return null
    }
    case 'tmpfs-mode':
      if (!/^[0-7]+$/.test(value)) return `invalid value for ${key}: ${value}`
      reading.tmpfs = { ...reading.tmpfs, mode: Number.parseInt(value, 8) }
      return null
    default:
      return `unexpected key '${key}' in '${field}'`
  }
}

/** What the engine refuses; `exists` looks at its host's files. */
export function mountRefusal(spec: MountSpec, exists: (path: string) => boolean): string | null {
  const wrong = (why: string): string => `invalid mount config for type "${spec.type}": ${why}`
  if (!['bind', 'volume', 'tmpfs'].includes(spec.type)) return wrong('mount type unknown')
  if (!spec.target.startsWith('/'))
    return wrong(`invalid mount path: '${spec.target}' mount path must be absolute`)
  if (/^\/+\.?$/.test(spec.target)) return wrong("invalid specification: destination can't be '/'")
  if (spec.type === 'tmpfs' && spec.source !== '') return wrong('field Source must not be specified')
  if (spec.type !== 'bind') return null
  if (spec.source === '') return wrong('field Source must not be empty')
  if (!spec.source.startsWith('/'))
    return wrong(`invalid mount path: '${spec.source}' mount path must be absolute`)
  return exists(spec.source) ? null : wrong(`bind source path does not exist: ${spec.source}`)
}
