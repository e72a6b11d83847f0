/** UTF-8 without the platform's encoder. RFC 3629; ill-formed input becomes U+FFFD as in the WHATWG decoder. */

export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = []
  for (const character of text) {
    const code = character.codePointAt(0)!
    const point = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code
    if (point < 0x80) bytes.push(point)
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), 0x80 | (point & 63))
    else if (point < 0x10000)
      bytes.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63))
    else {
      bytes.push(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 63))
      bytes.push(0x80 | ((point >> 6) & 63), 0x80 | (point & 63))
    }
  }
  return Uint8Array.from(bytes)
}

/** Lowest and highest second byte that a first byte allows (RFC 3629 §4), and how many bytes follow it. */
function leading(byte: number): { follow: number; low: number; high: number } | null {
  if (byte >= 0xc2 && byte <= 0xdf) return { follow: 1, low: 0x80, high: 0xbf }
  if (byte >= 0xe0 && byte <= 0xef)
    return { follow: 2, low: byte === 0xe0 ? 0xa0 : 0x80, high: byte === 0xed ? 0x9f : 0xbf }
  if (byte >= 0xf0 && byte <= 0xf4)
    return { follow: 3, low: byte === 0xf0 ? 0x90 : 0x80, high: byte === 0xf4 ? 0x8f : 0xbf }
  return null
}

export function decodeUtf8(bytes: Uint8Array): string {
  let text = ''
  let i = 0
  while (i < bytes.length) {
    const first = bytes[i++]!
    if (first < 0x80) {
      text += String.fromCharCode(first)
      continue
    }
    const lead = leading(first)
    if (lead === null) {
      text += '\ufffd'
      continue
    }
    let point = first & (0x3f >> lead.follow)
    let taken = 0
    while (taken < lead.follow && i < bytes.length) {
      const next = bytes[i]!
      const low = taken === 0 ? lead.low : 0x80
      const high = taken === 0 ? lead.high : 0xbf
      if (next < low || next > high) break
      point = (point << 6) | (next & 63)
      i++
      taken++
    }
    text += taken === lead.follow ? String.fromCodePoint(point) : '\ufffd'
  }
  return text
}
