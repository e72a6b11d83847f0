/** How a cell looks, as a number: SGR attributes (ECMA-48 §8.3.117) in one canonical form, kept once each. */

export interface Attributes {
  bold: boolean
  dim: boolean
  italic: boolean
  underline: boolean
  inverse: boolean
  strike: boolean
  /** SGR parameters: `31`, `38;5;208`; empty: the terminal's own. */
  foreground: string
  background: string
}

export const PLAIN = 0

const ids = new Map<string, number>([['', PLAIN]])
const codes: string[] = ['']

/** The id of SGR parameters such as `1;31`. */
export function styleId(sgr: string): number {
  let id = ids.get(sgr)
  if (id === undefined) {
    id = codes.length
    codes.push(sgr)
    ids.set(sgr, id)
  }
  return id
}

export function sgrOf(id: number): string {
  return codes[id]!
}

export function plainAttributes(): Attributes {
  return {
    bold: false,
    dim: false,
    italic: false,
    underline: false,
    inverse: false,
    strike: false,
    foreground: '',
    background: '',
  }
}

export function attributesId(a: Attributes): number {
  let sgr = ''
  if (a.bold) sgr += ';1'
  if (a.dim) sgr += ';2'
  if (a.italic) sgr += ';3'
  if (a.underline) sgr += ';4'
  if (a.inverse) sgr += ';7'
  if (a.strike) sgr += ';9'
  if (a.foreground !== '') sgr += `;${a.foreground}`
  if (a.background !== '') sgr += `;${a.background}`
  return styleId(sgr.slice(1))
}

/** Applies the parameters of one `ESC[…m`. */
export function applySgr(a: Attributes, parameters: string): void {
  const values = parameters === '' ? [0] : parameters.split(/[;:]/).map(Number)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (value === 38 || value === 48) {
      const length = values[i + 1] === 2 ? 5 : 3
      const color = values.slice(i, i + length).join(';')
      if (value === 38) a.foreground = color
      else a.background = color
      i += length - 1
    } else applyOne(a, value)
  }
}

function applyOne(a: Attributes, value: number): void {
  if (value === 0) Object.assign(a, plainAttributes())
  else if (value === 1) a.bold = true
  else if (value === 2) a.dim = true
  else if (value === 3) a.italic = true
  else if (value === 4) a.underline = true
  else if (value === 7) a.inverse = true
  else if (value === 9) a.strike = true
  else if (value === 22) a.bold = a.dim = false
  else if (value === 23) a.italic = false
  else if (value === 24) a.underline = false
  else if (value === 27) a.inverse = false
  else if (value === 29) a.strike = false
  else if (value === 39) a.foreground = ''
  else if (value === 49) a.background = ''
  else if ((value >= 30 && value <= 37) || (value >= 90 && value <= 97)) a.foreground = String(value)
  else if ((value >= 40 && value <= 47) || (value >= 100 && value <= 107)) a.background = String(value)
}

/** The same without colours (NO_COLOR): weight, underline and inverse stay. */
export function withoutColor(sgr: string): string {
  const a = plainAttributes()
  applySgr(a, sgr === '' ? '0' : sgr)
  a.foreground = a.background = ''
  return sgrOf(attributesId(a))
}
