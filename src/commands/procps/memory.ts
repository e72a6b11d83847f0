/** free(1) of procps-ng and of busybox, from /proc/meminfo. */
import { readFile } from '../../sim/kernel/fs/files.ts'
import { busyboxUsage } from '../busybox/usage.ts'
import type { CommandContext } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { toolVersions } from '../tool-versions.ts'
import { sentence } from '../util-linux/usage.ts'
import { FREE_USAGE } from './usage.ts'

/** KiB */
export interface Memory {
  readonly total: number
  readonly used: number
  readonly free: number
  readonly shared: number
  readonly cache: number
  readonly available: number
  readonly buffers: number
}

export function readMemory(context: Pick<CommandContext, 'world' | 'kernel' | 'process'>): Memory {
  const text = readFile(context.world, context.kernel, context.process, '/proc/meminfo')
  const value = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text.ok ? text.value : '')?.[1] ?? 0)
  const [total, free, available] = [value('MemTotal'), value('MemFree'), value('MemAvailable')]
  const buffers = value('Buffers')
  const cache = buffers + value('Cached') + value('SReclaimable')
  return { total, free, available, cache, buffers, shared: value('Shmem'), used: total - available }
}

const UNITS: Readonly<Record<string, number>> = {
  ...{
    b: 1 / 1024,
    k: 1,
    m: 1024,
    g: 1024 ** 2,
    bytes: 1 / 1024,
    kibi: 1,
    mebi: 1024,
    gibi: 1024 ** 2,
    tebi: 1024 ** 3,
  },
  ...{ kilo: 1000 / 1024, mega: 1e6 / 1024, giga: 1e9 / 1024, tera: 1e12 / 1024 },
}

export async function free(context: CommandContext): Promise<number> {
  const long = {
    bytes: 'flag',
    kilo: 'flag',
    mega: 'flag',
    giga: 'flag',
    tera: 'flag',
    kibi: 'flag',
    mebi: 'flag',
    gibi: 'flag',
    tebi: 'flag',
    human: 'flag',
    si: 'flag',
    total: 'flag',
    wide: 'flag',
    seconds: 'value',
    count: 'value',
    help: 'flag',
    version: 'flag',
  } as const
  const parsed = parseOptions(context.argv, { short: 'bkmghs:c:twV', long })
  if (!parsed.ok) {
    context.err(`free: ${sentence(parsed.error)}\n${FREE_USAGE}`)
    return 1
  }
  const { options } = parsed.value
  const value = (...names: string[]) => options.findLast((one) => names.includes(one.name))?.value
  if (value('help') !== undefined) {
    context.out(FREE_USAGE)
    return 0
  }
  if (value('V', 'version') !== undefined) {
    context.out(`free from procps-ng ${toolVersions(context.world).procps}\n`)
    return 0
  }
  const unit = UNITS[options.findLast((one) => UNITS[one.name] !== undefined)?.name ?? 'k']!
  const word = value('h', 'human') === undefined ? (kib: number) => String(Math.floor(kib / unit)) : human
  const text = freeText(
    readMemory(context),
    word,
    value('w', 'wide') !== undefined,
    value('t', 'total') !== undefined,
  )
  const seconds = value('s', 'seconds')
  let count = Number(value('c', 'count') ?? (seconds === undefined ? 1 : Number.POSITIVE_INFINITY))
  for (;;) {
    context.out(text)
    if (--count <= 0) return 0
    context.out('\n')
    await context.sleep(Number(seconds ?? 1) * 1e6)
  }
}

function freeText(memory: Memory, word: (kib: number) => string, isWide: boolean, hasTotal: boolean): string {
  const row = (name: string, cells: readonly string[]): string =>
    `${name.padEnd(9)}${cells.map((cell, i) => cell.padStart(i === 0 ? 11 : 12)).join('')}`
  const cache = isWide ? ['buffers', 'cache'] : ['buff/cache']
  const caches = isWide ? [memory.buffers, memory.cache - memory.buffers] : [memory.cache]
  const { total, used, free, shared, available } = memory
  const lines = [
    row('', ['total', 'used', 'free', 'shared', ...cache, 'available']),
    row('Mem:', [total, used, free, shared, ...caches, available].map(word)),
    row('Swap:', [0, 0, 0].map(word)),
  ]
  if (hasTotal) lines.push(row('Total:', [total, used, free].map(word)))
  return `${lines.join('\n')}\n`
}

/** `763Mi`, `8.7Mi`, `0B` */
function human(kib: number): string {
  let value = kib * 1024
  const units = ['B', 'Ki', 'Mi', 'Gi', 'Ti']
  let i = 0
  while (value >= 1024 && i < units.length - 1) {
    value /= 1024
    i++
  }
  return `${value < 10 && i > 0 ? value.toFixed(1) : Math.floor(value)}${units[i]}`
}

export function busyboxFree(context: CommandContext): number {
  const usage = 'Usage: free [-bkmgh]\n\nDisplay free and used memory\n'
  const parsed = parseOptions(context.argv, { short: 'bkmgth' })
  if (!parsed.ok) return busyboxUsage(context, 'free', usage, 'operands')
  const unit = parsed.value.options.at(-1)?.name ?? 'k'
  const word = unit === 'h' ? shortHuman : (kib: number) => String(Math.floor(kib / UNITS[unit]!))
  const memory = readMemory(context)
  const used = memory.total - memory.free - memory.cache
  const row = (name: string, cells: readonly number[]): string =>
    `${name.padEnd(7)}${cells.map((cell) => word(cell).padStart(12)).join('')}\n`
  context.out('              total        used        free      shared  buff/cache   available\n')
  context.out(row('Mem:', [memory.total, used, memory.free, memory.shared, memory.cache, memory.available]))
  context.out(row('Swap:', [0, 0, 0]))
  return 0
}

function shortHuman(kib: number): string {
  let value = kib
  let i = 0
  while (value >= 1024 && i < 3) {
    value /= 1024
    i++
  }
  return kib === 0 ? '0' : `${value.toFixed(1)}${'KMGT'[i]}`
}
