/**
 * How conntrack follows a TCP connection: the state by the segment's kind and direction, and how long each state
 * is kept. net/netfilter/nf_conntrack_proto_tcp.c (tcp_conntracks, tcp_timeouts).
 * Not modelled: the window check (every acknowledgement counts as in the window).
 */
import type { TcpSegment } from '../../wire/frame.ts'
import type { TcpTrackingState } from './types.ts'

/** `invalid`: the state cannot have such a segment; `ignore`: let through, the state stays. */
export type TcpStep = TcpTrackingState | 'invalid' | 'ignore'

const ORDER: readonly TcpTrackingState[] = [
  'NONE',
  'SYN_SENT',
  'SYN_RECV',
  'ESTABLISHED',
  'FIN_WAIT',
  'CLOSE_WAIT',
  'LAST_ACK',
  'TIME_WAIT',
  'CLOSE',
  'SYN_SENT2',
]

/** Columns in the order of `ORDER`; `iv` invalid, `ig` ignore, `=` the letters of the kernel's own table. */
const WORDS: Readonly<Record<string, TcpStep>> = {
  ss: 'SYN_SENT',
  sr: 'SYN_RECV',
  es: 'ESTABLISHED',
  fw: 'FIN_WAIT',
  cw: 'CLOSE_WAIT',
  la: 'LAST_ACK',
  tw: 'TIME_WAIT',
  cl: 'CLOSE',
  s2: 'SYN_SENT2',
  iv: 'invalid',
  ig: 'ignore',
}

function row(text: string): readonly TcpStep[] {
  return text.split(' ').map((word) => WORDS[word]!)
}

type SegmentKind = 'syn' | 'synack' | 'fin' | 'ack' | 'rst' | 'none'
type Rows = Readonly<Record<SegmentKind, readonly TcpStep[]>>

const ORIGINAL: Rows = {
  syn: row('ss ss ig ig ig ig ig ss ss s2'),
  synack: row('iv iv sr iv iv iv iv iv iv sr'),
  fin: row('iv iv fw fw la la la tw cl iv'),
  ack: row('es iv es es cw cw tw tw cl iv'),
  rst: row('iv cl cl cl cl cl cl cl cl cl'),
  none: row('iv iv iv iv iv iv iv iv iv iv'),
}

const REPLY: Rows = {
  syn: row('iv s2 iv iv iv iv iv ss iv s2'),
  synack: row('iv sr ig ig ig ig ig ig ig sr'),
  fin: row('iv iv fw fw la la la tw cl iv'),
  ack: row('iv ig sr es cw cw tw tw cl ig'),
  rst: row('iv cl cl cl cl cl cl cl cl cl'),
  none: row('iv iv iv iv iv iv iv iv iv iv'),
}

function kindOf(segment: TcpSegment): SegmentKind {
  const flags = segment.flags
  if (flags.rst) return 'rst'
  if (flags.syn) return flags.ack ? 'synack' : 'syn'
  if (flags.fin) return 'fin'
  return flags.ack ? 'ack' : 'none'
}

export function tcpStep(
  state: TcpTrackingState,
  direction: 'original' | 'reply',
  segment: TcpSegment,
): TcpStep {
  const rows = direction === 'original' ? ORIGINAL : REPLY
  return rows[kindOf(segment)][ORDER.indexOf(state)]!
}

const SECOND = 1_000_000

/** Microseconds that an entry in this state outlives its last segment. */
export const TCP_TIMEOUT: Readonly<Record<TcpTrackingState, number>> = {
  NONE: 10 * SECOND,
  SYN_SENT: 120 * SECOND,
  SYN_RECV: 60 * SECOND,
  ESTABLISHED: 432_000 * SECOND,
  FIN_WAIT: 120 * SECOND,
  CLOSE_WAIT: 60 * SECOND,
  LAST_ACK: 30 * SECOND,
  TIME_WAIT: 120 * SECOND,
  CLOSE: 10 * SECOND,
  SYN_SENT2: 120 * SECOND,
}
