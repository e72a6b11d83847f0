/** What `docker image inspect` shows. moby api/types `ImageInspect` */
import { type ApiStruct, apiMap, apiTime, orNull } from '../base/api-value.ts'
import type { Image } from './image.ts'
import { repository } from './images.ts'

export function inspectImage(image: Image): ApiStruct {
  const { config } = image
  return {
    Id: image.id,
    RepoTags: [...image.tags],
    RepoDigests: image.digest === null ? [] : image.tags.map((tag) => `${repository(tag)}@${image.digest}`),
    Parent: image.committed?.parent ?? '',
    Comment: image.comment,
    Created: apiTime(image.createdMs, 0),
    Container: image.committed?.container ?? '',
    DockerVersion: image.dockerVersion,
    Author: image.author,
    Config: {
      Hostname: '',
      Domainname: '',
      User: config.user,
      AttachStdin: false,
      AttachStdout: false,
      AttachStderr: false,
      ExposedPorts:
        config.exposedPorts.length === 0 ? undefined : new Map(config.exposedPorts.map((port) => [port, {}])),
      Tty: false,
      OpenStdin: false,
      StdinOnce: false,
      Env: orNull(config.env),
      Cmd: orNull(config.command),
      Image: '',
      Volumes: config.volumes.length === 0 ? null : new Map(config.volumes.map((path) => [path, {}])),
      WorkingDir: config.workingDir,
      Entrypoint: config.entrypoint === null ? null : [...config.entrypoint],
      OnBuild: null,
      Labels: Object.keys(config.labels).length === 0 ? null : apiMap(config.labels),
      StopSignal: config.stopSignal ?? undefined,
    },
    Architecture: 'amd64',
    Os: 'linux',
    Size: image.size,
    VirtualSize: image.size,
    GraphDriver: { Data: apiMap(graphData(image.id.slice('sha256:'.length))), Name: 'overlay2' },
    RootFS: { Type: 'layers', Layers: [...image.layers] },
    Metadata: { LastTagTime: '0001-01-01T00:00:00Z' },
  }
}

function graphData(id: string): Record<string, string> {
  const folder = `/var/lib/docker/overlay2/${id}`
  return { MergedDir: `${folder}/merged`, UpperDir: `${folder}/diff`, WorkDir: `${folder}/work` }
}
