/** setsid(1) of util-linux and of busybox: a program in a session, and so without terminal, of its own. */
import { runOrComplain } from '../busybox/run-program.ts'
import { busyboxUsage } from '../busybox/usage.ts'
import type { CommandContext } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { answerUsage } from './usage.ts'

export async function setsid(context: CommandContext): Promise<number> {
  const long = { ctty: 'flag', fork: 'flag', wait: 'flag', help: 'flag', version: 'flag' } as const
  const parsed = parseOptions(context.argv, { short: 'VhcfwV', long, strict: true })
  if (!parsed.ok) return answerUsage(context, 'setsid', parsed.error)
  const [program] = parsed.value.operands
  if (program === undefined) {
    context.err("setsid: no command specified\nTry 'setsid --help' for more information.\n")
    return 1
  }
  if (context.findProgram(program) === null) {
    context.err(`setsid: failed to execute ${program}: No such file or directory\n`)
    return 127
  }
  leaveSession(
    context,
    parsed.value.options.some((one) => one.name === 'c' || one.name === 'ctty'),
  )
  return context.replace(parsed.value.operands)
}

const USAGE = `Usage: setsid [-c] PROG ARGS

Run PROG in a new session. PROG will have no controlling terminal
and will not be affected by keyboard signals (^C etc).

	-c	Set controlling terminal to stdin
`

export async function busyboxSetsid(context: CommandContext): Promise<number> {
  const parsed = parseOptions(context.argv, { short: 'c', long: { help: 'flag' }, strict: true })
  if (!parsed.ok) return busyboxUsage(context, 'setsid', USAGE, parsed.error)
  if (parsed.value.operands.length === 0) return busyboxUsage(context, 'setsid', USAGE, 'operands')
  return runOrComplain(context, parsed.value.operands, {}, (_context, argv) => {
    leaveSession(context, parsed.value.options.length > 0)
    return context.replace(argv)
  })
}

function leaveSession({ process, kernel }: CommandContext, keepsTerminal: boolean): void {
  const terminal = process.terminal === null ? undefined : kernel.terminals.get(process.terminal)
  process.group = process.pid
  if (!keepsTerminal) process.terminal = null
  else if (terminal !== undefined) terminal.foreground = process.pid
}
