/**
 * One row of output, built field by field, so that text and JSON always say the same. lib/json_print.c and
 * lib/color.c of iproute2: `-j` prints the keys, `-p` indents, `-o` puts a backslash for each line end, `-c` colours.
 */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json | undefined }
  | RawNumber

/** A number that keeps its decimals: `0.00`. */
export class RawNumber {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export type Color = 'name' | 'mac' | 'inet' | 'inet6' | 'up' | 'down'
const CODE: Readonly<Record<Color, number>> = { name: 36, mac: 33, inet: 35, inet6: 34, up: 32, down: 31 }

export class Fields {
  text = ''
  readonly json: { [key: string]: Json | undefined } = {}
  readonly colored: boolean

  constructor(colored = false) {
    this.colored = colored
  }

  /** Text alone. */
  put(text: string): this {
    this.text += text
    return this
  }

  /** Key and value for JSON, `text` for everything else. */
  add(key: string, value: Json, text: string, color?: Color): this {
    this.json[key] = value
    return this.paint(text, color)
  }

  paint(text: string, color?: Color): this {
    this.text += color !== undefined && this.colored ? `\x1b[${CODE[color]}m${text}\x1b[0m` : text
    return this
  }

  only(key: string, value: Json): this {
    this.json[key] = value
    return this
  }
}

export function compactJson(value: Json): string {
  if (value instanceof RawNumber) return value.text
  if (Array.isArray(value)) return `[${value.map(compactJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const parts = Object.entries(value as { [key: string]: Json | undefined })
    .filter(([, one]) => one !== undefined)
    .map(([key, one]) => `${JSON.stringify(key)}:${compactJson(one as Json)}`)
  return `{${parts.join(',')}}`
}

/** Each bracket and brace indents by four; lists of plain values stay on their line. */
export function prettyJson(value: Json, depth = 0): string {
  if (value instanceof RawNumber || typeof value !== 'object' || value === null) return compactJson(value)
  if (Array.isArray(value)) {
    return value.length === 0 ? '[ ]' : `[ ${value.map((one) => prettyJson(one, depth + 1)).join(',')} ]`
  }
  const inside = ' '.repeat(4 * (depth + 1))
  const parts = Object.entries(value as { [key: string]: Json | undefined })
    .filter(([, one]) => one !== undefined)
    .map(([key, one]) => `${inside}${JSON.stringify(key)}: ${prettyJson(one as Json, depth + 1)}`)
  return `{\n${parts.join(',\n')}\n${' '.repeat(4 * depth)}}`
}

export interface Style {
  readonly json: boolean
  readonly pretty: boolean
  readonly oneline: boolean
  readonly color: boolean
}

/** All rows of one command: text, or one JSON array. */
export function printRows(rows: readonly Fields[], style: Style): string {
  if (style.json) {
    const list = rows.map((row) => row.json).filter((row) => Object.keys(row).length > 0)
    return `${style.pretty ? prettyJson(list) : compactJson(list)}\n`
  }
  return rows.map((row) => (style.oneline ? onOneLine(row.text) : row.text)).join('')
}

function onOneLine(text: string): string {
  return `${text.replace(/\n$/, '').replaceAll('\n', '\\')}\n`
}
