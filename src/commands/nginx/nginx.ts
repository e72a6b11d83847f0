/** nginx(8): starts the server; `-g 'daemon off;'` is how containers run it. */
import { nginxProgram } from '../../sim/process/nginx.ts'
import type { Command } from '../context.ts'
import { notModelled } from '../not-modelled.ts'
import { toolVersions } from '../tool-versions.ts'

export const nginx: Command = (context) => {
  const version = toolVersions(context.world).nginx
  const [, ...words] = context.argv
  if (words.includes('-v')) {
    context.err(`nginx version: nginx/${version}\n`)
    return 0
  }
  if (words.includes('-t')) {
    context.err('nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\n')
    context.err('nginx: configuration file /etc/nginx/nginx.conf test is successful\n')
    return 0
  }
  if (words.includes('-s') || words.includes('-V') || words.includes('-T'))
    return notModelled(context, context.argv.join(' '))
  return context.become(nginxProgram(version, context.argv))
}
