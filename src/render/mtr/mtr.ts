/** mtr 0.95: ui/report.c, ui/raw.c. */
import type { MtrHop, MtrRow } from '../../sim/process/mtr.ts'
import { formatIpv4 } from '../../sim/wire/ipv4-address.ts'
import { formatTime } from '../coreutils/strftime.ts'
import { errnoText } from '../errno.ts'

interface Column {
  readonly title: string
  readonly width: number
  readonly value: (hop: MtrHop) => number
  readonly format: (value: number) => string
}

const ms = (hop: MtrHop): number[] => hop.rtts.map((us) => us / 1000)
const mean = (list: readonly number[]): number =>
  list.length === 0 ? 0 : list.reduce((x, y) => x + y, 0) / list.length
const jitters = (hop: MtrHop): number[] => ms(hop).map((one, i, all) => Math.abs(one - (all[i - 1] ?? one)))
const last = (list: readonly number[]): number => list[list.length - 1] ?? 0

function deviation(list: readonly number[]): number {
  if (list.length < 2) return 0
  const middle = mean(list)
  return Math.sqrt(list.reduce((sum, one) => sum + (one - middle) ** 2, 0) / (list.length - 1))
}

function interarrival(hop: MtrHop): number {
  let sum = 0
  for (const jitter of jitters(hop)) sum += jitter - Math.round(sum / 16)
  return sum
}

const loss = (hop: MtrHop): number => {
  const sent = hop.sent - (hop.received < hop.sent && hop.transit > hop.sent ? hop.transit : 0)
  return sent === 0 ? 0 : 100 - (100 * hop.received) / sent
}

const time = (value: number): string => ` ${value.toFixed(1).padStart(5)}`
const short = (value: number): string => ` ${value.toFixed(1).padStart(4)}`
const whole = (width: number) => (value: number) => ` ${String(value).padStart(width)}`

const COLUMNS: Readonly<Record<string, Column>> = {
  L: { title: 'Loss%', width: 6, value: loss, format: (value) => ` ${value.toFixed(1).padStart(4)}%` },
  D: { title: 'Drop', width: 5, value: (hop) => hop.sent - hop.received, format: whole(4) },
  R: { title: 'Rcv', width: 6, value: (hop) => hop.received, format: whole(5) },
  S: { title: 'Snt', width: 6, value: (hop) => hop.sent, format: whole(5) },
  N: { title: 'Last', width: 6, value: (hop) => last(ms(hop)), format: time },
  B: {
    title: 'Best',
    width: 6,
    value: (hop) => (hop.rtts.length > 0 ? Math.min(...ms(hop)) : 0),
    format: time,
  },
  A: { title: 'Avg', width: 6, value: (hop) => mean(ms(hop)), format: time },
  W: { title: 'Wrst', width: 6, value: (hop) => Math.max(0, ...ms(hop)), format: time },
  V: { title: 'StDev', width: 6, value: (hop) => deviation(ms(hop)), format: time },
  G: {
    title: 'Gmean',
    width: 6,
    value: (hop) => (hop.rtts.length > 0 ? Math.exp(mean(ms(hop).map(Math.log))) : 0),
    format: time,
  },
  J: { title: 'Jttr', width: 5, value: (hop) => last(jitters(hop)), format: short },
  M: { title: 'Javg', width: 5, value: (hop) => mean(jitters(hop)), format: short },
  X: { title: 'Jmax', width: 5, value: (hop) => Math.max(0, ...jitters(hop)), format: short },
  I: { title: 'Jint', width: 5, value: interarrival, format: short },
}

/** The letters that `-o` knows. */
export const MTR_FIELDS = `${Object.keys(COLUMNS).join('')} `

export function wordMtr(row: MtrRow): string {
  switch (row.kind) {
    case 'unresolved':
      return `mtr: Failed to resolve host: ${row.options.target}: ${errnoText(row.reason)}\n`
    case 'send':
      return `x ${row.hop} ${row.sequence}\n`
    case 'answer': {
      const address = formatIpv4(row.address)
      return `h ${row.hop} ${address}\nh ${row.hop} ${address}\np ${row.hop} ${Math.round(row.rttUs)} ${row.sequence}\n`
    }
    default:
      break
  }
  switch (row.options.format) {
    case 'json':
      return jsonText(row)
    case 'csv':
      return csvText(row)
    case 'xml':
      return xmlText(row)
    default:
      return reportText(row)
  }
}

function hostOf(row: MtrRow, hop: MtrHop): string {
  const address = hop.addresses[0]
  if (address === undefined) return '???'
  const text = formatIpv4(address)
  if (hop.name === null) return text
  return row.options.showIps ? `${hop.name} (${text})` : hop.name
}

const columnsOf = (row: MtrRow): (Column | null)[] =>
  [...row.options.fields].map((key) => COLUMNS[key] ?? null)

function reportText(row: MtrRow): string {
  const { wide, firstTtl } = row.options
  const start = formatTime('%Y-%m-%dT%H:%M:%S+0000', row.startSeconds * 1000)
  const longest = Math.max(row.hostName.length, ...row.hops.map((hop) => hostOf(row, hop).length))
  const head = wide ? `HOST: ${row.hostName.padEnd(longest)}` : `HOST: ${row.hostName}`.padEnd(33)
  const titles = columnsOf(row).map((one) => (one === null ? ' ' : one.title.padStart(one.width)))
  const lines = row.hops.map((hop, i) => {
    const number = String(i + firstTtl).padStart(3)
    const host = hostOf(row, hop)
    const left = `${number}.|-- ${host.padEnd(wide ? longest : 25)}`
    const others = hop.addresses.slice(1).map((one) => `        ${formatIpv4(one)}\n`)
    return `${left}${columnsOf(row)
      .map((one) => cell(one, hop))
      .join('')}\n${others.join('')}`
  })
  return `Start: ${start}\n${head}${titles.join('')}\n${lines.join('')}`
}

/** What is too long for its column is cut off. */
function cell(column: Column | null, hop: MtrHop): string {
  return column === null ? ' ' : column.format(column.value(hop)).slice(0, column.width)
}

const hex = (value: number, width = 0): string => `0x${value.toString(16).toUpperCase().padStart(width, '0')}`

function jsonText(row: MtrRow): string {
  const { options } = row
  const hubs = row.hops.map((hop, i) => {
    const values = columnsOf(row).map((one) => {
      if (one === null) return null
      const value = one.value(hop)
      const isCount = one.title === 'Snt' || one.title === 'Rcv' || one.title === 'Drop'
      const text = isCount
        ? String(value)
        : value === Math.round(value)
          ? value.toFixed(1)
          : String(Number(value.toFixed(3)))
      return `                "${one.title}": ${text}`
    })
    const shown = values.filter((one) => one !== null)
    return `            {\n                "count": ${i + options.firstTtl},\n                "host": "${hostOf(row, hop)}",\n${shown.join(',\n')}\n            }`
  })
  return `{
    "report": {
        "mtr": {
            "src": "${row.hostName}",
            "dst": "${options.target}",
            "tos": ${options.tos},
            "tests": ${options.cycles},
            "psize": "${options.size}",
            "bitpattern": "0x00"
        },
        "hubs": [
${hubs.join(',\n')}
        ]
    }
}
`
}

function csvText(row: MtrRow): string {
  const columns = columnsOf(row)
  const titles = columns.map((one) => `${one === null ? ' ' : one.title},`).join('')
  const lines = row.hops.map((hop, i) => {
    const values = columns.map((one) => {
      if (one === null) return '0,'
      const value = one.value(hop)
      return `${['Snt', 'Rcv', 'Drop'].includes(one.title) ? value : value.toFixed(2)},`
    })
    const place = `${i + row.options.firstTtl},${hostOf(row, hop)},`
    return `MTR.0.95,${row.startSeconds},OK,${row.options.target},${place}${values.join('').replace(/,$/, '')}\n`
  })
  return `Mtr_Version,Start_Time,Status,Host,Hop,Ip,${titles}\n${lines.join('')}`
}

function xmlText(row: MtrRow): string {
  const { options } = row
  const hubs = row.hops.map((hop, i) => {
    const values = columnsOf(row)
      .filter((one) => one !== null)
      .map((one) => {
        const name = one.title.replace('%', '')
        return `        <${name}>${cell(one, hop).padStart(6)}</${name}>\n`
      })
    return `    <HUB COUNT="${i + options.firstTtl}" HOST="${hostOf(row, hop)}">\n${values.join('')}    </HUB>\n`
  })
  const size = `PSIZE="${options.size}" BITPATTERN="${hex(0, 2)}" TESTS="${options.cycles}"`
  return `<?xml version="1.0"?>\n<MTR SRC="${row.hostName}" DST="${options.target}" TOS="${hex(options.tos)}" ${size}>\n${hubs.join('')}</MTR>\n`
}
