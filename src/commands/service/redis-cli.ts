/** redis-cli: its command line. redis src/redis-cli.c */
import { redisCliProgram } from '../../sim/process/redis-cli.ts'
import type { Command } from '../context.ts'
import { notModelled } from '../not-modelled.ts'

export const redisCli: Command = (context) => {
  const words = context.argv.slice(1)
  let host = '127.0.0.1'
  let port = 6379
  let formatted = context.outIsTerminal
  let at = 0
  for (; words[at]?.startsWith('-') === true; at++) {
    const word = words[at] ?? ''
    if (word === '--raw') formatted = false
    else if (word === '--no-raw') formatted = true
    else if ((word === '-h' || word === '-p') && words[at + 1] !== undefined) {
      const value = words[++at] ?? ''
      if (word === '-h') host = value
      else if (/^\d+$/.test(value) && Number(value) <= 65535) port = Number(value)
      else {
        context.err('Invalid server port.\n')
        return 1
      }
    } else return notModelled(context, `redis-cli ${word}`)
  }
  const command = words.slice(at)
  const prompts = command.length === 0 && context.inIsTerminal
  return context.become(redisCliProgram({ host, port, command, prompts, formatted }))
}
