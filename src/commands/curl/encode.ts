/** How curl writes bytes into heads and URLs. RFC 4648 §4, RFC 3986 §2.1 */
import { encodeUtf8 } from '../../sim/base/utf8.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

export function base64(text: string): string {
  const bytes = encodeUtf8(text)
  let out = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    const digits = [18, 12, 6, 0].map((shift) => ALPHABET[(group >> shift) & 63])
    const missing = Math.max(0, i + 3 - bytes.length)
    out += digits.slice(0, 4 - missing).join('') + '='.repeat(missing)
  }
  return out
}

export function urlEncode(text: string): string {
  return [...encodeUtf8(text)]
    .map((byte) => String.fromCharCode(byte))
    .map((one) =>
      /[A-Za-z0-9._~-]/.test(one) ? one : `%${one.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('')
}
