import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDecoder, type InputEvent } from '../../src/tui/screen/decoder.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const names = (events: readonly InputEvent[]): string[] =>
  events.map((event) => (event.kind === 'key' ? event.name : `paste:${event.text}`))

function decode(text: string): string[] {
  const decoder = createDecoder()
  return names([...decoder.push(bytes(text)), ...decoder.flush()])
}

describe('the decoder', () => {
  it('gives one key at a time', () => {
    expect(decode('abc\r')).toEqual(['a', 'b', 'c', 'enter'])
    expect(decode('\u0003\u000f\t\u007f ')).toEqual(['ctrl+c', 'ctrl+o', 'tab', 'backspace', 'space'])
  })

  it('knows the sequences of xterm, VT220, the Linux console and application mode', () => {
    expect(decode('\u001b[A\u001bOB\u001b[1;5C\u001b[5~\u001b[17~\u001b[[A\u001bOP\u001b[Z')).toEqual([
      'up',
      'down',
      'ctrl+right',
      'pageup',
      'f6',
      'f1',
      'f1',
      'shift+tab',
    ])
    expect(decode('\u001b[1;3D\u001bf\u001b[5;2~')).toEqual(['alt+left', 'alt+f', 'shift+pageup'])
  })

  it('tells Escape from the beginning of a sequence by what follows', () => {
    const decoder = createDecoder()
    expect(decoder.push(bytes('\u001b'))).toEqual([])
    expect(decoder.waiting()).toBe(true)
    expect(names(decoder.push(bytes('[A')))).toEqual(['up'])
    decoder.push(bytes('\u001b'))
    expect(names(decoder.flush())).toEqual(['escape'])
    expect(decode('\u001b\u001b')).toEqual(['escape', 'escape'])
  })

  it('makes one event of a paste, escapes and all', () => {
    expect(decode('a\u001b[200~ls\r\u001b[A\nrm\u001b[201~b')).toEqual(['a', 'paste:ls\r\u001b[A\nrm', 'b'])
  })

  it('leaves out reports', () => {
    expect(decode('\u001b[12;40Rx\u001b[?62;c')).toEqual(['x'])
    expect(decode('\u001b[I\u001b[Oy')).toEqual(['y'])
  })

  it('gives the same keys however the bytes are cut', () => {
    const piece = fc.constantFrom(
      'a',
      'é',
      '漢',
      '😀',
      '\u001b[A',
      '\u001b[1;5C',
      '\u001bOB',
      '\u001bf',
      '\r',
      '\u001b[200~x\u001b[y\u001b[201~',
    )
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 12 }),
        fc.array(fc.nat(60), { maxLength: 8 }),
        (pieces, cuts) => {
          const all = bytes(pieces.join(''))
          const decoder = createDecoder()
          const whole = createDecoder()
          const events: InputEvent[] = []
          const places = [...new Set(cuts)].filter((cut) => cut < all.length).sort((a, b) => a - b)
          let from = 0
          for (const to of [...places, all.length]) {
            events.push(...decoder.push(all.slice(from, to)))
            from = to
          }
          expect([...events, ...decoder.flush()]).toEqual([...whole.push(all), ...whole.flush()])
        },
      ),
    )
  })

  it('takes 10 MB of paste in small pieces', () => {
    const decoder = createDecoder()
    decoder.push(bytes('\u001b[200~'))
    const chunk = bytes('x'.repeat(65536))
    for (let i = 0; i < 160; i++) decoder.push(chunk)
    const [event] = decoder.push(bytes('\u001b[201~'))
    expect(event?.kind === 'paste' && event.text.length).toBe(160 * 65536)
  })
})
