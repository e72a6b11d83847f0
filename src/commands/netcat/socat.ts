/** socat(1): two addresses, joined. Only TCP (and stdio, commands) of its many kinds. */
import { dockerProxyProgram } from '../../sim/process/docker-proxy.ts'
import { type NetcatOptions, netcatProgram } from '../../sim/process/netcat.ts'
import { socatSystemProgram } from '../../sim/process/socat-system.ts'
import { parseIpv4 } from '../../sim/wire/ipv4-address.ts'
import type { Command } from '../context.ts'
import { notModelled } from '../not-modelled.ts'

interface Address {
  readonly kind: string
  readonly words: readonly string[]
  readonly options: ReadonlyMap<string, string>
}

function parseAddress(text: string): Address {
  if (text === '-') return { kind: 'STDIO', words: [], options: new Map() }
  const colon = text.indexOf(':')
  const kind = (colon < 0 ? text : text.slice(0, colon)).toUpperCase()
  const rest = colon < 0 ? '' : text.slice(colon + 1)
  if (kind === 'SYSTEM' || kind === 'EXEC') return { kind, words: [rest], options: new Map() }
  const [head = '', ...tail] = rest.split(',')
  const options = new Map(
    tail.map((one): [string, string] => [one.replace(/=.*/, ''), one.replace(/^[^=]*=?/, '')]),
  )
  return { kind: kind.replace(/^TCP4/, 'TCP'), words: head.split(':'), options }
}

function netcatOptions(): NetcatOptions {
  return {
    dialect: 'openbsd',
    host: '',
    ports: [],
    listen: false,
    keep: false,
    udp: false,
    scan: false,
    verbose: false,
    numeric: true,
    shutdownAtEnd: true,
    timeoutUs: null,
    localPort: 0,
    source: null,
    quitAfterUs: null,
    useInput: true,
  }
}

export const socat: Command = (context) => {
  const operands = context.argv.slice(1).filter((word) => !/^-[dvxus]+$/.test(word))
  const [first, second] = operands.map(parseAddress)
  if (first === undefined || second === undefined) {
    context.err(
      `socat: exactly 2 addresses required (there are ${operands.length}); use option "-h" for help\n`,
    )
    return 1
  }
  const isListener = (address: Address): boolean => address.kind === 'TCP-LISTEN' || address.kind === 'TCP-L'
  const listener = isListener(first) ? first : isListener(second) ? second : null
  const other = listener === first ? second : first
  if (listener !== null) {
    const port = Number(listener.words[0])
    const address = parseIpv4(listener.options.get('bind') ?? '') ?? 0
    if (other.kind === 'SYSTEM' || other.kind === 'EXEC') {
      const argv = ['sh', '-c', other.words[0] ?? '']
      return context.become(socatSystemProgram(address, port, listener.options.has('fork'), argv))
    }
    if (other.kind === 'STDIO')
      return context.become(
        netcatProgram({ ...netcatOptions(), listen: true, ports: [port], source: address || null }),
      )
    const target = parseIpv4(other.words[0] ?? '')
    if ((other.kind === 'TCP' || other.kind === 'TCP-CONNECT') && target !== null)
      return context.become(
        dockerProxyProgram({
          protocol: 'tcp',
          family: 4,
          hostAddress: address,
          hostPort: port,
          containerAddress: target,
          containerPort: Number(other.words[1]),
        }),
      )
  }
  const remote = [first, second].find((address) => address.kind === 'TCP' || address.kind === 'TCP-CONNECT')
  if (remote !== undefined && [first, second].some((address) => address.kind === 'STDIO'))
    return context.become(
      netcatProgram({ ...netcatOptions(), host: remote.words[0] ?? '', ports: [Number(remote.words[1])] }),
    )
  return notModelled(context, context.argv.join(' '))
}
