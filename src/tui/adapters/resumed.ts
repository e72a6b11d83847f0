/** A saved session; its packets are remembered from now on. */
import { services } from '../../session/services.ts'
import { Session } from '../../session/session.ts'
import { createTrace } from '../../sim/kernel/trace.ts'

/** Decisions about packets that are remembered, for the packet walk. */
export const TRACE_CAPACITY = 20_000

export function resumed(text: string): Session {
  return Session.restoreFrom(text, services, createTrace(TRACE_CAPACITY))
}
