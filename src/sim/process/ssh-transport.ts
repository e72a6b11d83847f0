/**
 * What goes over a secure shell's TCP connection: version lines, then binary packets of the sizes that
 * chacha20-poly1305@openssh.com has. RFC 4253 §4.2, §6; RFC 4254 §5, §6; openssh PROTOCOL.chacha20poly1305
 * Not modelled: key exchange, authentication, ciphers. Contents are scrambled so that a capture shows what it would
 * show, and no secret is kept.
 */
import { decodeUtf8, encodeUtf8 } from '../base/utf8.ts'
import { concat } from '../wire/bytes.ts'

export const SSH_VERSION = 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3'

export type SshMessage =
  /** `session`: the name that both ends have for it. `command` null: a login shell. */
  | {
      readonly kind: 'open'
      readonly session: string
      readonly user: string
      readonly command: string | null
      readonly terminal: { readonly columns: number; readonly rows: number } | null
    }
  | { readonly kind: 'size'; readonly columns: number; readonly rows: number }
  | { readonly kind: 'data'; readonly text: string }
  | { readonly kind: 'errors'; readonly text: string }
  | { readonly kind: 'eof' }
  | { readonly kind: 'exit'; readonly status: number }

/** RFC 4254 §9 */
const CODES = { open: 90, size: 98, data: 94, errors: 95, eof: 96, exit: 97 } as const
const BLOCK = 8
const TAG = 16
/** Message code, channel, length of the string. */
const HEAD = 9

/** One packet. `sequence`: how many went this way before. */
export function emitMessage(message: SshMessage, sequence: number): Uint8Array {
  const text = message.kind === 'data' || message.kind === 'errors' ? message.text : JSON.stringify(message)
  const body = encodeUtf8(text)
  const used = 1 + HEAD + body.length
  const padding = 4 + ((BLOCK - ((used + 4) % BLOCK)) % BLOCK)
  const packet = new Uint8Array(4 + used + padding + TAG)
  const view = new DataView(packet.buffer)
  view.setUint32(0, used + padding)
  packet[4] = padding
  packet[5] = CODES[message.kind]
  view.setUint32(10, body.length)
  packet.set(body, 14)
  return scramble(packet, sequence)
}

/** The first whole packet and what follows it; null while it has not all come. */
export function parseMessage(
  bytes: Uint8Array,
  sequence: number,
): { readonly message: SshMessage | null; readonly rest: Uint8Array } | null {
  if (bytes.length < 4) return null
  const plain = scramble(bytes.slice(), sequence)
  const length = new DataView(plain.buffer).getUint32(0) + 4 + TAG
  if (length > MOST) return { message: null, rest: new Uint8Array() }
  if (bytes.length < length) return null
  const size = new DataView(plain.buffer).getUint32(10)
  const body = decodeUtf8(plain.subarray(14, 14 + size))
  return { message: messageOf(plain[5]!, body), rest: bytes.slice(length) }
}

/** Longer packets are none. */
const MOST = 1 << 20

/** Null: nothing of ours. */
function messageOf(code: number, body: string): SshMessage | null {
  if (code === CODES.data) return { kind: 'data', text: body }
  if (code === CODES.errors) return { kind: 'errors', text: body }
  try {
    return JSON.parse(body) as SshMessage
  } catch {
    return null
  }
}

/** XOR with a stream of numbers (xorshift32): there and back alike. */
function scramble(bytes: Uint8Array, sequence: number): Uint8Array {
  let state = (sequence + 1) * 0x9e3779b1
  for (let i = 0; i < bytes.length; i++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    bytes[i] = bytes[i]! ^ (state & 0xff)
  }
  return bytes
}

/** The peer's version line and what follows it; null while it has not all come. */
export function takeVersion(bytes: Uint8Array): { readonly line: string; readonly rest: Uint8Array } | null {
  const end = bytes.indexOf(10)
  if (end === -1) return null
  return { line: decodeUtf8(bytes.subarray(0, end)).replace(/\r$/, ''), rest: bytes.slice(end + 1) }
}

/** One end of a connection: what came and is not whole yet, and how many packets went each way. */
export interface SshChannel {
  /** False until the peer's version line has come. */
  greeted: boolean
  incoming: Uint8Array
  sent: number
  received: number
}

export function newChannel(): SshChannel {
  return { greeted: false, incoming: new Uint8Array(), sent: 0, received: 0 }
}

/** Takes bytes that came and gives out the messages that are whole; null: the peer does not speak this protocol. */
export function takeMessages(channel: SshChannel, bytes: Uint8Array): SshMessage[] | null {
  channel.incoming = concat([channel.incoming, bytes])
  if (!channel.greeted) {
    const version = takeVersion(channel.incoming)
    if (version === null) return []
    if (!version.line.startsWith('SSH-')) return null
    channel.greeted = true
    channel.incoming = version.rest
  }
  const messages: SshMessage[] = []
  for (;;) {
    const parsed = parseMessage(channel.incoming, channel.received)
    if (parsed === null) return messages
    if (parsed.message === null) return null
    channel.received++
    channel.incoming = parsed.rest
    messages.push(parsed.message)
  }
}
