/** Numbers of options as iputils reads them: strtol_or_err of iputils_common.c; mtr does alike. */
import type { CommandContext } from '../context.ts'

/** Null: the reason was said, the program ends with 1. */
export function numberOption(
  context: Pick<CommandContext, 'err'>,
  tool: string,
  value: string,
  least: number,
  most: number,
): number | null {
  const number = /^[+-]?(0x[0-9a-f]+|\d+)$/i.test(value) ? Number(value) : Number.NaN
  if (Number.isNaN(number)) {
    context.err(`${tool}: invalid argument: '${value}'\n`)
    return null
  }
  if (number >= least && number <= most) return number
  context.err(`${tool}: invalid argument: '${value}': out of range: ${least} <= value <= ${most}\n`)
  return null
}
