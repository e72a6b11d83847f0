/** `docker images`, `rmi`, `tag`, `history`-not-modelled. docker/cli cli/command/image/*.go (20.10) */
import { formatTable, type TableKind, type TableRow } from '../../render/docker/table.ts'
import { humanDuration, humanSize } from '../../render/docker/units.ts'
import { apiTime } from '../../sim/base/api-value.ts'
import { logImage } from '../../sim/docker/events.ts'
import type { Image } from '../../sim/docker/image.ts'
import { checkReference, findImage, removeImage, repository, withTag } from '../../sim/docker/images.ts'
import { passes, passesLabels, readFilters } from './filters.ts'
import { daemonError } from './lifecycle.ts'
import { type Call, Refused } from './spec.ts'

const imageTable = (digests: boolean): TableKind => ({
  typeName: '*formatter.imageContext',
  headers: {
    ID: 'IMAGE ID',
    Repository: 'REPOSITORY',
    Tag: 'TAG',
    Digest: 'DIGEST',
    CreatedSince: 'CREATED',
    CreatedAt: 'CREATED AT',
    Size: 'SIZE',
    Containers: 'CONTAINERS',
    VirtualSize: 'SIZE',
    SharedSize: 'SHARED SIZE',
    UniqueSize: 'UNIQUE SIZE',
  },
  table: `{{.Repository}}\t{{.Tag}}${digests ? '\t{{.Digest}}' : ''}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}`,
  quiet: '{{.ID}}',
})

const FILTERS = ['before', 'dangling', 'label', 'reference', 'since']

export function images(call: Call): number {
  const { flags } = call
  const filters = readFilters(flags.list('filter'), FILTERS)
  const [wanted] = call.operands
  const created = (term: string): number => findImage(call.engine(), term)?.createdMs ?? 0
  const found = [...call.engine().images.values()]
    .filter(
      (image) =>
        passesLabels(filters, image.config.labels) &&
        passes(filters, 'dangling', (value) => (value === 'true') === (image.tags.length === 0)) &&
        passes(filters, 'before', (value) => image.createdMs < created(value)) &&
        passes(filters, 'since', (value) => image.createdMs > created(value)),
    )
    .sort((a, b) => b.createdMs - a.createdMs)
  const rows = found.flatMap((image) =>
    image.tags
      .filter((tag) => wanted === undefined || matchesReference(tag, wanted))
      .filter((tag) => passes(filters, 'reference', (value) => matchesReference(tag, value)))
      .map((tag) => row(call, image, tag)),
  )
  const result = formatTable(
    imageTable(flags.bool('digests')),
    rows,
    flags.text('format'),
    flags.bool('quiet'),
  )
  if (!result.ok) throw new Refused(result.message)
  call.context.out(result.text)
  return 0
}

/** `busybox`, `busybox:latest`, `nicolaka/*`. */
function matchesReference(tag: string, pattern: string): boolean {
  const expression = new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '[^/]*')
      .replaceAll('?', '[^/]')}$`,
  )
  return expression.test(tag) || expression.test(repository(tag))
}

function row(call: Call, image: Image, tag: string): TableRow {
  const nowMs = call.world.epochMs + call.world.nowUs / 1000
  const id = image.id.slice('sha256:'.length)
  return {
    fields: {
      ID: call.flags.bool('no-trunc') ? image.id : id.slice(0, 12),
      Repository: repository(tag),
      Tag: tag.slice(tag.lastIndexOf(':') + 1),
      Digest: image.digest ?? '<none>',
      CreatedSince: `${humanDuration((nowMs - image.createdMs) / 1000)} ago`,
      CreatedAt: `${apiTime(image.createdMs, 0).slice(0, 19).replace('T', ' ')} +0000 UTC`,
      Size: humanSize(image.size),
      VirtualSize: humanSize(image.size),
      SharedSize: 'N/A',
      UniqueSize: 'N/A',
      Containers: 'N/A',
    },
  }
}

export function remove(call: Call): number {
  const errors: string[] = []
  for (const name of call.operands) {
    const image = findImage(call.engine(), name)
    const id = image?.id ?? name
    const labels = image?.config.labels ?? {}
    const removed = removeImage(call.engine(), name, call.flags.bool('force'))
    if (!removed.ok) {
      errors.push(
        removed.error.code === 'NOT_FOUND'
          ? `Error: ${removed.error.detail}`
          : daemonError(removed.error.detail),
      )
      continue
    }
    logImage(call.world, call.engine(), { id, labels }, 'untag', id)
    if (removed.value.deleted.length > 0)
      logImage(call.world, call.engine(), { id, labels: {} }, 'delete', id)
    for (const one of removed.value.untagged) call.context.out(`Untagged: ${one}\n`)
    for (const one of removed.value.deleted) call.context.out(`Deleted: ${one}\n`)
  }
  if (errors.length > 0) throw new Refused(errors.join('\n'))
  return 0
}

export function tag(call: Call): number {
  const [source = '', target = ''] = call.operands
  const reference = checkReference(target)
  if (!reference.ok)
    throw new Refused(
      `Error parsing reference: ${JSON.stringify(target)} is not a valid repository/tag: ${reference.error.detail}`,
    )
  const image = findImage(call.engine(), source)
  if (image === undefined) throw new Refused(daemonError(`No such image: ${withTag(source)}`))
  const full = withTag(target)
  for (const other of call.engine().images.values()) other.tags = other.tags.filter((one) => one !== full)
  image.tags = [...image.tags, full].sort()
  logImage(call.world, call.engine(), { id: image.id, labels: image.config.labels }, 'tag', full)
  return 0
}
