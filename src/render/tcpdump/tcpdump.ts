/** tcpdump's own messages, and the frame of each line. tcpdump.c, print.c, print-ether.c, print-sll.c */

import { civilTime } from '../../sim/base/calendar.ts'
import type { Row } from '../../sim/kernel/simulation.ts'
import type { CapturedFrame } from '../../sim/kernel/socket.ts'
import type { TcpdumpOptions } from '../../sim/process/tcpdump.ts'
import type { Frame } from '../../sim/wire/frame.ts'
import { ETHERNET_HEADER_LENGTH, frameLength } from '../../sim/wire/frame-codec.ts'
import { errnoText } from '../errno.ts'
import { dump } from './hex.ts'
import { etherType, type Style, wordEthernet, wordNetwork } from './network.ts'

export interface TcpdumpPacket extends Row {
  readonly kind: 'packet'
  readonly options: TcpdumpOptions
  readonly any: boolean
  readonly frame: Frame
  readonly timeUs: number
  readonly previousUs: number | null
  readonly number: number
  readonly direction: CapturedFrame['direction']
  readonly device: string
  readonly ifindex: number
  readonly base: { readonly sequence: number; readonly acknowledgment: number } | null
  readonly names: readonly (readonly [number, string])[]
}

interface Message extends Row {
  readonly device: string
  readonly any: boolean
  readonly snapshotLength: number
  readonly verbosity: number
  readonly toFile: boolean
  readonly text: string
  readonly path: string
  readonly error: string
  readonly captured: number
  readonly received: number
  readonly dropped: number
}

export function wordTcpdump(row: Row): string {
  if (row.kind === 'packet') return packetLine(row as TcpdumpPacket)
  const message = row as Message
  switch (row.kind) {
    case 'listening':
      return listening(message)
    case 'reading':
      return `reading from file ${message.path}, link-type EN10MB (Ethernet), snapshot length ${message.snapshotLength}\n`
    case 'summary':
      return summary(message)
    case 'filter-error':
      return `tcpdump: ${message.text}\n`
    case 'no-device':
      return `tcpdump: ${message.device}: No such device exists\n(No such device exists)\n`
    case 'device-down':
      return `tcpdump: ${message.device}: That device is not up\n`
    case 'not-permitted':
      return `tcpdump: ${message.device}: You don't have permission to perform this capture on that device\n(socket: Operation not permitted)\n`
    case 'cannot-read':
      return `tcpdump: ${message.path}: ${errnoText(message.error)}\n`
    default:
      return `tcpdump: unknown file format\n`
  }
}

function listening(row: Message): string {
  const type = row.any ? 'LINUX_SLL2 (Linux cooked v2)' : 'EN10MB (Ethernet)'
  const on = `listening on ${row.device}, link-type ${type}, snapshot length ${row.snapshotLength} bytes\n`
  const cooked = row.any ? 'tcpdump: data link type LINUX_SLL2\n' : ''
  if (row.toFile || row.verbosity > 0) return `${cooked}tcpdump: ${on}`
  return `${cooked}tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\n${on}`
}

function summary(row: Message): string {
  const count = (n: number): string => `${n} packet${n === 1 ? '' : 's'}`
  return `${count(row.captured)} captured\n${count(row.received)} received by filter\n${count(row.dropped)} dropped by kernel\n`
}

function time(row: TcpdumpPacket): string {
  const { times } = row.options
  const micros = String(row.timeUs % 1e6).padStart(6, '0')
  const seconds = Math.floor(row.timeUs / 1e6)
  const two = (n: number): string => String(n).padStart(2, '0')
  const clock = (s: number): string =>
    `${two(Math.floor(s / 3600) % 24)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`
  if (times === 1) return ''
  if (times === 2) return `${seconds}.${micros} `
  if (times === 3 || times >= 5) {
    const delta = row.timeUs - (row.previousUs ?? row.timeUs)
    return ` ${clock(Math.floor(delta / 1e6))}.${String(delta % 1e6).padStart(6, '0')} `
  }
  const date = civilTime(seconds * 1000)
  const day = times === 4 ? `${date.year}-${two(date.month + 1)}-${two(date.day)} ` : ''
  return `${day}${clock(seconds % 86400)}.${micros} `
}

/** The header of a capture on all devices. */
const SLL2_LENGTH = 20

const DIRECTIONS = { in: 'In ', out: 'Out', broadcast: 'B  ', multicast: 'M  ', other: 'P  ' }

/** if_packet.h */
const PACKET_TYPES = { in: 0, broadcast: 1, multicast: 2, other: 3, out: 4 }

function packetLine(row: TcpdumpPacket): string {
  const { options, frame } = row
  const style: Style = {
    numeric: options.numeric,
    verbosity: options.verbosity,
    quick: options.quick,
    linkLevel: options.linkLevel,
    base: row.base,
    names: new Map(row.names),
    available: options.snapshotLength - (row.any ? SLL2_LENGTH : ETHERNET_HEADER_LENGTH),
  }
  const number = options.number ? `${String(row.number).padStart(5)}  ` : ''
  const head = `${number}${time(row)}`
  const cookedAs = row.any ? { ifindex: row.ifindex, packetType: PACKET_TYPES[row.direction] } : null
  const tail = `${dump(frame, options.hex, cookedAs, options.snapshotLength)}\n`
  if (!row.any) return `${head}${wordEthernet(frame, style)}${tail}`
  const where = `${row.device.padEnd(5)} ${DIRECTIONS[row.direction]} `
  if (!options.linkLevel) return `${head}${where}${wordNetwork(frame, style, true)}${tail}`
  const cooked = `ifindex ${row.ifindex} ${frame.source} ${etherType(frame, style)}, length ${frameLength(frame) + 6}: `
  return `${head}${where}${cooked}${wordNetwork(frame, style, false)}${tail}`
}
