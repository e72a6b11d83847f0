/** tracepath of iputils 20221126: tracepath.c recverr. */
import type { Answer, TracepathRow } from '../../sim/process/tracepath.ts'
import { formatIpv4 } from '../../sim/wire/ipv4-address.ts'
import { errnoText } from '../errno.ts'

const two = (value: number): string => String(value).padStart(2)

export function wordTracepath(row: TracepathRow): string {
  switch (row.kind) {
    case 'unresolved':
      return `tracepath: ${row.options.target}: ${errnoText(row.reason)}\n`
    case 'no-reply':
      return `${two(row.hop)}:  no reply\n`
    case 'send-failed':
      return `${two(row.hop)}:  send failed\n`
    case 'too-many':
      return `     Too many hops: pmtu ${row.mtu}\n`
    case 'resume':
      return `     Resume: pmtu ${row.mtu} ${row.back < 0 ? '' : `hops ${row.hop} back ${row.back} `}\n`
    default:
      return row.answer === null ? '' : answerText(row, row.answer)
  }
}

function answerText(row: TracepathRow, answer: Answer): string {
  if (answer.from === null) return `${two(row.hop)}?: ${'[LOCALHOST]'.padEnd(32)} pmtu ${answer.mtu}\n`
  const hop = answer.hop ?? row.hop
  const who = nameOf(row, formatIpv4(answer.from))
  const micros = answer.rttUs ?? 0
  const time = `${String(Math.floor(micros / 1000)).padStart(3)}.${String(Math.floor(micros % 1000)).padStart(3, '0')}ms `
  const head = `${two(hop)}:  ${who.padEnd(51)} ${time}`
  if (answer.result === 'mtu') return `${head}pmtu ${answer.mtu}\n`
  if (answer.result !== 'expired') return `${head}${answer.result}\n`
  const { back } = row
  return `${head}${back === hop ? '' : `asymm ${two(back)} `}\n`
}

/** A host without a name is `???`. */
function nameOf(row: TracepathRow, address: string): string {
  const { numeric, both } = row.options
  if (both) return `${address} (${row.name ?? '???'})`
  return numeric ? address : (row.name ?? '???')
}
