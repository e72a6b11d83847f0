/** ssh(1): the command line. Keys are in place on all machines of a world, so nobody is asked for anything. */
import { type SshOptions, sshClientProgram } from '../../sim/process/ssh-client.ts'
import type { CommandContext } from '../context.ts'
import { type OptionError, parseOptions } from '../getopt.ts'
import { notModelled } from '../not-modelled.ts'

const USAGE = `usage: ssh [-46AaCfGgKkMNnqsTtVvXxYy] [-B bind_interface]
           [-b bind_address] [-c cipher_spec] [-D [bind_address:]port]
           [-E log_file] [-e escape_char] [-F configfile] [-I pkcs11]
           [-i identity_file] [-J destination] [-L address]
           [-l login_name] [-m mac_spec] [-O ctl_cmd] [-o option] [-p port]
           [-Q query_option] [-R address] [-S ctl_path] [-W host:port]
           [-w local_tun[:remote_tun]] destination [command [argument ...]]
`
const SHORT = '46AaCfGgKkMNnqsTtVvXxYyB:b:c:D:E:e:F:I:i:J:L:l:m:O:o:p:Q:R:S:W:w:'
/** Without them everything would be the same here. */
const WITHOUT_EFFECT = new Set(['4', 'A', 'a', 'C', 'c', 'i', 'k', 'm', 'x'])
const READ = new Set(['l', 'n', 'o', 'p', 'q', 'T', 't', 'V'])

export async function ssh(context: CommandContext): Promise<number> {
  const parsed = parseOptions(context.argv, { short: SHORT, long: {}, strict: true })
  if (!parsed.ok) return wrongOption(context, parsed.error)
  const { options, operands } = parsed.value
  const other = options.find(({ name }) => !READ.has(name) && !WITHOUT_EFFECT.has(name))
  if (other !== undefined) return notModelled(context, `ssh -${other.name}`)
  const has = (name: string): boolean => options.some((one) => one.name === name)
  const last = (name: string): string | undefined => options.findLast((one) => one.name === name)?.value
  if (has('V')) {
    context.err('OpenSSH_9.2p1 Debian-2+deb12u3, OpenSSL 3.0.15 3 Sep 2024\n')
    return 0
  }
  const [destination, ...words] = operands
  if (destination === undefined) return usage(context)
  const port = Number(last('p') ?? 22)
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    context.err(`Bad port '${last('p')}'\n`)
    return 255
  }
  const settings = readSettings(options.filter(({ name }) => name === 'o').map(({ value }) => value))
  const at = destination.lastIndexOf('@')
  const command = words.length === 0 ? null : words.join(' ')
  const program: SshOptions = {
    host: destination.slice(at + 1),
    user: at === -1 ? (last('l') ?? 'root') : destination.slice(0, at),
    port,
    command,
    wantsTerminal: !has('T') && context.inIsTerminal && (command === null || has('t')),
    timeoutUs: settings.get('connecttimeout') ?? null,
    quiet: has('q'),
  }
  if (program.user !== 'root') {
    context.err(`${program.user}@${program.host}: Permission denied (publickey).\n`)
    return 255
  }
  if (has('n')) context.process.descriptors.set(0, { kind: 'null' })
  return context.become(sshClientProgram(program))
}

/** `-o ConnectTimeout=5`; what concerns keys and questions is settled here. */
function readSettings(given: readonly string[]): Map<string, number> {
  const settings = new Map<string, number>()
  for (const text of given) {
    const [name = '', value = ''] = text.split(/[=\s]+/)
    if (name.toLowerCase() === 'connecttimeout') settings.set('connecttimeout', Number(value) * 1e6)
  }
  return settings
}

function wrongOption(context: CommandContext, error: OptionError): number {
  const what = error.kind === 'missing' ? 'option requires an argument' : 'unknown option'
  context.err(`${what} -- ${error.option}\n`)
  return usage(context)
}

function usage(context: CommandContext): number {
  context.err(USAGE)
  return 255
}
