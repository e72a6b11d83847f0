/** ss(8) of iproute2 6.1.0: TCP and UDP sockets. misc/ss.c. Not modelled: filters, other families, timers, memory. */
import { ssText } from '../../render/iproute2/ss.ts'
import type { Command } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { type SocketRow, socketRows } from '../net-tools/socket-rows.ts'
import { notModelled } from '../not-modelled.ts'
import { SS_USAGE } from './usage.ts'

const LONG: Readonly<Record<string, string>> = {
  numeric: 'n',
  resolve: 'r',
  all: 'a',
  listening: 'l',
  processes: 'p',
  ipv4: '4',
  ipv6: '6',
  tcp: 't',
  udp: 'u',
  'no-header': 'H',
  oneline: 'O',
  help: 'h',
  version: 'V',
  options: 'o',
  extended: 'e',
  memory: 'm',
  info: 'i',
  summary: 's',
  unix: 'x',
  raw: 'w',
  packet: '0',
}
const MODELLED = 'nralp46tuHOhV'

export const ss: Command = (context) => {
  const parsed = parseOptions(context.argv, {
    short: 'hVnralBpPoemiszbEf:A:D:F:0460twuxdSXMvHOKTN:',
    long: Object.fromEntries(Object.keys(LONG).map((name) => [name, 'flag' as const])),
  })
  if (!parsed.ok) {
    const { option, isLong } = parsed.error
    context.err(
      `ss: ${isLong ? `unrecognized option '--${option}'` : `invalid option -- '${option}'`}\n${SS_USAGE}`,
    )
    return 255
  }
  const names = new Set(parsed.value.options.map(({ name }) => LONG[name] ?? name))
  if (names.has('h')) {
    context.out(SS_USAGE)
    return 0
  }
  if (names.has('V')) {
    context.out('ss utility, iproute2-6.1.0, libbpf 1.1.2\n')
    return 0
  }
  const unmodelled = [...names].find((name) => !MODELLED.includes(name))
  if (unmodelled !== undefined) return notModelled(context, `ss -${unmodelled}`)
  if (parsed.value.operands.length > 0) return notModelled(context, 'ss with a filter')
  const rows = socketRows(context).filter((row) => selects(row, names))
  context.out(
    ssText(rows, {
      netid: names.has('t') === names.has('u'),
      state: true,
      processes: names.has('p'),
      header: !names.has('H'),
      columns: context.outIsTerminal ? context.columns : null,
    }),
  )
  return 0
}

function selects(row: SocketRow, names: ReadonlySet<string>): boolean {
  const any = !names.has('t') && !names.has('u')
  if (!any && !names.has(row.protocol === 'tcp' ? 't' : 'u')) return false
  if (names.has('4') !== names.has('6') && !names.has(String(row.family))) return false
  const isServer = row.state === 'LISTEN' || row.state === 'UNCONN'
  if (names.has('a')) return true
  if (names.has('l')) return isServer
  return !isServer && row.state !== 'TIME-WAIT' && row.state !== 'SYN-RECEIVED'
}
