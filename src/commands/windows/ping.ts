/** ping.exe: its command line. Not modelled: `-a`, `-f`, IPv6 and source routes. */
import { windowsPingProgram } from '../../sim/process/windows-ping.ts'
import type { CommandContext } from '../context.ts'
import { notModelled } from '../not-modelled.ts'

const VALUES: Readonly<Record<string, 'count' | 'size' | 'wait' | 'ttl'>> = {
  n: 'count',
  l: 'size',
  w: 'wait',
  i: 'ttl',
}
const UNMODELLED = new Set(['a', 'f', 'v', 'r', 's', 'j', 'k', 'R', 'S', 'c', 'p', '4', '6'])

export function windowsPing(context: CommandContext): number | Promise<number> {
  const values = { count: 4 as number | null, size: 32, wait: 4000, ttl: 128 }
  let target: string | null = null
  const words = context.argv.slice(1)
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    const option = /^[-/](\w)$/.exec(word)?.[1]
    if (option === undefined && /^[-/]/.test(word)) return badOption(context, word)
    if (option === undefined) target = word
    else if (option === 't') values.count = null
    else if (UNMODELLED.has(option)) return notModelled(context, `ping ${word}`)
    else {
      const field = VALUES[option]
      if (field === undefined) return badOption(context, word)
      const value = Number(words[++i])
      if (!Number.isInteger(value) || value < (field === 'size' ? 0 : 1)) return badValue(context, word)
      values[field] = value
    }
  }
  if (target === null) {
    context.out(USAGE)
    return 1
  }
  const { count, size, wait, ttl } = values
  return context.become(windowsPingProgram({ target, count, size, ttl, timeoutUs: wait * 1000 }))
}

function badOption(context: CommandContext, word: string): number {
  context.out(`Bad option ${word}.\n${USAGE}`)
  return 1
}

function badValue(context: CommandContext, word: string): number {
  context.out(`Bad value for option ${word}.\n`)
  return 1
}

const USAGE = `
Usage: ping [-t] [-n count] [-l size] [-i TTL] [-w timeout] target_name

Options:
    -t             Ping the specified host until stopped.
                   To stop - type Control-C.
    -n count       Number of echo requests to send.
    -l size        Send buffer size.
    -i TTL         Time To Live.
    -w timeout     Timeout in milliseconds to wait for each reply.

`
