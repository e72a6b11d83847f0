/** echo, printf, true, false, env, printenv, yes-no tools on words, as programs (the shells have their own). coreutils(1) */
import type { CommandContext } from '../context.ts'
import { formatPrintf, unescapeText } from './printf-format.ts'
import { complain, type Tool, toolName } from './tool.ts'

export const echo: Tool = (context) => {
  let args = context.argv.slice(1)
  let newline = true
  let escapes = false
  while (/^-[neE]+$/.test(args[0] ?? '')) {
    newline = newline && !args[0]!.includes('n')
    if (/[eE]/.test(args[0]!)) escapes = args[0]!.lastIndexOf('e') > args[0]!.lastIndexOf('E')
    args = args.slice(1)
  }
  const text = args.join(' ')
  const { text: plain, stopped } = escapes ? unescapeText(text) : { text, stopped: false }
  context.out(newline && !stopped ? `${plain}\n` : plain)
  return 0
}

export const printf: Tool = (context) => {
  const [format, ...args] = context.argv.slice(1)
  if (format === undefined)
    return complain(context, "missing operand\nTry 'printf --help' for more information.")
  const now = context.world.epochMs + context.world.nowUs / 1000
  const { text, problems } = formatPrintf(format, args, now)
  for (const problem of problems) complain(context, problem)
  context.out(text)
  return problems.length > 0 ? 1 : 0
}

export const yes0: Tool = () => 0
export const no1: Tool = () => 1

export const printenv: Tool = (context) => {
  const names = context.argv.slice(1)
  const { env } = context.process
  if (names.length === 0) {
    for (const [name, value] of env) context.out(`${name}=${value}\n`)
    return 0
  }
  for (const name of names) if (env.has(name)) context.out(`${env.get(name)}\n`)
  return names.every((name) => env.has(name)) ? 0 : 1
}

/** Sets the environment of a program, or shows it. */
export const env: Tool = async (context) => {
  const args = context.argv.slice(1)
  const variables = new Map(context.process.env)
  while (args.length > 0) {
    const word = args[0]!
    if (word === '-i' || word === '-') variables.clear()
    else if (word === '-u') {
      args.shift()
      variables.delete(args[0] ?? '')
    } else if (word.startsWith('-') && word !== '--') {
      context.err(
        `${toolName(context)}: invalid option -- '${word[1]}'\nTry 'env --help' for more information.\n`,
      )
      return 125
    } else if (word.includes('='))
      variables.set(word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1))
    else break
    args.shift()
  }
  if (args.length === 0) {
    for (const [name, value] of variables) context.out(`${name}=${value}\n`)
    return 0
  }
  return runNamed(context, args, { env: variables })
}

/** Runs a program for a tool that only prepares it; complains as GNU's do. */
export async function runNamed(
  context: CommandContext,
  argv: readonly string[],
  overrides: Parameters<CommandContext['exec']>[1] = {},
): Promise<number> {
  if (context.findProgram(argv[0]!, overrides) === null) {
    context.err(`${toolName(context)}: ${missing(context, argv[0]!)}\n`)
    return 127
  }
  return context.exec(argv, overrides)
}

function missing(context: CommandContext, name: string): string {
  const isGnu = context.findProgram('bash') !== null
  if (!isGnu) return `can't execute '${name}': No such file or directory`
  return toolName(context) === 'env' || toolName(context) === 'nohup'
    ? `‘${name}’: No such file or directory`
    : `failed to run command ‘${name}’: No such file or directory`
}

export const nice: Tool = (context) => {
  const args = context.argv.slice(1)
  if (args[0] === '-n') args.splice(0, 2)
  else if (/^-/.test(args[0] ?? '')) args.shift()
  if (args.length > 0) return runNamed(context, args)
  context.out('0\n')
  return 0
}

export const nohup: Tool = (context) => {
  const args = context.argv.slice(1)
  if (args.length === 0)
    return complain(context, "missing operand\nTry 'nohup --help' for more information.") && 125
  context.process.ignored.add(1)
  if (context.outIsTerminal) context.err("nohup: ignoring input and appending output to 'nohup.out'\n")
  return runNamed(context, args)
}

export const stdbuf: Tool = (context) => {
  const args = context.argv.slice(1)
  while (/^-[ioe]/.test(args[0] ?? '')) {
    const word = args.shift()!
    if (word.length === 2) args.shift()
  }
  return runNamed(context, args)
}
