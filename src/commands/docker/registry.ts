/** `docker push`, `search`, `login`, `logout`: what they ask of a registry before it would need to know who asks. docker/cli 20.10 */
import { checkReference, findImage, repository, withTag } from '../../sim/docker/images.ts'
import { notModelled } from '../not-modelled.ts'
import { daemonError } from './lifecycle.ts'
import { canonical, reachRegistry, registryOf } from './pull.ts'
import { type Call, Refused } from './spec.ts'

export async function push(call: Call): Promise<number> {
  const { context, flags } = call
  const [name = ''] = call.operands
  const reference = checkReference(name)
  if (!reference.ok) throw new Refused(reference.error.detail ?? '')
  const engine = call.engine()
  const quiet = flags.bool('quiet')
  const isBare = withTag(name) !== name
  if (isBare && !flags.bool('all-tags') && !quiet) context.out('Using default tag: latest\n')
  const repo = repository(canonical(name))
  if (!quiet) context.out(`The push refers to repository [${repo}]\n`)
  if (findImage(engine, name) === undefined)
    throw new Refused(`An image does not exist locally with the tag: ${repository(withTag(name))}`)
  const wrong = await reachRegistry(context, engine, registryOf(name))
  throw new Refused(wrong ?? 'denied: requested access to the resource is denied')
}

export async function search(call: Call): Promise<number> {
  const [term = ''] = call.operands
  const limit = call.flags.number('limit', 25)
  const path = `/v1/search?q=${encodeURIComponent(term)}&n=${limit}`
  const wrong = await reachRegistry(call.context, call.engine(), 'index.docker.io', path)
  if (wrong === null) return notModelled(call.context, 'docker search')
  throw new Refused(daemonError(wrong))
}

const GREETING =
  "Login with your Docker ID to push and pull images from Docker Hub. If you don't have a Docker ID, head over to https://hub.docker.com to create one.\n"
const HUB = 'registry-1.docker.io'

export async function login(call: Call): Promise<number> {
  const { context, flags } = call
  const [server = HUB] = call.operands
  let user = flags.text('username')
  let password = flags.text('password')
  if (flags.changed('password')) {
    context.err('WARNING! Using --password via the CLI is insecure. Use --password-stdin.\n')
    if (flags.bool('password-stdin'))
      throw new Refused('--password and --password-stdin are mutually exclusive')
  }
  if (flags.bool('password-stdin')) {
    if (user === '') throw new Refused('Must provide --username with --password-stdin')
    password = (await context.readAll()).replace(/\r?\n$/, '')
  }
  if (user === '' || password === '') {
    if (!context.inIsTerminal)
      throw new Refused('Error: Cannot perform an interactive login from a non TTY device')
    if (server === HUB && user === '') context.out(GREETING)
    const ask = async (what: string): Promise<string> => {
      context.out(`${what}: `)
      return (await context.readLine()) ?? ''
    }
    if (user === '') user = (await ask('Username')).trim()
    if (user === '') throw new Refused('Error: Non-null Username Required')
    if (password === '') password = await ask('Password')
    if (password === '') throw new Refused('Error: Password Required')
  }
  const wrong = await reachRegistry(context, call.engine(), server)
  throw new Refused(
    daemonError(wrong ?? `Get "https://${server}/v2/": unauthorized: incorrect username or password`),
  )
}

/** Nobody is logged in anywhere. */
export function logout(call: Call): number {
  const [server] = call.operands
  if (server === undefined) call.context.out('Removing login credentials for https://index.docker.io/v1/\n')
  else call.context.out(`Not logged in to ${server}\n`)
  return 0
}
