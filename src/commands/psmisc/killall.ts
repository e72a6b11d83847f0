/** killall(1) of psmisc and of busybox: signals by name. Not modelled: `-i`, `-o`, `-y`, `-Z`. */
import { errorText } from '../../render/coreutils/strerror.ts'
import type { ProcessRow } from '../../render/procps/process-row.ts'
import type { CommandContext } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { notModelled } from '../not-modelled.ts'
import { isNamed } from '../procps/pidof.ts'
import { readProcessTable } from '../procps/process-table.ts'
import { parseSignal, SIGNAL_NAMES, sendSignal } from '../procps/signals.ts'
import { toolVersions } from '../tool-versions.ts'
import { sentence } from '../util-linux/usage.ts'
import { KILLALL_USAGE } from './usage.ts'

export function killall(context: CommandContext): number {
  let signal = 15
  const argv = [...context.argv]
  const word = argv[1] ?? ''
  if (/^-(\d+|[A-Z][A-Z0-9]+)$/.test(word) && word.length > 2) {
    const number = parseSignal(word.slice(1))
    if (number === null) return unknownSignal(context, word.slice(1))
    signal = number
    argv.splice(1, 1)
  } else if (/^-\d$/.test(word)) {
    signal = Number(word.slice(1))
    argv.splice(1, 1)
  }
  const long = {
    exact: 'flag',
    quiet: 'flag',
    verbose: 'flag',
    wait: 'flag',
    list: 'flag',
    signal: 'value',
    user: 'value',
    regexp: 'flag',
    version: 'flag',
    'ignore-case': 'flag',
    interactive: 'flag',
  } as const
  const parsed = parseOptions(argv, { short: 'eIgy:o:ilqrs:u:vVwn:Z:', long })
  if (!parsed.ok) {
    context.err(`killall: ${sentence(parsed.error)}\n${KILLALL_USAGE}`)
    return 1
  }
  const options = new Map(parsed.value.options.map((one) => [one.name[0]!, one.value]))
  if (options.has('l')) {
    context.out(`${SIGNAL_NAMES.slice(0, 16).join(' ')}\n${SIGNAL_NAMES.slice(16).join(' ')}\n`)
    return 0
  }
  if (options.has('V')) {
    context.err(`killall (PSmisc) ${toolVersions(context.world).psmisc}\n`)
    return 0
  }
  for (const letter of 'iyoZgn') if (options.has(letter)) return notModelled(context, `killall -${letter}`)
  if (options.has('s')) {
    const number = parseSignal(options.get('s')!)
    if (number === null) return unknownSignal(context, options.get('s')!)
    signal = number
  }
  if (parsed.value.operands.length === 0) {
    context.err(KILLALL_USAGE)
    return 1
  }
  return killNames(context, options, signal, parsed.value.operands)
}

function unknownSignal(context: CommandContext, name: string): number {
  context.err(`${name}: unknown signal; killall -l lists signals.\n`)
  return 1
}

function killNames(
  context: CommandContext,
  options: ReadonlyMap<string, string>,
  signal: number,
  names: readonly string[],
): number {
  const rows = readProcessTable(context) ?? []
  let status = 0
  for (const name of names) {
    const fits = options.has('r')
      ? (row: ProcessRow) => new RegExp(name).test(row.comm)
      : (row: ProcessRow) => isNamed(row, name)
    const found = rows.filter(
      (row) => row.state !== 'R' && fits(row) && (!options.has('u') || row.user === options.get('u')),
    )
    if (found.length === 0) {
      if (!options.has('q')) context.err(`${name}: no process found\n`)
      status = 1
    }
    for (const row of found) {
      const result = sendSignal(context, row.pid, signal)
      if (result !== 'ok') {
        context.err(`${name}(${row.pid}): ${errorText(result)}\n`)
        status = 1
      } else if (options.has('v')) context.err(`Killed ${row.comm}(${row.pid}) with signal ${signal}\n`)
    }
  }
  return status
}

export function busyboxKillall(context: CommandContext): number {
  const words = [...context.argv.slice(1)]
  let isQuiet = false
  let signal = 15
  while (/^-./.test(words[0] ?? '')) {
    const word = words.shift()!
    if (word === '-q') isQuiet = true
    else {
      const name = word === '-s' ? (words.shift() ?? '') : word.slice(1)
      const number = parseSignal(name)
      if (number === null) {
        context.err(`killall: bad signal name '${name}'\n`)
        return 1
      }
      signal = number
    }
  }
  if (words.length === 0) {
    context.err('killall: you need to specify whom to kill\n')
    return 1
  }
  let status = 0
  for (const name of words) {
    const found = (readProcessTable(context) ?? []).filter((row) => row.state !== 'R' && isNamed(row, name))
    for (const row of found) sendSignal(context, row.pid, signal)
    if (found.length > 0) continue
    status++
    if (!isQuiet) context.err(`killall: ${name}: no process killed\n`)
  }
  return status
}
