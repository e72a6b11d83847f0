/** Aliases: the first word of a command, in an interactive shell. bash(1) "ALIASES" */

import type { Command } from 'unbash'
import { parse } from 'unbash'
import type { Interpreter } from '../interpreter.ts'

export function expandAlias(shell: Interpreter, node: Command): Command {
  if (shell.state.aliases.size === 0 || shell.where !== 'interactive') return node
  let command = node
  const seen = new Set<string>()
  for (;;) {
    const name = command.name?.text
    const text = name === undefined || seen.has(name) ? undefined : shell.state.aliases.get(name)
    if (name === undefined || text === undefined) return command
    seen.add(name)
    const head = parse(text).commands[0]?.command
    if (head?.type !== 'Command') return command
    command = joined(head, command)
  }
}

function joined(head: Command, rest: Command): Command {
  return {
    ...rest,
    type: 'Command',
    name: head.name,
    prefix: [...rest.prefix, ...head.prefix],
    suffix: [...head.suffix, ...rest.suffix],
    args: [...head.args, ...rest.args],
    redirects: [...head.redirects, ...rest.redirects],
  }
}
