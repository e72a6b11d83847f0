// How tcpdump words spanning tree, with its options; texts of the real one.
import { expect, test } from 'vitest'
import { wordEthernet, wordNetwork } from '../../../src/render/tcpdump/network.ts'
import { type Bpdu, emitBpdu } from '../../../src/sim/wire/bpdu.ts'
import type { Frame } from '../../../src/sim/wire/frame.ts'

const style = { numeric: true, verbosity: 0, quick: false, linkLevel: false, base: null, names: new Map() }

function frameOf(bpdu: Bpdu): Frame {
  const bytes = emitBpdu(bpdu)
  const payload = { kind: 'raw', bytes } as const
  return { destination: '01:80:c2:00:00:00', source: '02:00:00:00:0a:01', etherType: bytes.length, payload }
}

const config = (topologyChange: boolean, topologyChangeAck: boolean): Frame =>
  frameOf({
    kind: 'config',
    topologyChange,
    topologyChangeAck,
    root: '8000.020000000a00',
    rootCost: 7,
    bridge: '8000.020000000b00',
    port: 0x8002,
    messageAge: 384,
    maxAge: 20 * 256,
    helloTime: 512,
    forwardDelay: 15 * 256,
  })

test('flags, and the times with -v', () => {
  const line = (flags: string): string =>
    `STP 802.1d, Config, Flags [${flags}], bridge-id 8000.02:00:00:00:0b:00.8002, length 35`
  expect(wordNetwork(config(false, false), style, true)).toBe(line('none'))
  expect(wordNetwork(config(true, true), style, true)).toBe(line('Topology change, Topology change ACK'))
  expect(wordNetwork(config(true, false), { ...style, verbosity: 1 }, true)).toBe(
    `${line('Topology change')}\n\tmessage-age 1.50s, max-age 20.00s, hello-time 2.00s, forwarding-delay 15.00s` +
      '\n\troot-id 8000.02:00:00:00:0a:00, root-pathcost 7',
  )
})

test('-e: the length stands where the type does', () => {
  expect(wordEthernet(frameOf({ kind: 'tcn' }), { ...style, linkLevel: true })).toBe(
    '02:00:00:00:0a:01 > 01:80:c2:00:00:00, 802.3, length 7: LLC, dsap STP (0x42) Individual,' +
      ' ssap STP (0x42) Command, ctrl 0x03: STP 802.1d, Topology Change',
  )
})
