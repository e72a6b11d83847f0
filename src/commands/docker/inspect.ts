/** `docker inspect` and its kin. docker/cli cli/command/inspect/inspector.go, cli/command/system/inspect.go (20.10) */
import { indentedJson } from '../../render/docker/json.ts'
import { compileTemplate, executeTemplate, type Template } from '../../render/docker/template/execute.ts'
import { TemplateError } from '../../render/docker/template/lexer.ts'
import { rawForm } from '../../render/docker/template/values.ts'
import type { ApiStruct } from '../../sim/base/api-value.ts'
import { findContainer } from '../../sim/docker/create-container.ts'
import { findImage } from '../../sim/docker/images.ts'
import { inspectContainer } from '../../sim/docker/inspect-container.ts'
import { inspectImage } from '../../sim/docker/inspect-image.ts'
import { inspectNetwork } from '../../sim/docker/inspect-network.ts'
import { inspectVolume } from '../../sim/docker/inspect-volume.ts'
import { findNetwork } from '../../sim/docker/networks.ts'
import { type Call, Refused } from './spec.ts'

type Lookup = (call: Call, term: string) => ApiStruct | undefined

const lookups: Readonly<Record<string, Lookup>> = {
  container: (call, term) => {
    const found = findContainer(call.engine(), term)
    if (!found.ok) return undefined
    const shown = inspectContainer(call.world, call.engine(), found.value)
    return call.flags.bool('size') ? withSizes(call, shown, found.value.image) : shown
  },
  image: (call, term) => {
    const image = findImage(call.engine(), term)
    return image === undefined ? undefined : inspectImage(image)
  },
  network: (call, term) => {
    const network = findNetwork(call.engine(), term)
    return network === undefined ? undefined : inspectNetwork(call.world, call.engine(), network)
  },
  volume: (call, term) => {
    const volume = call.engine().volumes.get(term)
    return volume === undefined ? undefined : inspectVolume(call.world, volume)
  },
}

function withSizes(call: Call, shown: ApiStruct, image: string): ApiStruct {
  return { ...shown, SizeRw: 0, SizeRootFs: call.engine().images.get(image)?.size ?? 0 }
}

const OTHER_TYPES = ['node', 'service', 'secret', 'plugin', 'task', 'config']

export function inspect(call: Call): number {
  const type = call.flags.text('type')
  if (type !== '' && lookups[type] === undefined && !OTHER_TYPES.includes(type))
    throw new Refused(`"${type}" is not a valid value for --type`)
  const kinds = type === '' ? ['container', 'image', 'network', 'volume'] : [type]
  const what = type === '' ? 'object' : type
  return inspectAll(
    call,
    (term) => kinds.map((kind) => lookups[kind]?.(call, term)).find((one) => one !== undefined),
    what,
  )
}

export function inspectKind(kind: 'container' | 'image' | 'network' | 'volume'): (call: Call) => number {
  return (call) => inspectAll(call, (term) => lookups[kind]?.(call, term), kind)
}

/** Prints what is found, then what is not. */
function inspectAll(call: Call, find: (term: string) => ApiStruct | undefined, what: string): number {
  const { context } = call
  const format = call.flags.text('format')
  const template = format === '' || format === 'json' ? null : compile(format)
  call.engine()
  const found: ApiStruct[] = []
  const errors: string[] = []
  let text = ''
  for (const term of call.operands) {
    const value = find(term)
    if (value === undefined) {
      errors.push(`Error: No such ${what}: ${term}`)
      continue
    }
    found.push(value)
    if (template === null) continue
    const shown = applied(template, value)
    if (shown.ok) text += `${shown.text}\n`
    else {
      errors.push(shown.message)
      break
    }
  }
  if (template === null) context.out(`${indentedJson(found)}\n`)
  else context.out(text === '' ? '\n' : text)
  if (errors.length > 0) throw new Refused(errors.join('\n'))
  return 0
}

function compile(format: string): Template {
  try {
    return compileTemplate(format)
  } catch (error) {
    if (error instanceof TemplateError) throw new Refused(`template parsing error: ${error.message}`, 64)
    throw error
  }
}

/** Over the typed value; where that fails, over what JSON makes of it. */
function applied(
  template: Template,
  value: ApiStruct,
): { ok: true; text: string } | { ok: false; message: string } {
  try {
    return { ok: true, text: executeTemplate(template, value) }
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
  }
  try {
    return { ok: true, text: executeTemplate(template, rawForm(value), { strictMaps: true }) }
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    return { ok: false, message: `template parsing error: ${error.message}` }
  }
}
