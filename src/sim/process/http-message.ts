/** HTTP/1.x heads. RFC 9112. */
import { decodeUtf8, encodeUtf8 } from '../base/utf8.ts'

export interface HttpHead {
  /** `GET / HTTP/1.1` or `HTTP/1.1 200 OK`. */
  readonly startLine: string
  readonly headers: readonly (readonly [string, string])[]
  /** The head as it came, blank line and all. */
  readonly raw: string
  /** Where the body begins. */
  readonly length: number
}

/** Null while the blank line has not come. */
export function parseHead(bytes: Uint8Array): HttpHead | null {
  const end = endOfHead(bytes)
  if (end < 0) return null
  const raw = decodeUtf8(bytes.subarray(0, end))
  const lines = raw.split(/\r?\n/)
  const headers: (readonly [string, string])[] = []
  for (const line of lines.slice(1)) {
    const colon = line.indexOf(':')
    if (colon > 0) headers.push([line.slice(0, colon), line.slice(colon + 1).trim()])
  }
  return { startLine: lines[0] ?? '', headers, raw, length: end }
}

/** Index after the blank line, or −1. */
function endOfHead(bytes: Uint8Array): number {
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] !== 10) continue
    if (bytes[i + 1] === 10) return i + 2
    if (bytes[i + 1] === 13 && bytes[i + 2] === 10) return i + 3
  }
  return -1
}

export function header(head: HttpHead, name: string): string | null {
  const wanted = name.toLowerCase()
  return head.headers.find(([key]) => key.toLowerCase() === wanted)?.[1] ?? null
}

export function emitHead(startLine: string, headers: readonly (readonly [string, string])[]): Uint8Array {
  const lines = [startLine, ...headers.map(([name, value]) => `${name}: ${value}`)]
  return encodeUtf8(`${lines.join('\r\n')}\r\n\r\n`)
}
