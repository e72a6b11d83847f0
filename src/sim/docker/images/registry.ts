/** What the registry on the simulated internet has: the stand-ins for the images that courses use, with a few tags more. */
import type { Image } from '../image.ts'
import { familiarName, repository, withTag } from '../images.ts'
import { imagesAtHand } from './at-hand.ts'

/** Tags that name the same image as `latest`. */
const MORE_TAGS: Readonly<Record<string, readonly string[]>> = {
  alpine: ['3', '3.18'],
  busybox: ['1', '1.36', 'stable'],
  nginx: ['1.22', 'stable'],
  ubuntu: ['20.04', 'focal'],
  redis: ['7', '7.0'],
  postgres: ['15'],
  python: ['3', '3.11'],
}

export type RegistryAnswer =
  | { readonly kind: 'image'; readonly image: Image; readonly tag: string }
  | { readonly kind: 'no repository' }
  | { readonly kind: 'no tag' }

/** `reference`: `alpine`, `nginx:1.22`, `redis@sha256:…`. */
export function askRegistry(reference: string, nowMs: number): RegistryAnswer {
  const name = familiarName(reference)
  const [bare = '', digest] = name.split('@')
  const wanted = withTag(bare)
  const images = [...imagesAtHand('linux', nowMs).values()]
  const found = images.find((one) => one.tags.some((tag) => repository(tag) === repository(wanted)))
  if (found === undefined) return { kind: 'no repository' }
  const tag = wanted.slice(repository(wanted).length + 1)
  if (digest !== undefined)
    return found.digest === digest ? { kind: 'image', image: found, tag: '' } : { kind: 'no tag' }
  const known = tag === 'latest' || MORE_TAGS[repository(wanted)]?.includes(tag) === true
  return known ? { kind: 'image', image: found, tag } : { kind: 'no tag' }
}

/** The image is kept under the name that was asked for; the same image may have several. */
export function storePulled(images: Map<string, Image>, image: Image, tag: string): 'new' | 'known' {
  const full = tag === '' ? null : `${repository(image.tags[0] ?? '')}:${tag}`
  const own = images.get(image.id)
  if (own !== undefined && (full === null || own.tags.includes(full))) return 'known'
  if (full !== null)
    for (const other of images.values()) other.tags = other.tags.filter((one) => one !== full)
  if (own === undefined) images.set(image.id, { ...image, tags: full === null ? [] : [full] })
  else if (full !== null) own.tags = [...own.tags, full].sort()
  return 'new'
}
