/** `docker diff`, `commit` and `update`. docker/cli cli/command/container/{diff,commit,update}.go (20.10) */
import type { Refusal } from '../../sim/base/result.ts'
import type { HostConfig } from '../../sim/docker/container.ts'
import { findContainer } from '../../sim/docker/create-container.ts'
import { logContainer, logImage } from '../../sim/docker/events.ts'
import type { ImageConfig } from '../../sim/docker/image.ts'
import { checkReference, withTag } from '../../sim/docker/images.ts'
import { changesOf, commitContainer } from '../../sim/docker/layers.ts'
import { isRunning } from '../../sim/docker/lifecycle.ts'
import { wrongResources } from '../../sim/docker/verify.ts'
import { daemonError } from './lifecycle.ts'
import { resources, restartPolicy } from './parse-run.ts'
import { type Call, Refused } from './spec.ts'

export function diff(call: Call): number {
  const [term = ''] = call.operands
  if (term === '') throw new Refused('Container name cannot be empty')
  const found = findContainer(call.engine(), term)
  if (!found.ok) throw failure(found.error)
  for (const { kind, path } of changesOf(call.world, call.engine(), found.value))
    call.context.out(`${kind} ${path}\n`)
  return 0
}

function failure(error: Refusal): Refused {
  return new Refused(daemonError(error.detail))
}

export function commit(call: Call): number {
  const { flags } = call
  const [term = '', name] = call.operands
  const engine = call.engine()
  const found = findContainer(engine, term)
  if (!found.ok) throw failure(found.error)
  if (name !== undefined) {
    const reference = checkReference(name)
    if (!reference.ok) throw new Refused(reference.error.detail ?? '')
  }
  const { world } = call
  const pauses = isRunning(found.value) && (!flags.changed('pause') || flags.bool('pause'))
  if (pauses) logContainer(world, engine, found.value, 'pause')
  const image = commitContainer(call.world, engine, found.value, {
    tag: name === undefined ? null : withTag(name),
    author: flags.text('author'),
    comment: flags.text('message'),
    config: instructions(flags.list('change')),
  })
  const imageRef = name === undefined ? '' : withTag(name)
  if (name !== undefined)
    logImage(world, engine, { id: image.id, labels: image.config.labels }, 'tag', imageRef)
  const more = { comment: flags.text('message'), imageID: image.id, imageRef }
  logContainer(world, engine, found.value, 'commit', more)
  if (pauses) logContainer(world, engine, found.value, 'unpause')
  call.context.out(`${image.id}\n`)
  return 0
}

/** `--change 'CMD ["nginx"]'`: instructions of a Dockerfile. builder/dockerfile `BuildFromConfig` */
function instructions(list: readonly string[]): Partial<ImageConfig> {
  const config: Partial<Record<keyof ImageConfig, unknown>> = {}
  for (const text of list) {
    const [, word = '', rest = ''] = /^\s*(\S+)\s*(.*)$/.exec(text) ?? []
    switch (word.toUpperCase()) {
      case 'CMD':
        config.command = argumentsOf(rest)
        break
      case 'ENTRYPOINT':
        config.entrypoint = argumentsOf(rest)
        break
      case 'EXPOSE':
        config.exposedPorts = rest.split(/\s+/).map((port) => (port.includes('/') ? port : `${port}/tcp`))
        break
      case 'WORKDIR':
        config.workingDir = rest
        break
      case 'USER':
        config.user = rest
        break
      default:
        throw new Refused(daemonError(`${word.toUpperCase()} is not a valid change command`))
    }
  }
  return config as Partial<ImageConfig>
}

function argumentsOf(text: string): string[] {
  try {
    const parsed: unknown = JSON.parse(text)
    if (Array.isArray(parsed)) return parsed.map(String)
  } catch {
    // Not JSON: a line for the shell.
  }
  return ['/bin/sh', '-c', text]
}

/** Restart policy and limits; the limits are kept for `docker inspect`. */
export function update(call: Call): number {
  const { flags, world } = call
  if (flags.parsed.values.size === 0)
    throw new Refused('you must provide one or more flags when using this command')
  const limits = resources(call)
  const restart = flags.changed('restart') ? restartPolicy(flags.text('restart')) : null
  const wrong = wrongResources(limits, true)
  if (wrong !== null) throw new Refused(call.operands.map(() => daemonError(wrong)).join('\n'))
  const errors: string[] = []
  for (const term of call.operands) {
    const found = findContainer(call.engine(), term)
    if (!found.ok) {
      errors.push(daemonError(found.error.detail))
      continue
    }
    const container = found.value
    if (restart !== null && container.hostConfig.autoRemove && restart.name !== 'no' && restart.name !== '') {
      const why = 'Restart policy cannot be updated because AutoRemove is enabled for the container'
      errors.push(daemonError(`Cannot update container ${container.id}: ${why}`))
      continue
    }
    const hostConfig: HostConfig = {
      ...container.hostConfig,
      restart: restart ?? container.hostConfig.restart,
      resources: { ...container.hostConfig.resources, ...limits },
    }
    container.hostConfig = hostConfig
    logContainer(world, call.engine(), container, 'update')
    call.context.out(`${term}\n`)
  }
  if (errors.length > 0) throw new Refused(errors.join('\n'))
  return 0
}
