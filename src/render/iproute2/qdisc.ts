/** `tc qdisc show`. iproute2 tc/{tc_qdisc,q_netem,q_tbf,tc_util}.c */
import type { NetemOptions, Qdisc, QdiscOptions, TbfOptions } from '../../sim/kernel/qdisc/types.ts'

export interface QdiscRow {
  readonly handle: number
  /** Null where one device was asked for. */
  readonly device: string | null
  readonly references: number
  readonly options: QdiscOptions
  readonly counters: Pick<
    Qdisc,
    'sentBytes' | 'sentPackets' | 'dropped' | 'overlimits' | 'backlogBytes' | 'backlogPackets'
  >
}

const short = (value: number, digits: number): string => String(Number(value.toPrecision(digits)))

export function timeText(us: number): string {
  if (us >= 1e6) return `${short(us / 1e6, 3)}s`
  return us >= 1000 ? `${short(us / 1000, 3)}ms` : `${us}us`
}

/** Bytes a second in, bits a second out. */
function rateText(bytes: number): string {
  let rate = bytes * 8
  let unit = 0
  while (unit < 4 && rate >= 1000 && (rate % 1000 === 0 || rate >= 1_000_000)) {
    rate /= 1000
    unit++
  }
  return `${Math.floor(rate)}${['', 'K', 'M', 'G', 'T'][unit]}bit`
}

function sizeText(bytes: number): string {
  const near = (unit: number, slack: number): boolean =>
    bytes >= unit && Math.abs(unit * Math.round(bytes / unit) - bytes) < slack
  if (near(1 << 20, 1024)) return `${Math.round(bytes / (1 << 20))}Mb`
  return near(1024, 16) ? `${Math.round(bytes / 1024)}Kb` : `${bytes}b`
}

const share = (part: number): string => `${short(100 * part, 6)}%`

function netemText(options: NetemOptions): string {
  const parts = [`limit ${options.limit}`]
  const chance = (name: string, part: number, correlation: number): void => {
    if (part > 0) parts.push(`${name} ${share(part)}${correlation > 0 ? ` ${share(correlation)}` : ''}`)
  }
  if (options.delayUs > 0) {
    const jitter = options.jitterUs > 0 ? `  ${timeText(options.jitterUs)}` : ''
    const lean = jitter !== '' && options.delayCorrelation > 0 ? ` ${share(options.delayCorrelation)}` : ''
    parts.push(`delay ${timeText(options.delayUs)}${jitter}${lean}`)
  }
  chance('loss', options.loss, options.lossCorrelation)
  chance('duplicate', options.duplicate, options.duplicateCorrelation)
  if (options.reorder < 1) chance('reorder', options.reorder, options.reorderCorrelation)
  if (options.rate > 0) parts.push(`rate ${rateText(options.rate)}`)
  if (options.gap > 0) parts.push(`gap ${options.gap}`)
  return parts.join(' ')
}

function tbfText(options: TbfOptions): string {
  const latency = ((options.limit - options.burst) * 1e6) / options.rate
  return `rate ${rateText(options.rate)} burst ${sizeText(options.burst)} lat ${timeText(Math.max(0, Math.round(latency)))} `
}

function optionsText(options: QdiscOptions): string {
  switch (options.kind) {
    case 'netem':
      return netemText(options)
    case 'tbf':
      return tbfText(options)
    case 'pfifo':
      return `limit ${options.limit}p`
    case 'pfifo_fast':
      return 'bands 3 priomap 1 2 2 2 1 2 0 0 1 1 1 1 1 1 1 1'
    case 'fq_codel':
      return 'limit 10240p flows 1024 quantum 1514 target 5ms interval 100ms memory_limit 32Mb ecn drop_batch 64 '
    default:
      return ''
  }
}

export function qdiscText(row: QdiscRow, withStatistics: boolean): string {
  const { counters, options } = row
  const device = row.device === null ? '' : `dev ${row.device} `
  const line = `qdisc ${options.kind} ${row.handle.toString(16)}: ${device}root refcnt ${row.references} ${optionsText(options)}\n`
  if (!withStatistics) return line
  return (
    `${line} Sent ${counters.sentBytes} bytes ${counters.sentPackets} pkt (dropped ${counters.dropped}, overlimits ${counters.overlimits} requeues 0) \n` +
    ` backlog ${counters.backlogBytes}b ${counters.backlogPackets}p requeues 0\n`
  )
}
