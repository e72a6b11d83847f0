/** `python3 -m http.server [PORT]`: a web server of the current directory. */
import { httpServerProgram } from '../../sim/process/http-server.ts'
import { parseIpv4 } from '../../sim/wire/ipv4-address.ts'
import type { Command } from '../context.ts'
import { notModelled } from '../not-modelled.ts'

export const python: Command = (context) => {
  const words = context.argv.slice(1).filter((word) => word !== '-u')
  if (words[0] !== '-m' || words[1] !== 'http.server')
    return notModelled(context, context.argv.slice(0, 3).join(' '))
  let port = 8000
  let address = 0
  let root = context.process.cwd
  for (let i = 2; i < words.length; i++) {
    const word = words[i]!
    if (word === '-b' || word === '--bind') address = parseIpv4(words[++i] ?? '') ?? 0
    else if (word === '-d' || word === '--directory') root = words[++i] ?? root
    else port = Number(word)
  }
  context.process.handlers.add(2)
  const where = address === 0 ? '0.0.0.0' : (words[words.indexOf('--bind') + 1] ?? '')
  context.out(`Serving HTTP on ${where} port ${port} (http://${where}:${port}/) ...\n`)
  const site = { flavor: 'python', version: '3.11.2', roots: [root] } as const
  return context.become(httpServerProgram(site, [{ address, port, family: 4, dualStack: false }], 5))
}
