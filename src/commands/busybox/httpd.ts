/** httpd of busybox: a small web server. busybox networking/httpd.c. Without -f it goes into the background. */
import { spawnProcess, startProcess } from '../../sim/kernel/task/process.ts'
import type { Program } from '../../sim/kernel/task/types.ts'
import { httpServerProgram } from '../../sim/process/http-server.ts'
import { parseIpv4 } from '../../sim/wire/ipv4-address.ts'
import type { Command } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { busyboxUsage } from './usage.ts'

const USAGE = `Usage: httpd [-ifv[v]] [-c CONFFILE] [-p [IP:]PORT] [-u USER[:GRP]] [-r REALM] [-h HOME]
or httpd -d/-e/-m STRING

Listen for incoming HTTP requests

	-i		Inetd mode
	-f		Run in foreground
	-v[v]		Verbose
	-p [IP:]PORT	Bind to IP:PORT (default *:80)
	-u USER[:GRP]	Set uid/gid after binding to port
	-r REALM	Authentication Realm for Basic Authentication
	-h HOME		Home directory (default .)
	-c FILE		Configuration file (default {/etc,HOME}/httpd.conf)
	-m STRING	MD5 crypt STRING
	-e STRING	HTML encode STRING
	-d STRING	URL decode STRING
`

export const busyboxHttpd: Command = (context) => {
  const parsed = parseOptions(context.argv, { short: 'c:d:h:e:r:m:u:p:ifv', long: { help: 'flag' } })
  if (!parsed.ok) return busyboxUsage(context, 'httpd', USAGE, parsed.error)
  let foreground = false
  let home = context.process.cwd
  let address: number | null = null
  let port = 80
  for (const { name, value } of parsed.value.options) {
    if (name === 'help') return busyboxUsage(context, 'httpd', USAGE, null)
    if (name === 'f') foreground = true
    if (name === 'h') home = value
    if (name === 'p') {
      const [first = '', second] = value.split(':')
      address = second === undefined ? null : parseIpv4(first)
      port = Number(second ?? first)
    }
  }
  const site = { flavor: 'busybox', version: '', roots: [home] } as const
  const listens =
    address === null
      ? [{ address: 0, port, family: 6, dualStack: true } as const]
      : [{ address, port, family: 4, dualStack: false } as const]
  const program = httpServerProgram(site, listens, 9)
  if (foreground) {
    context.process.handlers.delete(2)
    return context.become(program)
  }
  const child = spawnProcess(context.world, context.kernel, context.process, {
    program: program as Program,
    argv: [...context.argv],
    ppid: 1,
  })
  startProcess(context.world, child)
  return 0
}
