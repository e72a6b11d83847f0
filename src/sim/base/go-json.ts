/** JSON read as Go's encoding/json does, with its words for what is wrong (scanner.go). Numbers are read as JavaScript's. */
import { ok, type Result, refuse } from './result.ts'

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue }

interface Reader {
  readonly text: string
  at: number
}

class Wrong extends Error {}

/** The first value of the text; what follows it is not looked at, as with a Decoder. */
export function parseGoJson(text: string): Result<JsonValue> {
  const reader: Reader = { text, at: 0 }
  try {
    skipBlanks(reader)
    if (reader.at >= text.length) return refuse('EINVAL', 'EOF')
    return ok(value(reader))
  } catch (error) {
    if (error instanceof Wrong) return refuse('EINVAL', error.message)
    throw error
  }
}

function skipBlanks(reader: Reader): void {
  while (/[ \t\r\n]/.test(reader.text[reader.at] ?? '')) reader.at++
}

function next(reader: Reader): string {
  const character = reader.text[reader.at]
  if (character === undefined) throw new Wrong('unexpected EOF')
  return character
}

function invalid(character: string, where: string): Wrong {
  const shown =
    character === "'" ? `'\\''` : character === '"' ? `'"'` : `'${JSON.stringify(character).slice(1, -1)}'`
  return new Wrong(`invalid character ${shown} ${where}`)
}

function value(reader: Reader): JsonValue {
  skipBlanks(reader)
  const character = next(reader)
  if (character === '{') return object(reader)
  if (character === '[') return array(reader)
  if (character === '"') return string(reader)
  for (const [word, meaning] of WORDS) if (character === word[0]) return literal(reader, word, meaning)
  return number(reader)
}

const WORDS = [
  ['true', true],
  ['false', false],
  ['null', null],
] as const

function literal(reader: Reader, word: string, meaning: boolean | null): boolean | null {
  for (let i = 0; i < word.length; i++, reader.at++) {
    const character = next(reader)
    if (character !== word[i]) throw invalid(character, `in literal ${word} (expecting '${word[i]}')`)
  }
  return meaning
}

function number(reader: Reader): number {
  const found = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/.exec(reader.text.slice(reader.at))
  if (found === null) throw invalid(next(reader), 'looking for beginning of value')
  reader.at += found[0].length
  return Number(found[0])
}

function string(reader: Reader): string {
  const begin = reader.at++
  for (;;) {
    const character = next(reader)
    if (character < ' ') throw invalid(character, 'in string literal')
    reader.at++
    if (character === '"') break
    if (character !== '\\') continue
    const escaped = next(reader)
    if (!'bfnrtu"\\/'.includes(escaped)) throw invalid(escaped, 'in string escape code')
    reader.at++
  }
  return String(JSON.parse(reader.text.slice(begin, reader.at)))
}

function object(reader: Reader): JsonValue {
  const result: { [key: string]: JsonValue } = {}
  reader.at++
  for (let isFirst = true; ; isFirst = false) {
    skipBlanks(reader)
    if (isFirst && next(reader) === '}') break
    if (next(reader) !== '"') throw invalid(next(reader), 'looking for beginning of object key string')
    const key = string(reader)
    skipBlanks(reader)
    if (next(reader) !== ':') throw invalid(next(reader), 'after object key')
    reader.at++
    result[key] = value(reader)
    skipBlanks(reader)
    if (next(reader) === '}') break
    if (next(reader) !== ',') throw invalid(next(reader), 'after object key:value pair')
    reader.at++
  }
  reader.at++
  return result
}

function array(reader: Reader): JsonValue {
  const result: JsonValue[] = []
  reader.at++
  for (let isFirst = true; ; isFirst = false) {
    skipBlanks(reader)
    if (isFirst && next(reader) === ']') break
    result.push(value(reader))
    skipBlanks(reader)
    if (next(reader) === ']') break
    if (next(reader) !== ',') throw invalid(next(reader), 'after array element')
    reader.at++
  }
  reader.at++
  return result
}
