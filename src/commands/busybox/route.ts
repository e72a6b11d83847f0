/** busybox's `route`: networking/route.c (1.35). */
import { errorText } from '../../render/iproute2/errno.ts'
import { routesText } from '../../render/net-tools/route.ts'
import type { Command } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { namesOf } from '../net-tools/names.ts'
import { changeRoute, gatewaysOf, readRouteWords, routeLines } from '../net-tools/route-lines.ts'
import { notModelled } from '../not-modelled.ts'
import { ROUTE_USAGE } from './ip-usage.ts'
import { busyboxUsage } from './usage.ts'

export const busyboxRouteApplet: Command = async (context) => {
  const parsed = parseOptions(context.argv, { short: 'A:ne', long: { help: 'flag' }, strict: true })
  if (!parsed.ok) return busyboxUsage(context, 'route', ROUTE_USAGE, parsed.error)
  const options = parsed.value.options.map(({ name }) => name)
  if (options.includes('help')) return busyboxUsage(context, 'route', ROUTE_USAGE, null)
  if (parsed.value.options.some(({ name, value }) => name === 'A' && value === 'inet6')) {
    return notModelled(context, 'route -A inet6')
  }
  const [verb, ...rest] = parsed.value.operands
  if (verb === undefined) {
    const columns = options.includes('e') ? ('mss' as const) : ('metric' as const)
    const lines = routeLines(context)
    const numeric = options.includes('n')
    const names = numeric ? new Map<number, string>() : await namesOf(context, gatewaysOf(lines))
    context.out(routesText(lines, { dialect: 'busybox', numeric, columns, names }))
    return 0
  }
  if (verb !== 'add' && verb !== 'del' && verb !== 'delete') {
    return busyboxUsage(context, 'route', ROUTE_USAGE, 'operands')
  }
  const read = readRouteWords(verb === 'add', rest)
  if (read.kind === 'usage') return busyboxUsage(context, 'route', ROUTE_USAGE, 'operands')
  if (read.kind === 'unknown-host') {
    context.err(`route: resolving ${read.word}\n`)
    return 1
  }
  const done = changeRoute(context, read.request)
  if (done.ok) return 0
  context.err(`route: ${verb === 'add' ? 'SIOCADDRT' : 'SIOCDELRT'}: ${errorText(done.error.code)}\n`)
  return 1
}
