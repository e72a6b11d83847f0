/** Builders of command specifications. */
import { flagTable } from './flag-table.ts'
import { type ArgumentCount, any, type CommandSpec } from './spec.ts'

type Run = CommandSpec['run']

export interface CommandOptions {
  readonly flags?: string | CommandSpec['flags']
  readonly aliases?: readonly string[]
  readonly interspersed?: boolean
  readonly hidden?: boolean
}

/** `command('ps', '[OPTIONS]', 'List containers', none, run, { flags: '…' })` */
export function command(
  name: string,
  words: string,
  short: string,
  count: ArgumentCount,
  run: Run,
  options: CommandOptions = {},
): CommandSpec {
  const { flags = '' } = options
  return {
    name,
    aliases: options.aliases ?? [],
    arguments: words,
    short,
    flags: typeof flags === 'string' ? flagTable(flags) : flags,
    count,
    interspersed: options.interspersed ?? true,
    run,
    commands: [],
    isManagement: false,
    hidden: options.hidden ?? false,
  }
}

/** A command that exists and is not modelled. */
export function missing(
  name: string,
  short: string,
  words = '[OPTIONS]',
  flags = '',
  count: ArgumentCount = any,
): CommandSpec {
  return command(name, words, short, count, null, { flags })
}

/** `docker network COMMAND` */
export function group(
  name: string,
  short: string,
  commands: readonly CommandSpec[],
  aliases: readonly string[] = [],
): CommandSpec {
  return { ...command(name, 'COMMAND', short, any, null, { aliases }), commands, isManagement: true }
}
