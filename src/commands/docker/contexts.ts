/** `docker context`: the one that is there without any file, and those that were made. docker/cli cli/command/context (20.10) */
import { indentedJson } from '../../render/docker/json.ts'
import { formatTable, naturalOrder, type TableKind } from '../../render/docker/table.ts'
import type { ApiStruct } from '../../sim/base/api-value.ts'
import type { CommandContext } from '../context.ts'
import {
  currentContext,
  dropContext,
  type StoredContext,
  setCurrentContext,
  storagePaths,
  storeContext,
  storedContexts,
} from './context-store.ts'
import { type Call, Refused } from './spec.ts'
import { filled } from './system.ts'

const table: TableKind = {
  typeName: '*formatter.clientContextContext',
  headers: {
    Name: 'NAME',
    Description: 'DESCRIPTION',
    DockerEndpoint: 'DOCKER ENDPOINT',
    KubernetesEndpoint: 'KUBERNETES ENDPOINT',
    StackOrchestrator: 'ORCHESTRATOR',
    Current: '',
  },
  table:
    '{{.Name}}{{if .Current}} *{{end}}\t{{.Description}}\t{{.DockerEndpoint}}\t{{.KubernetesEndpoint}}\t{{.StackOrchestrator}}',
  quiet: '{{.Name}}',
}

function endpointOf(context: CommandContext): string {
  const isWindows = context.kernel.profile === 'windows-pc'
  const usual = isWindows ? 'npipe:////./pipe/docker_engine' : 'unix:///var/run/docker.sock'
  return context.process.env.get('DOCKER_HOST') || usual
}

/** A context without a file: what the variables say. */
function defaultContext(context: CommandContext): StoredContext {
  return {
    name: 'default',
    description: 'Current DOCKER_HOST based configuration',
    host: endpointOf(context),
  }
}

const allContexts = (context: CommandContext): StoredContext[] =>
  [defaultContext(context), ...storedContexts(context)].sort((a, b) => naturalOrder(a.name, b.name))

export function list(call: Call): number {
  const current = currentContext(call.context)
  const rows = allContexts(call.context).map(({ name, description, host }) => ({
    fields: {
      Name: name,
      Description: description,
      DockerEndpoint: host,
      KubernetesEndpoint: '',
      StackOrchestrator: name === 'default' ? 'swarm' : '',
      Current: name === current,
    },
  }))
  const { flags } = call
  const result = formatTable(table, rows, flags.text('format'), flags.bool('quiet'))
  if (!result.ok) throw new Refused(result.message)
  call.context.out(result.text)
  return 0
}

const unknown = (name: string): string => `context ${JSON.stringify(name)} does not exist`

const known = (context: CommandContext, name: string): StoredContext | undefined =>
  allContexts(context).find((one) => one.name === name)

export function use(call: Call): number {
  const { context } = call
  const [name = ''] = call.operands
  if (known(context, name) === undefined) throw new Refused(unknown(name))
  setCurrentContext(context, name)
  context.out(`${name}\n`)
  context.err(`Current context is now ${JSON.stringify(name)}\n`)
  if ((context.process.env.get('DOCKER_HOST') ?? '') !== '')
    context.err(
      `Warning: DOCKER_HOST environment variable overrides the active context. To use ${JSON.stringify(name)}, either set the global --context flag, or unset DOCKER_HOST environment variable.\n`,
    )
  return 0
}

const NAME = '^[a-zA-Z0-9][a-zA-Z0-9_.+-]+$'
const ENDPOINT_KEYS = ['from', 'host', 'ca', 'cert', 'key', 'skip-tls-verify']

export function create(call: Call): number {
  const { context, flags } = call
  const [name = ''] = call.operands
  if (name === '') throw new Refused('context name cannot be empty')
  if (name === 'default') throw new Refused('"default" is a reserved context name')
  if (!new RegExp(NAME).test(name))
    throw new Refused(
      `context name ${JSON.stringify(name)} is invalid, names are validated against regexp ${JSON.stringify(NAME)}`,
    )
  if (known(context, name) !== undefined) throw new Refused(`context ${JSON.stringify(name)} already exists`)
  storeContext(context, { name, description: flags.text('description'), host: hostFor(call) })
  context.out(`${name}\n`)
  context.err(`Successfully created context ${JSON.stringify(name)}\n`)
  return 0
}

/** `--docker host=tcp://…,from=other`, or `--from other` for everything. */
function hostFor(call: Call): string {
  const { context, flags } = call
  const copied = (name: string): string => {
    const found = known(context, name)
    if (found === undefined) throw new Refused(unknown(name))
    return found.host
  }
  if (flags.changed('from') && !flags.changed('docker')) return copied(flags.text('from'))
  if (!flags.changed('docker')) throw new Refused('docker endpoint configuration is required')
  const text = flags.text('docker')
  const pairs = text.split(',').map((pair) => pair.split('=') as [string, string?])
  const loose = pairs.find(([, value]) => value === undefined)
  if (loose !== undefined)
    throw new Refused(
      `invalid argument ${JSON.stringify(text)} for "--docker" flag: ${loose[0]} must be formatted as key=value`,
      125,
    )
  const config = new Map(pairs.map(([key, value]) => [key, value ?? '']))
  const wrong = 'unable to create docker endpoint config: '
  const strange = [...config.keys()].filter((key) => !ENDPOINT_KEYS.includes(key))
  if (strange.length > 0) throw new Refused(`${wrong}unrecognized config keys: ${strange.sort().join(', ')}`)
  if (config.has('from')) return copied(config.get('from') ?? '')
  return config.get('host') || endpointOf(context)
}

export function remove(call: Call): number {
  const { context } = call
  const wrong: string[] = []
  for (const name of call.operands) {
    const isCurrent = name === currentContext(context)
    if (name === 'default') wrong.push('default: context "default" cannot be removed')
    else if (known(context, name) === undefined) wrong.push(`${name}: ${unknown(name)}`)
    else if (isCurrent && !call.flags.bool('force'))
      wrong.push(`${name}: context is in use, set -f flag to force remove`)
    else {
      if (isCurrent) setCurrentContext(context, 'default')
      dropContext(context, name)
      context.out(`${name}\n`)
    }
  }
  if (wrong.length > 0) throw new Refused(wrong.join('\n'))
  return 0
}

function described(context: CommandContext, { name, description, host }: StoredContext): ApiStruct {
  const inMemory = { metadata: '<IN MEMORY>', tls: '<IN MEMORY>' }
  const paths = name === 'default' ? inMemory : storagePaths(context, name)
  const metadata: ApiStruct = description === '' ? {} : { Description: description }
  return {
    Name: name,
    Metadata: name === 'default' ? { StackOrchestrator: 'swarm' } : metadata,
    Endpoints: { docker: { Host: host, SkipTLSVerify: false } },
    TLSMaterial: {},
    Storage: { MetadataPath: paths.metadata, TLSPath: paths.tls },
  }
}

export function inspect(call: Call): number {
  const { context, flags } = call
  const names = call.operands.length === 0 ? [currentContext(context)] : call.operands
  const found = names.map((name) => known(context, name))
  const shown = found.filter((one) => one !== undefined).map((one) => described(context, one))
  const format = flags.text('format')
  // What the command line itself puts into JSON is safe for HTML.
  if (format === '')
    context.out(`${indentedJson(shown).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e')}\n`)
  else for (const one of shown) context.out(`${filled(format, one, 1)}\n`)
  const missing = names.filter((_, i) => found[i] === undefined)
  if (missing.length > 0) throw new Refused(missing.map(unknown).join('\n'))
  return 0
}
