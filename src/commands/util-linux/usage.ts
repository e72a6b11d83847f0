/** util-linux and coreutils answer a wrong option with one sentence and a hint. */
import type { CommandContext } from '../context.ts'
import type { OptionError } from '../getopt.ts'

export function answerUsage(context: CommandContext, name: string, error: OptionError, status = 1): number {
  context.err(`${name}: ${sentence(error)}\nTry '${name} --help' for more information.\n`)
  return status
}

export function sentence(error: OptionError): string {
  if (error.kind === 'ambiguous')
    return `option '--${error.option}' is ambiguous; possibilities: ${error.candidates.map((one) => `'--${one}'`).join(' ')}`
  if (error.kind === 'missing')
    return error.isLong
      ? `option '--${error.option}' requires an argument`
      : `option requires an argument -- '${error.option}'`
  return error.isLong ? `unrecognized option '--${error.option}'` : `invalid option -- '${error.option}'`
}
