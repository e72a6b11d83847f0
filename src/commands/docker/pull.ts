/**
 * `docker pull`, and what `docker run` does for an image that is missing: the daemon looks the registry's name up and
 * connects to it over the simulated network. docker/cli cli/command/image/pull.go, pkg/jsonmessage; moby distribution/ (20.10).
 * Not modelled: TLS, the bytes of layers on the wire, progress bars; registries but the one of the simulated internet.
 */

import type { Engine } from '../../sim/docker/engine.ts'
import { logEvent } from '../../sim/docker/events.ts'
import { hostFile } from '../../sim/docker/files.ts'
import type { Image } from '../../sim/docker/image.ts'
import { askRegistry, storePulled } from '../../sim/docker/images/registry.ts'
import { checkReference, familiarName, repository, withTag } from '../../sim/docker/images.ts'
import { spawnProcess, startProcess } from '../../sim/kernel/task/process.ts'
import type { Descriptor } from '../../sim/kernel/task/types.ts'
import { type CurlProgram, curlProgram } from '../../sim/process/curl.ts'
import { formatIpv4 } from '../../sim/wire/ipv4-address.ts'
import type { World } from '../../sim/world/world.ts'
import type { CommandContext } from '../context.ts'
import { daemonError } from './lifecycle.ts'
import { type Call, Refused } from './spec.ts'
import { kernelOfEngine } from './stream.ts'

const HUB = 'registry-1.docker.io'

/** `nginx` comes from Docker Hub; a first part with a dot or a port is a registry of its own. */
export function registryOf(image: string): string {
  const [first = ''] = familiarName(image).split('/')
  return image.includes('/') && (/[.:]/.test(first) || first === 'localhost') ? first : HUB
}

/** net/http `Client.Timeout` of the registry's client. */
const PATIENCE_US = 15_000_000

const options = (host: string, port: number) => ({
  version: '',
  urls: [{ scheme: 'http' as const, host, port, path: '/v2/' }],
  method: 'GET',
  headers: [],
  body: null,
  agent: 'docker/20.10.24',
  verbose: false,
  silent: true,
  showError: false,
  include: false,
  head: false,
  follow: false,
  failOnError: false,
  meter: false,
  output: null,
  remoteName: false,
  writeOut: null,
  maxTimeUs: null,
  connectTimeoutUs: PATIENCE_US,
  device: null,
  proxy: null,
  http09: false,
  resolve: [],
})

/** Null: the registry answers; else why it does not, in the words of Go's HTTP client. */
export async function reachRegistry(
  context: CommandContext,
  engine: Engine,
  registry: string,
  path = '/v2/',
): Promise<string | null> {
  const { world } = context
  const kernel = kernelOfEngine(context, engine)
  const [name = '', port] = registry.split(':')
  const isPlain = name === 'localhost' || name.startsWith('127.')
  const program = curlProgram(options(name, Number(port ?? 443)))
  const nothing: Descriptor = { kind: 'null' }
  const child = spawnProcess(world, kernel, kernel.processes.get(engine.daemonPid) ?? null, {
    argv: ['/usr/sbin/dockerd'],
    program,
    netns: kernel.initialNetns,
    terminal: null,
    descriptors: new Map([0, 1, 2].map((fd) => [fd, nothing])),
  })
  startProcess(world, child)
  await context.until(() => child.exitStatus !== null)
  if (child.exitStatus === 0) return null
  const why = reason(world, engine, program, name, Number(port ?? 443), child.exitStatus ?? 0)
  return `Get "${isPlain ? 'http' : 'https'}://${registry}${path}": ${why}`
}

const NO_NAME = 6
const TIMED_OUT = 28

function reason(
  world: World,
  engine: Engine,
  program: CurlProgram,
  name: string,
  port: number,
  status: number,
): string {
  const outcome = program.lookup?.outcome
  const server = /^\s*nameserver\s+(\S+)/m.exec(hostFile(world, engine, '/etc/resolv.conf') ?? '')?.[1]
  const where = server === undefined ? '' : ` on ${server.includes(':') ? `[${server}]` : server}:53`
  if (status === NO_NAME) {
    if (outcome?.kind === 'failed' && outcome.reason !== 'AGAIN')
      return `dial tcp: lookup ${name}${where}: no such host`
    return `dial tcp: lookup ${name}: Temporary failure in name resolution`
  }
  if (status === TIMED_OUT)
    return 'net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)'
  const address = outcome?.kind === 'addresses' ? outcome.addresses[0] : undefined
  const shown = address === undefined ? name : formatIpv4(address)
  return `dial tcp ${shown}:${port}: connect: connection refused`
}

/** Virtual time that a layer takes: about 12 MB a second. */
const BYTES_PER_US = 12

export interface PullOptions {
  readonly out: (text: string) => void
  readonly isTerminal: boolean
  readonly quiet: boolean
  readonly platform: string
}

/** The image, with the progress told as it goes; throws `Refused`. */
export async function pullImage(
  context: CommandContext,
  engine: Engine,
  reference: string,
  { out, isTerminal, quiet, platform }: PullOptions,
): Promise<Image> {
  const { world } = context
  const registry = registryOf(reference)
  const wrong = await reachRegistry(context, engine, registry)
  if (wrong !== null) throw new Refused(daemonError(wrong))
  const name = familiarName(reference)
  const answer = askRegistry(name, world.epochMs + world.nowUs / 1000)
  if (registry !== HUB || answer.kind === 'no repository')
    throw new Refused(
      daemonError(
        `pull access denied for ${repository(withTag(name.split('@')[0] ?? ''))}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied`,
      ),
    )
  if (answer.kind === 'no tag')
    throw new Refused(
      daemonError(`manifest for ${withTag(name)} not found: manifest unknown: manifest unknown`),
    )
  if (!isOwnPlatform(platform))
    throw new Refused(daemonError(`no matching manifest for ${platform} in the manifest list entries`))
  const { image, tag } = answer
  const repo = repository(image.tags[0] ?? '')
  const say = (line: string): void => {
    if (!quiet) out(`${line}\n`)
  }
  say(`${tag === '' ? name : tag}: Pulling from ${repo.includes('/') ? repo : `library/${repo}`}`)
  if (!engine.images.has(image.id)) await download(context, image, isTerminal, say)
  const result = storePulled(engine.images, image, tag)
  const shown = tag === '' ? name : `${repo}:${tag}`
  say(`Digest: ${image.digest}`)
  say(
    `Status: ${result === 'new' ? `Downloaded newer image for ${shown}` : `Image is up to date for ${shown}`}`,
  )
  logEvent(world, engine, { type: 'image', action: 'pull', id: shown, attributes: { name: repo } })
  return engine.images.get(image.id) ?? image
}

export function isOwnPlatform(platform: string): boolean {
  return /^(?:linux(?:\/(?:amd64|x86_64))?|amd64|x86_64)?$/.test(platform)
}

/** On a terminal each layer has one line, which ends as "Pull complete". */
async function download(
  context: CommandContext,
  image: Image,
  isTerminal: boolean,
  say: (line: string) => void,
): Promise<void> {
  const layers = image.layers.map((layer) => layer.slice('sha256:'.length, 'sha256:'.length + 12))
  const tell = (state: string): void => {
    if (!isTerminal) for (const layer of layers) say(`${layer}: ${state}`)
  }
  tell('Pulling fs layer')
  await context.sleep(Math.round(image.size / BYTES_PER_US))
  tell('Verifying Checksum')
  tell('Download complete')
  tell('Pull complete')
  if (isTerminal) for (const layer of layers) say(`${layer}: Pull complete `)
}

export async function pull(call: Call): Promise<number> {
  const { context, flags } = call
  const [image = ''] = call.operands
  const reference = checkReference(image)
  if (!reference.ok) throw new Refused(reference.error.detail ?? '')
  const last = image.slice(image.lastIndexOf('/') + 1)
  const quiet = flags.bool('quiet')
  const isBare = !last.includes(':') && !image.includes('@')
  if (!isBare && flags.bool('all-tags')) throw new Refused("tag can't be used with --all-tags/-a")
  if (isBare && !flags.bool('all-tags') && !quiet) context.out('Using default tag: latest\n')
  await pullImage(context, call.engine(), image, {
    out: context.out.bind(context),
    isTerminal: context.outIsTerminal,
    quiet,
    platform: flags.text('platform'),
  })
  context.out(`${canonical(image)}\n`)
  return 0
}

/** `docker.io/library/alpine:latest` */
export function canonical(image: string): string {
  const name = withTag(familiarName(image))
  if (registryOf(name) !== HUB) return name
  return `docker.io/${name.includes('/') ? '' : 'library/'}${name}`
}
