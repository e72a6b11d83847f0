// Spanning tree messages: what is emitted is parsed again; the bytes are those of a recorded frame.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bridgeIdText, type ConfigBpdu, emitBpdu, parseBpdu } from '../../../src/sim/wire/bpdu.ts'
import { emitFrame, frameLength, parseFrame } from '../../../src/sim/wire/frame-codec.ts'

const word = fc.integer({ min: 0, max: 0xffff })
const mac = fc
  .uint8Array({ minLength: 6, maxLength: 6 })
  .map((bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(':'))
const id = fc.tuple(word, mac).map(([priority, address]) => bridgeIdText(priority, address))

const config: fc.Arbitrary<ConfigBpdu> = fc.record({
  kind: fc.constant('config' as const),
  topologyChange: fc.boolean(),
  topologyChangeAck: fc.boolean(),
  root: id,
  rootCost: fc.integer({ min: 0, max: 0xffffffff }),
  bridge: id,
  port: word,
  messageAge: word,
  maxAge: word,
  helloTime: word,
  forwardDelay: word,
})

test('any message comes back as it was, padded to the least length of a frame too', () => {
  fc.assert(
    fc.property(config, fc.nat({ max: 20 }), (bpdu, padding) => {
      const bytes = emitBpdu(bpdu)
      const padded = new Uint8Array(bytes.length + padding)
      padded.set(bytes)
      expect(parseBpdu(padded)).toEqual(bpdu)
    }),
  )
  expect(parseBpdu(emitBpdu({ kind: 'tcn' }))).toEqual({ kind: 'tcn' })
})

test('any bytes are a message or none', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const bpdu = parseBpdu(Uint8Array.of(0x42, 0x42, 3, 0, 0, 0, ...bytes))
      expect(bpdu === null || bpdu.kind === 'tcn' || bpdu.kind === 'config').toBe(true)
    }),
  )
})

test('a frame of a real bridge', () => {
  const hex =
    '0180c20000009a42e3d0c2f90026424203' +
    '0000000000800026eac4b486cc00000000800026eac4b486cc80010000140001000200'
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
  const frame = parseFrame(bytes)
  expect(frame.etherType).toBe(38)
  expect(frameLength(frame)).toBe(52)
  expect(emitFrame(frame)).toEqual(bytes)
  const bpdu = frame.payload.kind === 'raw' ? parseBpdu(frame.payload.bytes) : null
  expect(bpdu).toEqual({
    kind: 'config',
    topologyChange: false,
    topologyChangeAck: false,
    root: '8000.26eac4b486cc',
    rootCost: 0,
    bridge: '8000.26eac4b486cc',
    port: 0x8001,
    messageAge: 0,
    maxAge: 20 * 256,
    helloTime: 256,
    forwardDelay: 512,
  })
})
