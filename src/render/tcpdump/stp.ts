/** Spanning tree in a capture's line. tcpdump print-stp.c, print-llc.c. Other protocols above LLC are not worded. */
import { type ConfigBpdu, parseBpdu } from '../../sim/wire/bpdu.ts'
import type { Frame } from '../../sim/wire/frame.ts'

/** The LLC header of an unnumbered frame. */
export const LLC_LENGTH = 3
const LLC = 'LLC, dsap STP (0x42) Individual, ssap STP (0x42) Command, ctrl 0x03: '

/** Below that number the type field of a frame is a length (IEEE 802.3). */
export const isLengthField = (etherType: number): boolean => etherType < 1536

/** Null: not spanning tree. */
export function wordStp(frame: Frame, verbosity: number): string | null {
  if (!isLengthField(frame.etherType) || frame.payload.kind !== 'raw') return null
  const bpdu = parseBpdu(frame.payload.bytes)
  if (bpdu === null) return null
  if (bpdu.kind === 'tcn') return 'STP 802.1d, Topology Change'
  const flags = [
    ...(bpdu.topologyChange ? ['Topology change'] : []),
    ...(bpdu.topologyChangeAck ? ['Topology change ACK'] : []),
  ]
  const shown = flags.length === 0 ? 'none' : flags.join(', ')
  const port = bpdu.port.toString(16).padStart(4, '0')
  const length = frame.etherType - LLC_LENGTH
  const head = `STP 802.1d, Config, Flags [${shown}], bridge-id ${idText(bpdu.bridge)}.${port}, length ${length}`
  return verbosity > 0 ? head + details(bpdu) : head
}

function details(bpdu: ConfigBpdu): string {
  const seconds = (ticks: number): string => `${(ticks / 256).toFixed(2)}s`
  return (
    `\n\tmessage-age ${seconds(bpdu.messageAge)}, max-age ${seconds(bpdu.maxAge)}` +
    `, hello-time ${seconds(bpdu.helloTime)}, forwarding-delay ${seconds(bpdu.forwardDelay)}` +
    `\n\troot-id ${idText(bpdu.root)}, root-pathcost ${bpdu.rootCost}`
  )
}

const idText = (id: string): string => `${id.slice(0, 4)}.${id.slice(5).replace(/(..)(?=.)/g, '$1:')}`

/** With -e: what stands in the place of the type. */
export function wordLlc(frame: Frame, stp: string): string {
  return `802.3, length ${frame.etherType}: ${LLC}${stp}`
}
