/**
 * The docker command line: finds the command, reads its options, words what goes wrong. docker/cli cmd/docker/docker.go, cli/cobra.go.
 * Not modelled: contexts, TLS, plugins, config files; what is listed in help and does nothing here says so.
 */
import { type HelpPage, helpText, usageText } from '../../render/docker/help.ts'
import type { Engine } from '../../sim/docker/engine.ts'
import { profileOf } from '../../sim/docker/profile.ts'
import { type CommandContext, Interrupted } from '../context.ts'
import { notModelled } from '../not-modelled.ts'
import { storedContexts } from './context-store.ts'
import { type Client, chosenHost, dockerHost } from './daemon.ts'
import { FlagValues, parseFlags } from './flags.ts'
import { type Call, type CommandSpec, countRefusal, Refused } from './spec.ts'
import { globalFlags, rootCommands } from './tables/root.ts'

export async function docker(context: CommandContext): Promise<number> {
  try {
    return await dispatch(context)
  } catch (error) {
    if (error instanceof Refused) {
      context.err(`${error.message}\n`)
      return error.status
    }
    throw error
  }
}

const LEVELS = ['panic', 'fatal', 'error', 'warn', 'warning', 'info', 'debug', 'trace']

async function dispatch(context: CommandContext): Promise<number> {
  const parsed = parseFlags(globalFlags, context.argv.slice(1), false)
  if (!parsed.ok) throw flagRefusal(context, parsed.message, false)
  const flags = new FlagValues(parsed.value)
  const { operands, help } = parsed.value
  const said = (name: string): string | null => (flags.changed(name) ? flags.text(name) : null)
  const client: Client = { host: said('host'), context: said('context') }
  const level = flags.text('log-level', 'info')
  if (!LEVELS.includes(level)) throw new Refused(`Unable to parse logging level: ${level}`)
  if (flags.bool('version')) return version(context)
  const chosen = flags.text('context', 'default')
  const isMade = (): boolean => storedContexts(context).some((one) => one.name === chosen)
  if (chosen !== 'default' && !isMade() && !operands.includes('context'))
    throw new Refused(`unable to resolve docker endpoint: context ${JSON.stringify(chosen)} does not exist`)
  if (help === 'deprecated') context.err('Flag shorthand -h has been deprecated, please use --help\n')
  if (help !== 'none') return showRoot(context, true)
  const [name, ...rest] = operands
  if (name === undefined) return showRoot(context, false)
  if (name === 'help') return helpFor(context, rest)
  const spec = findCommand(rootCommands, name)
  if (spec === undefined) throw unknownCommand(context, name, rest)
  return runCommand(context, spec, `docker ${spec.name}`, rest, client)
}

/** What is no command is read as docker's own: its options are looked at first. */
function unknownCommand(context: CommandContext, name: string, words: readonly string[]): Refused {
  const parsed = parseFlags(globalFlags, words, true)
  if (!parsed.ok) return flagRefusal(context, parsed.message, true)
  return new Refused(`docker: '${name}' is not a docker command.\nSee 'docker --help'`)
}

/** Commands with commands below them show their usage, too. */
function flagRefusal(context: CommandContext, message: string, isComplete: boolean): Refused {
  return new Refused(`${message}\nSee 'docker --help'.\n${rootHelp(context, isComplete)}`, 125)
}

function version(context: CommandContext): number {
  const engine =
    [...context.world.engines.values()].find((one) => one.host === context.kernel.host) ??
    [...context.world.engines.values()][0]
  if (engine === undefined) throw new Refused('no engine profile')
  const { client, clientCommit } = profileOf(engine).version
  context.out(`Docker version ${client}, build ${clientCommit}\n`)
  return 0
}

export function findCommand(commands: readonly CommandSpec[], name: string): CommandSpec | undefined {
  return commands.find((one) => one.name === name || one.aliases.includes(name))
}

async function runCommand(
  context: CommandContext,
  spec: CommandSpec,
  path: string,
  words: readonly string[],
  client: Client,
): Promise<number> {
  if (spec.commands.length > 0) return runGroup(context, spec, path, words, client)
  if (spec.run === null && spec.flags.length === 0)
    return words.includes('--help') ? showHelp(context, spec, path, true) : notModelled(context, path)
  const looked = spec.ignoresOptions === true && !words.includes('--help') ? [] : words
  const parsed = parseFlags(spec.flags, looked, spec.interspersed)
  if (!parsed.ok) throw new Refused(`${parsed.message}\nSee '${path} --help'.`, 125)
  if (parsed.value.help === 'deprecated')
    context.err('Flag shorthand -h has been deprecated, please use --help\n')
  if (parsed.value.help !== 'none') return showHelp(context, spec, path, true)
  const { operands } = parsed.value
  const wrongCount = countRefusal(spec.count, operands.length)
  if (wrongCount !== null) {
    const usage = usageText({ usage: `${path} ${spec.arguments}`.trim(), short: spec.short })
    throw new Refused(`"${path}" ${wrongCount}\nSee '${path} --help'.\n${usage.trimEnd()}`)
  }
  if (spec.run === null) return notModelled(context, path)
  const call: Call = {
    context,
    world: context.world,
    engine: (): Engine => {
      const host = chosenHost(context, client)
      return dockerHost(context.world, context.kernel, context.process, host)
    },
    flags: new FlagValues(parsed.value),
    operands,
    spec,
    path,
    showHelp: () => showHelp(context, spec, path, false),
  }
  return await guarded(spec.run, call)
}

/** Ctrl-C ends the command line, not what it has asked for. */
async function guarded(run: NonNullable<CommandSpec['run']>, call: Call): Promise<number> {
  try {
    return await run(call)
  } catch (error) {
    if (error instanceof Interrupted) return 128 + error.signal
    throw error
  }
}

async function runGroup(
  context: CommandContext,
  spec: CommandSpec,
  path: string,
  words: readonly string[],
  client: Client,
): Promise<number> {
  const parsed = parseFlags([], words, false)
  if (!parsed.ok)
    throw new Refused(`${parsed.message}\nSee '${path} --help'.\n${groupHelp(context, spec, path)}`, 125)
  if (parsed.value.help === 'deprecated')
    context.err('Flag shorthand -h has been deprecated, please use --help\n')
  if (parsed.value.help !== 'none') return showHelp(context, spec, path, true)
  const [name, ...rest] = parsed.value.operands
  if (name === undefined) return showHelp(context, spec, path, false)
  const inner = findCommand(spec.commands, name)
  if (inner !== undefined) return runCommand(context, inner, `${path} ${inner.name}`, rest, client)
  showHelp(context, spec, path, false)
  return 1
}

function helpFor(context: CommandContext, words: readonly string[]): number {
  let commands: readonly CommandSpec[] = rootCommands
  let spec: CommandSpec | undefined
  let path = 'docker'
  for (const word of words) {
    spec = findCommand(commands, word)
    if (spec === undefined) throw new Refused(`unknown help topic: ${words.join(' ')}`)
    path += ` ${spec.name}`
    commands = spec.commands
  }
  return spec === undefined ? showRoot(context, true) : showHelp(context, spec, path, true)
}

function columnsOf(context: CommandContext): number {
  return context.inIsTerminal ? context.columns : 80
}

function showHelp(context: CommandContext, spec: CommandSpec, path: string, isAsked: boolean): number {
  const text = groupHelp(context, spec, path)
  if (isAsked) context.out(text)
  else context.err(text)
  return 0
}

function groupHelp(context: CommandContext, spec: CommandSpec, path: string): string {
  const visible = spec.commands.filter((one) => !one.hidden)
  const page: HelpPage = {
    usage: `${path} ${spec.arguments}`.trim(),
    short: spec.short,
    aliases: spec.aliases.length === 0 ? [] : [spec.name, ...spec.aliases],
    flags: spec.flags.filter((flag) => !flag.hidden),
    management: [],
    commands: visible,
    path,
  }
  return helpText(page, columnsOf(context))
}

function showRoot(context: CommandContext, isAsked: boolean): number {
  const text = rootHelp(context)
  if (isAsked) context.out(text)
  else context.err(text)
  return 0
}

const GUIDES = 'To get more help with docker, check out our guides at https://docs.docker.com/go/guides/'

/** cobra adds `completion` when it begins: later than docker reads its own options. */
function rootHelp(context: CommandContext, isComplete = true): string {
  const visible = rootCommands.filter((one) => !one.hidden && (isComplete || one.name !== 'completion'))
  const page: HelpPage = {
    usage: 'docker [OPTIONS] COMMAND',
    short: 'A self-sufficient runtime for containers',
    aliases: [],
    flags: globalFlags,
    management: visible.filter((one) => one.isManagement),
    commands: visible.filter((one) => !one.isManagement),
    path: 'docker',
  }
  return `${helpText(page, columnsOf(context))}\n${GUIDES}\n`
}
