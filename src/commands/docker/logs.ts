/** `docker logs`. docker/cli cli/command/container/logs.go, moby daemon/logs.go */
import { apiTime } from '../../sim/base/api-value.ts'
import type { LogEntry } from '../../sim/kernel/kernel.ts'
import { Interrupted } from '../context.ts'
import { containerOrError, daemonError } from './lifecycle.ts'
import { type Call, Refused } from './spec.ts'
import { kernelOfEngine } from './stream.ts'

interface Line {
  readonly atUs: number
  readonly stream: LogEntry['stream']
  readonly text: string
}

export async function logs(call: Call): Promise<number> {
  const { context, flags, world } = call
  const container = containerOrError(call, call.operands[0] ?? '')
  // Other drivers keep a copy that can be read. daemon/logs.go, "dual logging"
  if (container.hostConfig.resources['log-driver'] === 'none')
    throw new Refused(daemonError('configured logging driver does not support reading'))
  const kernel = kernelOfEngine(context, call.engine())
  const entries = (): readonly LogEntry[] => kernel.containerLogs.get(container.id) ?? []
  const tail = tailOf(flags.text('tail', 'all'))
  const [since, until] = [instant(call, 'since'), instant(call, 'until')]
  const show = (list: readonly Line[]): void => {
    for (const line of list) {
      if ((since !== null && line.atUs < since) || (until !== null && line.atUs > until)) continue
      const stamp = flags.bool('timestamps') ? `${stamped(world.epochMs, line.atUs)} ` : ''
      const text = `${stamp}${flags.bool('details') ? ' ' : ''}${line.text}`
      if (line.stream === 'stdout') context.out(text)
      else context.err(text)
    }
  }
  let seen = entries().length
  const lines = splitLines(entries())
  show(tail === null ? lines : lines.slice(Math.max(0, lines.length - tail)))
  if (!flags.bool('follow')) return 0
  try {
    for (;;) {
      const hasEnded = (): boolean => container.state.pid === 0
      await context.until(() => entries().length > seen || hasEnded())
      show(splitLines(entries().slice(seen)))
      seen = entries().length
      if (hasEnded()) return 0
    }
  } catch (error) {
    if (error instanceof Interrupted) return 130
    throw error
  }
}

function tailOf(text: string): number | null {
  return text === 'all' || !/^\d+$/.test(text) ? null : Number(text)
}

/** Writes that belong to one line are put together. */
function splitLines(entries: readonly LogEntry[]): Line[] {
  const lines: Line[] = []
  for (const entry of entries) {
    for (const text of entry.text.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
      const last = lines.at(-1)
      if (last !== undefined && last.stream === entry.stream && !last.text.endsWith('\n'))
        lines[lines.length - 1] = { ...last, text: last.text + text }
      else lines.push({ atUs: entry.atUs, stream: entry.stream, text })
    }
  }
  return lines
}

/** Always nine digits behind the point. */
export function stamped(epochMs: number, us: number): string {
  const [whole = '', fraction = ''] = apiTime(epochMs, us).slice(0, -1).split('.')
  return `${whole}.${fraction.padEnd(9, '0')}Z`
}

/** `--since 10m` or a point in time; microseconds of the world. */
export function instant(
  call: Call,
  option: string,
  prefix = `invalid value for "${option}": `,
): number | null {
  const text = call.flags.text(option)
  if (text === '') return null
  const units: Readonly<Record<string, number>> = { h: 3600e6, m: 60e6, s: 1e6, ms: 1e3, us: 1 }
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|us|h|m|s)/g)]
  if (parts.length > 0 && parts.map((part) => part[0]).join('') === text)
    return (
      call.world.nowUs -
      parts.reduce((sum, [, amount, unit = 's']) => sum + Number(amount) * (units[unit] ?? 0), 0)
    )
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1e6 - call.world.epochMs * 1000
  const parsed = Date.parse(text)
  if (Number.isNaN(parsed))
    throw new Refused(`${prefix}failed to parse value as time or duration: ${JSON.stringify(text)}`)
  return (parsed - call.world.epochMs) * 1000
}
