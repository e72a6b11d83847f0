/** busybox applets explain themselves all in one way. busybox libbb/appletlib.c, bb_show_usage */
import type { CommandContext } from '../context.ts'
import type { OptionError } from '../getopt.ts'
import { toolVersions } from '../tool-versions.ts'

/** `error` null: `--help` was asked for; 'operands': too few or too many. */
export function busyboxUsage(
  context: CommandContext,
  applet: string,
  usage: string,
  error: OptionError | 'operands' | null,
): number {
  const banner = `BusyBox v${toolVersions(context.world).busybox} multi-call binary.\n\n${usage}`
  if (error === null) {
    context.out(banner)
    return 0
  }
  if (error !== 'operands') context.err(`${applet}: ${problem(error)}\n`)
  context.err(banner)
  return 1
}

function problem(error: OptionError): string {
  if (error.kind === 'missing')
    return error.isLong
      ? `option '--${error.option}' requires an argument`
      : `option requires an argument -- '${error.option}'`
  return error.isLong ? `unrecognized option '--${error.option}'` : `invalid option -- '${error.option}'`
}
