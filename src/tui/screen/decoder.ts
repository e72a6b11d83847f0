/**
 * Bytes of the keyboard into events, one key at a time. Characters and sequences may come in pieces; a paste between
 * its brackets is one event. A lone Escape cannot be told from the beginning of a sequence until nothing follows it.
 */
import { characterKey, csiKey, type KeyName, ss3Key } from './keys.ts'

export type InputEvent =
  /** `text` is what the terminal sent, for a program that reads keys itself. */
  | { readonly kind: 'key'; readonly name: KeyName; readonly text: string }
  | { readonly kind: 'paste'; readonly text: string }

export interface Decoder {
  /** All events that are complete. */
  push(bytes: Uint8Array): InputEvent[]
  /** Whether something waits that may be the beginning of a sequence. */
  waiting(): boolean
  /** Nothing follows: what waits is what it looks like. */
  flush(): InputEvent[]
}

const PASTE_BEGIN = '\u001b[200~'
const PASTE_END = '\u001b[201~'
const CSI = /^\u001b\[([0-9;?<=>:]*)([ -/]*)([@-~])/
const CSI_BEGIN = /^\u001b\[[0-9;?<=>:]*[ -/]*$/

export function createDecoder(): Decoder {
  const utf8 = new TextDecoder('utf-8')
  let rest = ''
  let paste: string[] | null = null

  const readPaste = (events: InputEvent[]): boolean => {
    const end = rest.indexOf(PASTE_END)
    if (end < 0) {
      // The end mark itself may be split: keep what could be its beginning.
      const keep = partialEnd(rest)
      paste!.push(rest.slice(0, rest.length - keep))
      rest = rest.slice(rest.length - keep)
      return false
    }
    paste!.push(rest.slice(0, end))
    events.push({ kind: 'paste', text: paste!.join('') })
    paste = null
    rest = rest.slice(end + PASTE_END.length)
    return true
  }

  const read = (final: boolean): InputEvent[] => {
    const events: InputEvent[] = []
    while (rest !== '') {
      if (paste !== null) {
        if (!readPaste(events)) break
        continue
      }
      if (rest.startsWith(PASTE_BEGIN)) {
        rest = rest.slice(PASTE_BEGIN.length)
        paste = []
        continue
      }
      const token = nextToken(rest, final)
      if (token === null) break
      rest = rest.slice(token.text.length)
      if (token.name !== null) events.push({ kind: 'key', name: token.name, text: token.text })
    }
    return events
  }

  return {
    push(bytes) {
      rest += utf8.decode(bytes, { stream: true })
      return read(false)
    },
    waiting: () => rest !== '' && paste === null,
    flush: () => read(true),
  }
}

interface Token {
  /** Null: a report or a sequence that is no key. */
  readonly name: KeyName | null
  readonly text: string
}

/** Null: it may go on. */
function nextToken(text: string, final: boolean): Token | null {
  const char = String.fromCodePoint(text.codePointAt(0)!)
  if (char !== '\u001b') return { name: characterKey(char), text: char }
  if (text.length === 1) return final ? { name: 'escape', text } : null
  const second = String.fromCodePoint(text.codePointAt(1)!)
  if (second === '[') return csiToken(text, final)
  if (second === 'O') {
    if (text.length === 2) return final ? { name: 'alt+O', text } : null
    return { name: ss3Key(text[2]!), text: text.slice(0, 3) }
  }
  if (second === '\u001b') return { name: 'escape', text: char }
  return { name: `alt+${characterKey(second)}`, text: char + second }
}

function csiToken(text: string, final: boolean): Token | null {
  // The Linux console sends ESC [ [ A for F1.
  const linux = /^\u001b\[\[([A-E])/.exec(text)
  if (linux !== null) return { name: `f${linux[1]!.charCodeAt(0) - 0x40}`, text: linux[0] }
  const match = CSI.exec(text)
  if (match !== null) {
    // `ESC [ [` is both a complete sequence and the beginning of a console's function key.
    if (match[0] === '\u001b[[' && text.length === 3 && !final) return null
    return { name: csiKey(match[1]!, match[3]!), text: match[0] }
  }
  if (CSI_BEGIN.test(text) && !final) return null
  return { name: text.length === 2 ? 'alt+[' : null, text: CSI_BEGIN.test(text) ? text : text.slice(0, 2) }
}

/** How many characters at the end may be the beginning of the paste's end mark. */
function partialEnd(text: string): number {
  for (let length = Math.min(PASTE_END.length - 1, text.length); length > 0; length--) {
    if (PASTE_END.startsWith(text.slice(-length))) return length
  }
  return 0
}
