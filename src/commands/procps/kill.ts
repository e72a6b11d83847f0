/** kill(1) of procps-ng, and busybox' kill: the programs, not the shells' builtin. */
import { errorText } from '../../render/coreutils/strerror.ts'
import type { CommandContext } from '../context.ts'
import { toolVersions } from '../tool-versions.ts'
import { parseSignal, SIGNAL_NAMES, sendSignal } from './signals.ts'

const USAGE = `
Usage:
 kill [options] <pid> [...]

Options:
 <pid> [...]            send signal to every <pid> listed
 -<signal>, -s, --signal <signal>
                        specify the <signal> to be sent
 -q, --queue <value>    integer value to be sent with the signal
 -l, --list=[<signal>]  list all signal names, or convert one to a name
 -L, --table            list all signal names in a nice table

 -h, --help     display this help and exit
 -V, --version  output version information and exit

For more details see kill(1).
`

export function kill(context: CommandContext): number {
  const [name = 'kill', ...words] = context.argv
  const first = words[0]
  if (first === undefined) return usage(context)
  if (first === '-h' || first === '--help') {
    context.out(USAGE)
    return 0
  }
  if (first === '-V' || first === '--version') {
    context.out(`kill from procps-ng ${toolVersions(context.world).procps}\n`)
    return 0
  }
  if (first === '-l' || first.startsWith('--list')) return list(context, first.split('=')[1] ?? words[1])
  if (first === '-L' || first === '--table') return table(context)
  let signal = 15
  let rest = words
  if (/^-[A-Za-z0-9]/.test(first) && !(first === '-s')) {
    const number = parseSignal(first.slice(1))
    if (number === null) {
      context.err(`${name}: invalid argument ${first.slice(1, 2)}\n`)
      return usage(context)
    }
    ;[signal, rest] = [number, words.slice(1)]
  } else if (first === '-s' || first.startsWith('--signal')) {
    const given = first.split('=')[1]
    const number = parseSignal(given ?? words[1] ?? '')
    if (number === null) {
      context.err(`${name}: unknown signal name ${given ?? words[1]}\n`)
      return 1
    }
    ;[signal, rest] = [number, words.slice(given === undefined ? 2 : 1)]
  }
  if (rest[0] === '--') rest = rest.slice(1)
  return rest.length === 0 ? usage(context) : sendAll(context, name, signal, rest)
}

function sendAll(context: CommandContext, name: string, signal: number, pids: readonly string[]): number {
  let status = 0
  for (const pid of pids) {
    if (!/^-?\d+$/.test(pid)) {
      context.err(`${name}: failed to parse argument: '${pid}'\n`)
      return 1
    }
    const result = sendSignal(context, Number(pid), signal)
    if (result === 'ok') continue
    context.err(`${name}: (${pid}): ${errorText(result)}\n`)
    status = 1
  }
  return status
}

function usage(context: CommandContext): number {
  context.err(USAGE)
  return 1
}

function list(context: CommandContext, which: string | undefined): number {
  if (which === undefined) {
    context.out(`${SIGNAL_NAMES.slice(0, 16).join(' ')}\n${SIGNAL_NAMES.slice(16).join(' ')}\n`)
    return 0
  }
  const number = parseSignal(which)
  if (number === null || number === 0) {
    context.err(`unknown signal name ${which}\n`)
    return 1
  }
  context.out(`${/^\d+$/.test(which) ? SIGNAL_NAMES[(number & 127) - 1] : number}\n`)
  return 0
}

function table(context: CommandContext): number {
  const cells = SIGNAL_NAMES.map((name, i) => `${String(i + 1).padStart(2)} ${name.padEnd(8)}`)
  for (let i = 0; i < cells.length; i += 7)
    context.out(
      `${cells
        .slice(i, i + 7)
        .join('')
        .trimEnd()}\n`,
    )
  return 0
}

export function busyboxKill(context: CommandContext): number {
  const words = [...context.argv.slice(1)]
  let signal = 15
  const first = words[0]
  if (first === '-l') {
    SIGNAL_NAMES.forEach((name, i) => {
      context.out(`${String(i + 1).padStart(2)}) ${name}\n`)
    })
    return 0
  }
  if (first !== undefined && /^-./.test(first) && first !== '--') {
    const name = first === '-s' ? (words[1] ?? '') : first.slice(1)
    const number = parseSignal(name)
    if (number === null) {
      context.err(`kill: bad signal name '${name}'\n`)
      return 1
    }
    signal = number
    words.splice(0, first === '-s' ? 2 : 1)
  }
  if (words[0] === '--') words.shift()
  if (words.length === 0) {
    context.err('kill: you need to specify whom to kill\n')
    return 1
  }
  return busyboxSend(context, signal, words)
}

function busyboxSend(context: CommandContext, signal: number, pids: readonly string[]): number {
  let status = 0
  for (const pid of pids) {
    const isNumber = /^-?\d+$/.test(pid)
    const result = isNumber ? sendSignal(context, Number(pid), signal) : null
    if (result === 'ok') continue
    context.err(
      result === null
        ? `kill: invalid number '${pid}'\n`
        : `kill: can't kill pid ${pid}: ${errorText(result)}\n`,
    )
    status++
  }
  return status
}
