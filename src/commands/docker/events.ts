/** `docker events`. docker/cli cli/command/system/events.go, moby daemon/events/filter.go (20.10). Not modelled: plugins, swarm. */
import { compactJson } from '../../render/docker/json.ts'
import { compileTemplate, executeTemplate, type Template } from '../../render/docker/template/execute.ts'
import { TemplateError } from '../../render/docker/template/lexer.ts'
import { type ApiStruct, apiMap } from '../../sim/base/api-value.ts'
import { type EngineEvent, eventsSince } from '../../sim/docker/events.ts'
import { Interrupted } from '../context.ts'
import { type Filters, passes, passesLabels, readFilters } from './filters.ts'
import { instant, stamped } from './logs.ts'
import { type Call, Refused } from './spec.ts'

export async function events(call: Call): Promise<number> {
  const { context, flags, world } = call
  const engine = call.engine()
  const filters = readFilters(flags.list('filter'), null)
  const format = flags.text('format')
  const template = format === '' || format === '{{json .}}' ? null : compile(format)
  const [since, until] = [instant(call, 'since', ''), instant(call, 'until', '')]
  const show = (list: readonly EngineEvent[]): void => {
    for (const event of list) {
      if (!isWanted(event, filters) || (until !== null && event.atUs > until)) continue
      if (format === '') context.out(`${lineOf(world.epochMs, event)}\n`)
      else if (template === null) context.out(`${compactJson(jsonOf(world.epochMs, event))}\n`)
      else context.out(`${filled(template, fieldsOf(world.epochMs, event))}\n`)
    }
  }
  const log = engine.events
  if (since !== null) show(log.kept.filter((event) => event.atUs >= since))
  let seen = log.total
  const ends = (): boolean => until !== null && world.nowUs >= until
  try {
    while (!ends()) {
      if (until === null) await context.until(() => log.total > seen)
      else await context.untilTime(() => log.total > seen, until)
      show(eventsSince(log, seen))
      seen = log.total
    }
    return 0
  } catch (error) {
    if (error instanceof Interrupted) return 130
    throw error
  }
}

function compile(format: string): Template {
  return worded(() => compileTemplate(format))
}

function filled(template: Template, fields: ApiStruct): string {
  return worded(() => executeTemplate(template, fields, { typeName: '*events.Message' }))
}

function worded<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    throw new Refused(`Error parsing format: ${error.message}`, 64)
  }
}

function isWanted(event: EngineEvent, filters: Filters): boolean {
  const { type, action, id, attributes } = event
  const names = (wanted: string): boolean => id.startsWith(wanted) || attributes['name'] === wanted
  return (
    passes(filters, 'event', (value) => action === value || action.startsWith(`${value}: `)) &&
    passes(filters, 'type', (value) => type === value) &&
    passes(filters, 'scope', (value) => value === 'local') &&
    passes(filters, 'container', (value) =>
      type === 'container' ? names(value) : (attributes['container'] ?? '') === value,
    ) &&
    passes(filters, 'network', (value) => type === 'network' && names(value)) &&
    passes(filters, 'volume', (value) => type === 'volume' && names(value)) &&
    passes(filters, 'daemon', (value) => type === 'daemon' && names(value)) &&
    passes(filters, 'image', (value) => isOfImage(event, value)) &&
    ['config', 'node', 'plugin', 'secret', 'service'].every((name) => !filters.has(name)) &&
    passesLabels(filters, attributes)
  )
}

/** With or without its tag. */
function isOfImage(event: EngineEvent, wanted: string): boolean {
  const name = event.type === 'image' ? event.id : (event.attributes['image'] ?? '')
  const bare = (text: string): string => text.replace(/:[^:/]*$/, '')
  return name === wanted || bare(name) === wanted || bare(event.attributes['name'] ?? '') === wanted
}

/** `2026-… container start ID (image=nginx, name=web)` */
function lineOf(epochMs: number, event: EngineEvent): string {
  const attributes = Object.entries(event.attributes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
  const shown = attributes.length === 0 ? '' : ` (${attributes.join(', ')})`
  return `${stamped(epochMs, event.atUs)} ${event.type} ${event.action} ${event.id}${shown}`
}

function times(epochMs: number, event: EngineEvent): { time: number; timeNano: number } {
  const us = epochMs * 1000 + event.atUs
  return { time: Math.floor(us / 1_000_000), timeNano: us * 1000 }
}

/** As Go's template sees the message. */
function fieldsOf(epochMs: number, event: EngineEvent): ApiStruct {
  const { time, timeNano } = times(epochMs, event)
  const isContainer = event.type === 'container'
  return {
    Status: isContainer || event.type === 'image' ? event.action : '',
    ID: isContainer || event.type === 'image' ? event.id : '',
    From: isContainer ? (event.attributes['image'] ?? '') : '',
    Type: event.type,
    Action: event.action,
    Actor: { ID: event.id, Attributes: apiMap(event.attributes) },
    Scope: 'local',
    Time: time,
    TimeNano: timeNano,
  }
}

/** As JSON names the same: what is empty is left out. */
function jsonOf(epochMs: number, event: EngineEvent): ApiStruct {
  const fields = fieldsOf(epochMs, event)
  const orOut = (name: string) => (fields[name] === '' ? undefined : fields[name])
  return {
    status: orOut('Status'),
    id: orOut('ID'),
    from: orOut('From'),
    Type: event.type,
    Action: event.action,
    Actor: fields['Actor'],
    scope: 'local',
    time: fields['Time'],
    timeNano: fields['TimeNano'],
  }
}
