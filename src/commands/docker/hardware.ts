/** Values of `docker run` options about devices: their texts and what is wrong with them. docker/cli opts/{throttledevice,weightdevice,gpus,opts}.go (20.10) */
import { parseBytes } from '../../render/docker/units.ts'
import type { DeviceRequest } from '../../sim/docker/container.ts'

/** `/dev/sda:1mb` */
export function bytesRateRefusal(text: string): string | null {
  const [path, rate] = twoParts(text) ?? []
  if (path === undefined || rate === undefined) return `bad format: ${text}`
  if (!path.startsWith('/dev/')) return `bad format for device path: ${text}`
  return parseBytes(rate) === null
    ? `invalid rate for device: ${text}. The correct format is <device-path>:<number>[<unit>]. Number must be a positive integer. Unit is optional and can be kb, mb, or gb`
    : null
}

/** `/dev/sda:1000` */
export function numberRateRefusal(text: string): string | null {
  const [path, rate] = twoParts(text) ?? []
  if (path === undefined || rate === undefined) return `bad format: ${text}`
  if (!path.startsWith('/dev/')) return `bad format for device path: ${text}`
  return /^\d+$/.test(rate)
    ? null
    : `invalid rate for device: ${text}. The correct format is <device-path>:<number>. Number must be a positive integer`
}

export function weightRefusal(text: string): string | null {
  const [path, weight] = twoParts(text) ?? []
  if (path === undefined || weight === undefined) return `bad format: ${text}`
  if (!path.startsWith('/dev/')) return `bad format for device path: ${text}`
  const isNumber = /^\d+$/.test(weight)
  const isWeight = isNumber && (Number(weight) === 0 || (Number(weight) >= 10 && Number(weight) <= 1000))
  return isWeight ? null : `invalid weight for device: ${text}`
}

function twoParts(text: string): [string, string] | null {
  const parts = text.split(':')
  return parts.length === 2 && parts[0] !== '' ? [parts[0]!, parts[1]!] : null
}

const KERNEL_SYSCTLS = [
  ...['kernel.msgmax', 'kernel.msgmnb', 'kernel.msgmni', 'kernel.sem', 'kernel.shmall', 'kernel.shmmax'],
  ...['kernel.shmmni', 'kernel.shm_rmid_forced'],
]

/** Those of a namespace of the container's own. opts.go `ValidateSysctl` */
export function sysctlRefusal(text: string): string | null {
  const name = text.split('=')[0] ?? ''
  const isKnown = KERNEL_SYSCTLS.includes(name) || name.startsWith('net.') || name.startsWith('fs.mqueue.')
  return text.includes('=') && isKnown ? null : `sysctl '${text}' is not whitelisted`
}

export function gpusRefusal(text: string): string | null {
  const read = readGpus(text)
  return typeof read === 'string' ? read : null
}

/** `all`, `2`, `"device=0,1",capabilities=utility` */
export function readGpus(text: string): DeviceRequest | string {
  const fields = [...text.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map(
    ([, quoted, bare]) => quoted ?? bare ?? '',
  )
  const request = { driver: '', count: 0, ids: null as string[] | null, capabilities: [] as string[] }
  let options: Record<string, string> = {}
  const seen = new Set<string>()
  for (const field of fields) {
    const [name = '', value] = [
      field.split('=')[0],
      field.includes('=') ? field.replace(/^[^=]*=/, '') : undefined,
    ]
    const key = value === undefined ? 'count' : name
    if (seen.has(key)) return `gpu request key '${key}' can be specified only once`
    seen.add(key)
    const given = value ?? name
    if (key === 'count') {
      if (given !== 'all' && !/^-?\d+$/.test(given))
        return `count must be an integer: strconv.Atoi: parsing ${JSON.stringify(given)}: invalid syntax`
      request.count = given === 'all' ? -1 : Number(given)
    } else if (key === 'driver') request.driver = given
    else if (key === 'device') request.ids = given.split(',')
    else if (key === 'capabilities') request.capabilities = given.split(',')
    else if (key === 'options')
      options = Object.fromEntries(
        given.split(',').map((pair) => [pair.split('=')[0], pair.replace(/^[^=]*=?/, '')]),
      )
    else return `unexpected key '${key}' in '${field}'`
  }
  if (!seen.has('count') && request.ids === null) request.count = 1
  return { ...request, capabilities: [...request.capabilities, 'gpu'], options }
}
