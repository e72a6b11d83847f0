/** `docker context`: the one that is there without any file. docker/cli cli/command/context/{inspect,use,list}.go (20.10) */
import { indentedJson } from '../../render/docker/json.ts'
import { formatTable, type TableKind } from '../../render/docker/table.ts'
import type { ApiStruct } from '../../sim/base/api-value.ts'
import type { CommandContext } from '../context.ts'
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

export function list(call: Call): number {
  const fields = {
    Name: 'default',
    Description: 'Current DOCKER_HOST based configuration',
    DockerEndpoint: endpointOf(call.context),
    KubernetesEndpoint: '',
    StackOrchestrator: 'swarm',
    Current: true,
  }
  const { flags } = call
  const result = formatTable(table, [{ fields }], flags.text('format'), flags.bool('quiet'))
  if (!result.ok) throw new Refused(result.message)
  call.context.out(result.text)
  return 0
}

const unknown = (name: string): string => `context ${JSON.stringify(name)} does not exist`

export function use(call: Call): number {
  const [name = ''] = call.operands
  if (name !== 'default') throw new Refused(unknown(name))
  call.context.out(`${name}\n`)
  call.context.err(`Current context is now ${JSON.stringify(name)}\n`)
  return 0
}

function described(context: CommandContext): ApiStruct {
  return {
    Name: 'default',
    Metadata: { StackOrchestrator: 'swarm' },
    Endpoints: { docker: { Host: endpointOf(context), SkipTLSVerify: false } },
    TLSMaterial: {},
    Storage: { MetadataPath: '<IN MEMORY>', TLSPath: '<IN MEMORY>' },
  }
}

export function inspect(call: Call): number {
  const { context, flags } = call
  const names = call.operands.length === 0 ? ['default'] : call.operands
  const known = names.filter((name) => name === 'default').map(() => described(context))
  const format = flags.text('format')
  // What the command line itself puts into JSON is safe for HTML.
  if (format === '')
    context.out(`${indentedJson(known).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e')}\n`)
  else for (const one of known) context.out(`${filled(format, one, 1)}\n`)
  const missing = names.filter((name) => name !== 'default')
  if (missing.length > 0) throw new Refused(missing.map(unknown).join('\n'))
  return 0
}
