/** What `docker volume inspect` shows. moby api/types/volume.go */
import { type ApiStruct, apiMap, apiTime } from '../base/api-value.ts'
import type { Volume } from './engine.ts'

function sorted(pairs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(pairs).sort(([a], [b]) => (a < b ? -1 : 1)))
}

export function inspectVolume(world: { readonly epochMs: number }, volume: Volume): ApiStruct {
  return {
    CreatedAt: apiTime(world.epochMs, volume.createdUs).replace(/\.\d+Z$/, 'Z'),
    Driver: 'local',
    Labels: volume.labels === null ? null : apiMap(sorted(volume.labels)),
    Mountpoint: `/var/lib/docker/volumes/${volume.name}/_data`,
    Name: volume.name,
    Options: volume.options === null ? null : apiMap(sorted(volume.options)),
    Scope: 'local',
  }
}
