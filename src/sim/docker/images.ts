/** Finding images by name, id or beginning of an id. moby daemon/images/image.go, reference.ParseAnyReference */
import { ok, type Result, refuse } from '../base/result.ts'
import type { Engine } from './engine.ts'
import type { Image } from './image.ts'

/** `docker.io/library/busybox` is `busybox`. */
export function familiarName(name: string): string {
  return name.replace(/^(?:docker\.io|index\.docker\.io)\//, '').replace(/^library\//, '')
}

export function findImage(engine: Engine, name: string): Image | undefined {
  const tagged = withTag(familiarName(name))
  for (const image of engine.images.values()) if (image.tags.includes(tagged)) return image
  const digest = name.split('@')[1]
  if (digest !== undefined) return [...engine.images.values()].find((one) => one.digest === digest)
  const hex = name.replace(/^sha256:/, '')
  if (!/^[0-9a-f]{3,64}$/.test(hex)) return undefined
  const begun = [...engine.images.values()].filter((image) =>
    image.id.slice('sha256:'.length).startsWith(hex),
  )
  return begun.length === 1 ? begun[0] : undefined
}

const REFERENCE =
  /^(?:[a-zA-Z0-9][a-zA-Z0-9.-]*(?::\d+)?\/)?[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*(?::[\w][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/

/** `invalid reference format`, or why the name cannot be one. */
export function checkReference(name: string): Result<void> {
  if (REFERENCE.test(name)) return ok(undefined)
  const path = name.split(/[:@]/)[0] ?? ''
  return /[A-Z]/.test(path.slice(path.indexOf('/') + 1))
    ? refuse('EINVAL', 'invalid reference format: repository name must be lowercase')
    : refuse('EINVAL', 'invalid reference format')
}

export interface RemovedImage {
  readonly untagged: readonly string[]
  readonly deleted: readonly string[]
}

/** `docker rmi`: a tag goes; with the last tag the image, unless a container needs it. */
export function removeImage(engine: Engine, name: string, force: boolean): Result<RemovedImage> {
  const image = findImage(engine, name)
  if (image === undefined) return refuse('NOT_FOUND', `No such image: ${name}`)
  const tagged = withTag(familiarName(name))
  const byTag = image.tags.includes(tagged)
  if (byTag && image.tags.length > 1) {
    image.tags = image.tags.filter((tag) => tag !== tagged)
    return ok({ untagged: [tagged], deleted: [] })
  }
  const user = [...engine.containers.values()].find((one) => one.image === image.id)
  const short = image.id.slice('sha256:'.length, 'sha256:'.length + 12)
  if (user !== undefined) {
    const runs = user.state.status === 'running' || user.state.status === 'paused'
    const why = `container ${user.id.slice(0, 12)} is using its referenced image ${short}`
    const how = runs ? 'cannot be forced' : 'must force'
    if (runs || !force)
      return refuse('CONFLICT', `conflict: unable to remove repository reference "${name}" (${how}) - ${why}`)
  }
  const untagged = [
    ...image.tags,
    ...(image.digest === null ? [] : [`${repository(tagged)}@${image.digest}`]),
  ]
  engine.images.delete(image.id)
  return ok({ untagged, deleted: [image.id, ...image.layers] })
}

/** `nicolaka/netshoot:latest` → `nicolaka/netshoot` */
export function repository(tag: string): string {
  return tag.slice(0, tag.lastIndexOf(':'))
}

/** A name without a tag means the latest. */
export function withTag(name: string): string {
  const last = name.slice(name.lastIndexOf('/') + 1)
  return last.includes(':') || name.includes('@') ? name : `${name}:latest`
}
