/** How many columns a character takes on a terminal. wcwidth(3), Unicode UAX #11; combining marks take none. */

const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x23e9, 0x23ec],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe4f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x1fa70, 0x1faff],
  [0x20000, 0x3fffd],
]

export function characterWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x20 || code === 0x7f) return 2
  if (code < 0x300) return 1
  if (/^[\p{Mn}\p{Me}\p{Cf}]/u.test(character)) return 0
  return WIDE.some(([low, high]) => code >= low && code <= high) ? 2 : 1
}

export function textWidth(text: string): number {
  let width = 0
  for (const character of text) width += characterWidth(character)
  return width
}

/** Control characters as `^C`. */
export function visible(character: string): string {
  const code = character.charCodeAt(0)
  return code < 0x20 || code === 0x7f ? `^${String.fromCharCode(code ^ 64)}` : character
}
