/** Where progress lives: the user's state folder on each platform, or what DOCKER_NET_TUTOR_HOME says. */
import { homedir } from 'node:os'
import { join } from 'node:path'

const NAME = 'docker-net-tutor'

export interface Surroundings {
  readonly platform: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
}

export function surroundings(): Surroundings {
  return { platform: process.platform, env: process.env, home: homedir() }
}

export function stateFolder({ platform, env, home }: Surroundings = surroundings()): string {
  const own = env['DOCKER_NET_TUTOR_HOME']
  if (own !== undefined && own !== '') return own
  if (platform === 'win32') return join(env['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), NAME)
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', NAME)
  const xdg = env['XDG_STATE_HOME']
  // The XDG specification: a relative path is to be ignored.
  return join(xdg?.startsWith('/') ? xdg : join(home, '.local', 'state'), NAME)
}
