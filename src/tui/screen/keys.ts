/** Names of keys and the sequences that terminals send for them (xterm's ctlseqs, the Linux console, VT220). */

/** `ctrl+o`, `alt+left`, `shift+tab`, `f6`, `enter`, `a`, `?`. */
export type KeyName = string

const CSI_FINAL: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  F: 'end',
  H: 'home',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
  Z: 'shift+tab',
}

const CSI_NUMBER: Readonly<Record<string, string>> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
  11: 'f1',
  12: 'f2',
  13: 'f3',
  14: 'f4',
  15: 'f5',
  17: 'f6',
  18: 'f7',
  19: 'f8',
  20: 'f9',
  21: 'f10',
  23: 'f11',
  24: 'f12',
}

const CONTROL: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'ctrl+j',
  '\t': 'tab',
  '\u001b': 'escape',
  '\u007f': 'backspace',
  '\b': 'ctrl+h',
  '\0': 'ctrl+space',
  '\u001c': 'ctrl+\\',
  '\u001d': 'ctrl+]',
  '\u001e': 'ctrl+^',
  '\u001f': 'ctrl+_',
  ' ': 'space',
}

/** The key of a CSI sequence's parameters and final byte; null: not a key. */
export function csiKey(parameters: string, final: string): KeyName | null {
  const [first = '', second = ''] = parameters.split(';')
  // `ESC [ 12 ; 40 R` is no key, it says where the cursor stands.
  if (final !== '~' && first !== '' && first !== '1') return null
  const base = final === '~' ? CSI_NUMBER[first] : CSI_FINAL[final]
  return base === undefined ? null : modifiers(second) + base
}

/** Application mode: `ESC O A`. */
export function ss3Key(final: string): KeyName | null {
  return CSI_FINAL[final] ?? (final === 'M' ? 'enter' : null)
}

export function characterKey(char: string): KeyName {
  const named = CONTROL[char]
  if (named !== undefined) return named
  const code = char.charCodeAt(0)
  if (code < 0x20) return `ctrl+${String.fromCharCode(code + 0x60)}`
  return char
}

/** xterm: 1 + (1 shift, 2 alt, 4 ctrl, 8 meta). */
function modifiers(parameter: string): string {
  const bits = (Number(parameter) || 1) - 1
  return (bits & 4 ? 'ctrl+' : '') + (bits & 2 ? 'alt+' : '') + (bits & 1 ? 'shift+' : '')
}
