/** seq and yes: lines out of nothing. coreutils(1) */
import { complain, type Tool } from './tool.ts'

export const yes: Tool = async (context) => {
  const line = `${context.argv.length > 1 ? context.argv.slice(1).join(' ') : 'y'}\n`
  const block = line.repeat(Math.max(1, Math.floor(4096 / line.length)))
  for (;;) {
    context.out(block)
    await context.flush()
    await context.sleep(100)
  }
}

export const seq: Tool = async (context, flavour) => {
  const args = context.argv.slice(1)
  let separator = '\n'
  let width = 0
  while (/^-[sw]/.test(args[0] ?? '')) {
    const word = args.shift()!
    if (word.startsWith('-w')) width = 1
    else separator = word.length > 2 ? word.slice(2) : (args.shift() ?? '')
  }
  const bad = args.find((word) => !/^[-+]?(\d+\.?\d*|\.\d+)$/.test(word))
  if (bad !== undefined) {
    if (flavour === 'busybox') return complain(context, `invalid number '${bad}'`)
    context.err(`seq: invalid floating point argument: ‘${bad}’\nTry 'seq --help' for more information.\n`)
    return 1
  }
  if (args.length === 0) {
    context.err(`seq: missing operand\nTry 'seq --help' for more information.\n`)
    return 1
  }
  const numbers = args.map(Number)
  const [from, by, to] =
    numbers.length === 1
      ? [1, 1, numbers[0]!]
      : numbers.length === 2
        ? [numbers[0]!, 1, numbers[1]!]
        : (numbers as [number, number, number])
  const digits = Math.max(0, ...args.map((word) => word.split('.')[1]?.length ?? 0))
  if (width > 0) width = Math.max(from.toFixed(digits).length, to.toFixed(digits).length)
  const count = by === 0 ? Number.POSITIVE_INFINITY : Math.floor((to - from) / by + 1e-9) + 1
  let block = ''
  for (let n = 0; n < count; n++) {
    const text = (from + n * by).toFixed(digits).padStart(width, '0')
    block += n === 0 ? text : separator + text
    if (n % 64 === 63) {
      context.out(block)
      block = ''
      await context.flush()
      if (n % 8192 === 8191) await context.sleep(100)
    }
  }
  if (count > 0) context.out(`${block}\n`)
  return 0
}
