/** An applet that goes on as another program, or as the user's shell. busybox libbb/executable.c, run_shell.c */
import type { CommandContext, ExecOverrides } from '../context.ts'

export function runOrComplain(
  context: CommandContext,
  operands: readonly string[],
  overrides: ExecOverrides,
  run: (context: CommandContext, argv: readonly string[], overrides: ExecOverrides) => Promise<number>,
): Promise<number> | number {
  const argv = operands.length > 0 ? operands : [context.process.env.get('SHELL') || '/bin/sh']
  if (context.findProgram(argv[0]!, overrides) === null) {
    context.err(
      `${context.argv[0]!.replace(/^.*\//, '')}: can't execute '${argv[0]}': No such file or directory\n`,
    )
    return 127
  }
  return run(context, argv, overrides)
}
