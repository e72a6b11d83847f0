/** -x, -xx, -X, -XX, -A: the bytes of a frame. tcpdump print-ascii.c */
import type { Frame } from '../../sim/wire/frame.ts'
import { emitFrame, emitFramePayload } from '../../sim/wire/frame-codec.ts'
import { sll2Record } from '../../sim/wire/pcap.ts'
import { isLengthField, LLC_LENGTH } from './stp.ts'

/** `cooked`: where a frame of a capture on all devices was seen. */
export function dump(
  frame: Frame,
  kind: 'none' | 'hex' | 'hex-link' | 'both' | 'both-link' | 'ascii',
  cooked: { readonly ifindex: number; readonly packetType: number } | null,
  snapshotLength: number,
): string {
  if (kind === 'none') return ''
  const header = cooked === null ? 14 : 20
  const bytes = kind.endsWith('-link')
    ? whole(frame, cooked).subarray(0, snapshotLength)
    : aboveLink(frame).subarray(0, Math.max(0, snapshotLength - header))
  if (kind === 'ascii') return ascii(bytes)
  let text = ''
  for (let at = 0; at < bytes.length; at += 16) {
    const line = bytes.subarray(at, at + 16)
    const head = `\n\t0x${at.toString(16).padStart(4, '0')}: `
    text += kind.startsWith('both') ? `${head}${hex(line).padEnd(40)}  ${printable(line)}` : head + hex(line)
  }
  return text
}

/** LLC belongs to the link's header. */
function aboveLink(frame: Frame): Uint8Array {
  const bytes = emitFramePayload(frame)
  return isLengthField(frame.etherType) ? bytes.subarray(LLC_LENGTH) : bytes
}

function whole(
  frame: Frame,
  cooked: { readonly ifindex: number; readonly packetType: number } | null,
): Uint8Array {
  return cooked === null ? emitFrame(frame) : sll2Record(frame, 0, 262144, cooked).bytes
}

function hex(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i++)
    text += (i % 2 === 0 ? ' ' : '') + bytes[i]!.toString(16).padStart(2, '0')
  return text
}

function printable(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => (byte > 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('')
}

function ascii(bytes: Uint8Array): string {
  let text = '\n'
  bytes.forEach((byte, i) => {
    if (byte === 13 && bytes[i + 1] === 10) return
    const shown = byte === 10 || byte === 9 || (byte >= 32 && byte < 127)
    text += shown ? String.fromCharCode(byte) : '.'
  })
  return text
}
