/** route(8) of net-tools 2.10: route.c, lib/inet_sr.c */
import { errorText } from '../../render/iproute2/errno.ts'
import { type RouteLook, routesText } from '../../render/net-tools/route.ts'
import { formatIpv4 } from '../../sim/wire/ipv4-address.ts'
import type { Command, CommandContext } from '../context.ts'
import { notModelled } from '../not-modelled.ts'
import { hostAddress, namesOf } from './names.ts'
import { changeRoute, gatewaysOf, readRouteWords, routeLines } from './route-lines.ts'
import { INET_ROUTE_USAGE, ROUTE_USAGE } from './usage.ts'

export const route: Command = async (context) => {
  const words = context.argv.slice(1)
  let numeric = false
  let extended = 0
  while (words[0]?.startsWith('-')) {
    const option = words.shift()!
    if (option === '--help' || option === '-h') return usage(context, 0)
    if (option === '--version' || option === '-V') {
      context.out('net-tools 2.10\n')
      return 0
    }
    if (option === '-A' || option.startsWith('--') || option === '-6' || option === '-C') {
      if (option === '--numeric') numeric = true
      else return notModelled(context, `route ${option}`)
    }
    for (const letter of option.startsWith('--') ? '' : option.slice(1)) {
      if (letter === 'n' || letter === 'N') numeric = true
      else if (letter === 'e') extended++
      else if (!'vF4'.includes(letter)) {
        context.err(`route: invalid option -- '${letter}'\n`)
        return usage(context, 0)
      }
    }
  }
  const [verb, ...rest] = words
  if (verb === undefined) {
    const columns: RouteLook['columns'] = extended === 0 ? 'metric' : extended === 1 ? 'mss' : 'both'
    const lines = routeLines(context)
    const names = numeric ? new Map<number, string>() : await namesOf(context, gatewaysOf(lines))
    context.out(routesText(lines, { dialect: 'net-tools', numeric, columns, names }))
    return 0
  }
  if (verb !== 'add' && verb !== 'del' && verb !== 'delete') return usage(context, 3)
  return modify(context, verb === 'add', rest)
}

function usage(context: CommandContext, status: number): number {
  context.err(ROUTE_USAGE)
  return status
}

async function modify(context: CommandContext, isAdd: boolean, words: readonly string[]): Promise<number> {
  const read = readRouteWords(isAdd, words)
  if (read.kind === 'usage') {
    context.err(INET_ROUTE_USAGE)
    return words.length === 0 ? 0 : 3
  }
  if (read.kind === 'unknown-host') {
    const { word } = read
    const address = await hostAddress(context, word)
    if (typeof address === 'number') {
      const known = words.map((other) => (other === word ? formatIpv4(address) : other))
      return modify(context, isAdd, known)
    }
    context.err(address)
    return 6
  }
  const { request } = read
  if (request.maskMismatch && words.some((word) => word.includes('/') || word === 'netmask')) {
    context.err(`route: netmask doesn't match route address\n${INET_ROUTE_USAGE}`)
    return 3
  }
  const done = changeRoute(context, request)
  if (done.ok) return 0
  context.err(`${isAdd ? 'SIOCADDRT' : 'SIOCDELRT'}: ${errorText(done.error.code)}\n`)
  return 7
}
