/** Lines of `conntrack -E`. libnetfilter_conntrack src/conntrack/snprintf_default.c, conntrack-tools 1.4.7 event_cb. */
import type { ConntrackEventRow, ConntrackEventsEnd } from '../../sim/process/conntrack-events.ts'
import { entryText } from './entry.ts'

export function wordConntrackEvents(row: ConntrackEventRow | ConntrackEventsEnd): string {
  if (row.kind === 'end')
    return `conntrack v1.4.7 (conntrack-tools): ${row.shown} flow events have been shown.\n`
  const { event, style } = row
  const seconds = Math.floor(row.wallMs / 1000)
  const micros = Math.floor((row.wallMs % 1000) * 1000)
  const time = style.timestamp ? `[${seconds}.${String(micros).padStart(6, '0')}]\t` : ''
  const text = entryText(event.entry, {
    nowUs: event.atUs,
    extended: style.extended,
    id: style.id,
    event: { isUser: event.isUser, isOver: event.isOver },
  })
  return `${time}${`[${event.kind}]`.padStart(9)} ${text}`
}
