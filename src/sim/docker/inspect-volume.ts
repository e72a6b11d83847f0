/** What `docker volume inspect` shows. moby api/types/volume.go */
import { type ApiStruct, apiTime } from './api-value.ts'
import type { Volume } from './engine.ts'

export function inspectVolume(world: { readonly epochMs: number }, volume: Volume): ApiStruct {
  return {
    CreatedAt: apiTime(world.epochMs, volume.createdUs).replace(/\.\d+Z$/, 'Z'),
    Driver: 'local',
    Labels: null,
    Mountpoint: `/var/lib/docker/volumes/${volume.name}/_data`,
    Name: volume.name,
    Options: null,
    Scope: 'local',
  }
}
