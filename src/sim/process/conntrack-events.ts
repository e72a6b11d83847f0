/** conntrack -E as a process: prints what happens to flows until it is stopped. conntrack(8) */
import { sweep } from '../kernel/netfilter/conntrack.ts'
import { type EntryFilter, selects } from '../kernel/netfilter/entry-filter.ts'
import type { ConntrackEvent, ConntrackEventKind } from '../kernel/netfilter/types.ts'
import type { Row, WakeCause } from '../kernel/simulation.ts'
import type { Program } from '../kernel/task/types.ts'
import type { ProcessContext } from './context.ts'

export interface ConntrackEventsProgram extends Program {
  readonly kind: 'conntrack-events'
  readonly filter: EntryFilter
  readonly kinds: readonly ConntrackEventKind[]
  readonly style: { readonly extended: boolean; readonly id: boolean; readonly timestamp: boolean }
  shown: number
}

export interface ConntrackEventRow extends Row {
  readonly program: 'conntrack-events'
  readonly kind: 'event'
  readonly event: ConntrackEvent
  readonly style: ConntrackEventsProgram['style']
  /** Milliseconds since 1970. */
  readonly wallMs: number
}

export interface ConntrackEventsEnd extends Row {
  readonly program: 'conntrack-events'
  readonly kind: 'end'
  readonly shown: number
}

/** How often the kernel looks for entries that have run out. */
const SWEEP_US = 60_000_000

export function conntrackEventsProgram(
  options: Pick<ConntrackEventsProgram, 'filter' | 'kinds' | 'style'>,
): ConntrackEventsProgram {
  return { kind: 'conntrack-events', ...options, shown: 0 }
}

export function stepConntrackEvents(
  context: ProcessContext,
  program: ConntrackEventsProgram,
  cause: WakeCause,
): void {
  const table = context.netns.conntrack
  const { pid } = context.process
  if (cause.kind === 'start') {
    table.listeners = [...(table.listeners ?? []), { pid, events: [] }]
    context.setTimer(SWEEP_US, 1)
  }
  if (cause.kind === 'timer') {
    sweep(context.sim, table, context.netns)
    context.setTimer(SWEEP_US, 1)
  }
  print(context, program)
  if (cause.kind !== 'signal') return
  table.listeners = table.listeners?.filter((listener) => listener.pid !== pid) ?? []
  context.emit<ConntrackEventsEnd>({ program: 'conntrack-events', kind: 'end', shown: program.shown }, 2)
  context.exit(0)
}

function print(context: ProcessContext, program: ConntrackEventsProgram): void {
  const listener = context.netns.conntrack.listeners?.find((one) => one.pid === context.process.pid)
  for (const event of listener?.events.splice(0) ?? []) {
    if (!program.kinds.includes(event.kind) || !selects(program.filter, event.entry)) continue
    program.shown++
    const wallMs = context.sim.epochMs + event.atUs / 1000
    const row = { program: 'conntrack-events', kind: 'event', event, style: program.style, wallMs } as const
    context.emit<ConntrackEventRow>(row)
  }
}
