/**
 * lsof -i: who holds which socket. lsof(8). As with ss, only sockets of the namespace that one stands in.
 * Not modelled: other files than sockets, output for programs, repetition.
 */
import { complaint, listFiles, type NetworkFile } from '../../render/lsof/lsof.ts'
import { serviceName } from '../../render/services.ts'
import type { IpAddress } from '../../sim/wire/frame.ts'
import { formatIp, isAnyAddress } from '../../sim/wire/ip-address.ts'
import type { CommandContext } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { type Names, namesOf } from '../net-tools/names.ts'
import { type SocketRow, socketRows } from '../net-tools/socket-rows.ts'
import { notModelled } from '../not-modelled.ts'
import { type InternetFilter, matchesAny, readFilter } from './internet-filter.ts'

const MODELLED = new Set(['a', 'c', 'i', 'n', 'P', 'p', 's', 't', 'w', 'l', 'b'])
const OPTIONAL_VALUES = new Set(['i', 's'])

export async function lsof(context: CommandContext): Promise<number> {
  const parsed = parseOptions(joinValues(context.argv), {
    short: 'abhKlnNoOPRtUvVXwi:s:p:c:u:d:F:g:r:S:T:L:M',
  })
  if (!parsed.ok) {
    const { kind, option } = parsed.error
    context.err(
      complaint(kind === 'missing' ? `no value for -${option}` : `illegal option character: ${option}`),
    )
    return 1
  }
  const { options, operands } = parsed.value
  const other = options.find(({ name }) => !MODELLED.has(name))
  if (other !== undefined) return notModelled(context, `lsof -${other.name}`)
  const given = options.filter(({ name }) => name === 'i').map(({ value }) => value)
  if (given.length === 0 || operands.length > 0) return notModelled(context, 'lsof without -i')
  const filters: InternetFilter[] = []
  for (const text of given) {
    const filter = readFilter(text)
    if (typeof filter === 'string') {
      context.err(complaint(`${filter} in: -i ${text}`))
      return 1
    }
    filters.push(filter)
  }
  const has = (name: string): boolean => options.some((one) => one.name === name)
  const values = (name: string): string[] =>
    options.filter((one) => one.name === name).flatMap(({ value }) => value.split(','))
  const isChosen = chooser(values('p'), values('c'), values('s'), has('a'))
  const rows = socketRows(context).filter((row) => matchesAny(row, filters))
  const addresses = rows.flatMap((row) => [row.localAddress, row.remoteAddress])
  const isNumber = (address: IpAddress): address is number => typeof address === 'number' && address !== 0
  const names: Names = has('n') ? new Map() : await namesOf(context, addresses.filter(isNumber))
  const files = rows
    .flatMap((row) => row.users.map((user) => fileOf(row, user, names, has('P'))))
    .filter(isChosen)
    .sort((x, y) => x.pid - y.pid || x.fd - y.fd)
  if (files.length === 0) return 1
  if (has('t')) context.out([...new Set(files.map((file) => `${file.pid}\n`))].join(''))
  else context.out(listFiles(files))
  return 0
}

/** A value may stand apart or be missing altogether: `-i`, `-i :80`, `-i:80`. */
function joinValues(argv: readonly string[]): string[] {
  const words: string[] = []
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!
    const last = word.at(-1) ?? ''
    const takes =
      i > 0 && /^-[A-Za-z]+$/.test(word) && OPTIONAL_VALUES.has(last) && !/[pcuis]/.test(word.slice(1, -1))
    const next = argv[i + 1]
    if (!takes) words.push(word)
    else if (next === undefined || next.startsWith('-')) words.push(word, '')
    else {
      words.push(word, next)
      i++
    }
  }
  return words
}

/** Without `-a` any of the conditions beside `-i` would do in the real tool's OR; `-s` only filters. */
function chooser(
  pids: readonly string[],
  commands: readonly string[],
  states: readonly string[],
  all: boolean,
): (file: NetworkFile) => boolean {
  const wanted = new Set(states.map((state) => state.replace(/^[a-z]+:/i, '').toUpperCase()))
  const ofProcess = (file: NetworkFile): boolean =>
    (pids.length === 0 || pids.includes(String(file.pid))) &&
    (commands.length === 0 || commands.some((name) => file.command.startsWith(name)))
  return (file) =>
    (!all || ofProcess(file)) && (wanted.size === 0 || file.state === null || wanted.has(file.state))
}

function fileOf(
  row: SocketRow,
  user: SocketRow['users'][number],
  names: Names,
  numericPorts: boolean,
): NetworkFile {
  const port = (number: number): string =>
    numericPorts ? String(number) : (serviceName(number, row.protocol) ?? String(number))
  const host = (address: IpAddress): string => {
    if (isAnyAddress(address)) return '*'
    if (typeof address === 'number') return names.get(address) ?? formatIp(address)
    return `[${address}]`
  }
  const local = `${host(row.localAddress)}:${port(row.localPort)}`
  const isConnected = row.remotePort > 0
  return {
    command: user.name,
    pid: user.pid,
    user: 'root',
    fd: user.fd,
    family: row.family,
    inode: row.inode,
    protocol: row.protocol === 'tcp' ? 'TCP' : 'UDP',
    name: isConnected ? `${local}->${host(row.remoteAddress)}:${port(row.remotePort)}` : local,
    state: row.protocol === 'tcp' ? row.state.replace('-', '_') : null,
  }
}
