/** whoami, http-echo, redis-server, postgres: the main programs of their images, with the options that concern networks. */
import { type ServiceFlavor, serviceProgram } from '../../sim/process/service.ts'
import type { Command, CommandContext } from '../context.ts'
import { notModelled } from '../not-modelled.ts'

/** `-port 80`, `--port=80`: as Go's flag package reads them. */
function goFlags(context: CommandContext, known: readonly string[]): Map<string, string> | null {
  const values = new Map<string, string>()
  const words = context.argv.slice(1)
  for (let i = 0; i < words.length; i++) {
    const [, name = '', value] = /^--?([a-z-]+)(?:=([\s\S]*))?$/.exec(words[i] ?? '') ?? []
    if (!known.includes(name)) return null
    values.set(name, value ?? words[++i] ?? '')
  }
  return values
}

function become(context: CommandContext, flavor: ServiceFlavor, port: number, text = ''): Promise<number> {
  return context.become(serviceProgram(flavor, port, text))
}

export const whoami: Command = (context) => {
  const flags = goFlags(context, ['port', 'name'])
  if (flags === null) return notModelled(context, context.argv.join(' '))
  const { env } = context.process
  const port = Number(flags.get('port') ?? env.get('WHOAMI_PORT_NUMBER') ?? 80)
  return become(context, 'whoami', port, flags.get('name') ?? env.get('WHOAMI_NAME') ?? '')
}

export const httpEcho: Command = (context) => {
  const flags = goFlags(context, ['text', 'listen'])
  if (flags === null) return notModelled(context, context.argv.join(' '))
  const text = flags.get('text') ?? context.process.env.get('ECHO_TEXT') ?? ''
  if (text === '') {
    context.err('Missing -text option!\n')
    return 127
  }
  return become(context, 'http-echo', Number((flags.get('listen') ?? ':5678').split(':').pop()), text)
}

export const redisServer: Command = (context) => {
  const words = context.argv.slice(1)
  const port = words.indexOf('--port')
  const others = words.filter((_, i) => port < 0 || (i !== port && i !== port + 1))
  const harmless = new Set(['--appendonly', 'yes', 'no', '--protected-mode', '--save', ''])
  if (others.some((word) => !harmless.has(word))) return notModelled(context, context.argv.join(' '))
  return become(context, 'redis', port < 0 ? 6379 : Number(words[port + 1]))
}

const NO_PASSWORD = `Error: Database is uninitialized and superuser password is not specified.
       You must specify POSTGRES_PASSWORD to a non-empty value for the
       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".

       You may also use "POSTGRES_HOST_AUTH_METHOD=trust" to allow all
       connections without a password. This is *not* recommended.

       See PostgreSQL documentation about "trust":
       https://www.postgresql.org/docs/current/auth-trust.html
`

/** The image's entry point looks for a password before the server is started. */
export const postgres: Command = (context) => {
  const words = context.argv.slice(1)
  const { env } = context.process
  const isOpen =
    (env.get('POSTGRES_PASSWORD') ?? '') !== '' || env.get('POSTGRES_HOST_AUTH_METHOD') === 'trust'
  if (!isOpen) {
    context.err(NO_PASSWORD)
    return 1
  }
  const port = words.indexOf('-p')
  if (words.length > (port < 0 ? 0 : 2)) return notModelled(context, context.argv.join(' '))
  context.out('\nPostgreSQL init process complete; ready for start up.\n\n')
  return become(context, 'postgres', port < 0 ? 5432 : Number(words[port + 1]))
}
