/** VXLAN headers and VLAN tags: what is emitted is parsed again. */
import { describe, expect, it } from 'vitest'
import type { Frame } from '../../../src/sim/wire/frame.ts'
import { emitFrame, frameLength, parseFrame } from '../../../src/sim/wire/frame-codec.ts'
import { emitVxlan, parseVxlan } from '../../../src/sim/wire/vxlan.ts'

const frame: Frame = {
  destination: 'ff:ff:ff:ff:ff:ff',
  source: '02:42:0a:00:00:01',
  etherType: 0x0806,
  payload: {
    kind: 'arp',
    operation: 'request',
    senderMac: '02:42:0a:00:00:01',
    senderIp: 0x0a000001,
    targetMac: '00:00:00:00:00:00',
    targetIp: 0x0a000002,
  },
}

describe('VXLAN', () => {
  it('eight bytes before the frame, the number in the upper 24 bits', () => {
    const bytes = emitVxlan({ vni: 0x123456, frame })
    expect([...bytes.subarray(0, 8)]).toEqual([8, 0, 0, 0, 0x12, 0x34, 0x56, 0])
    expect(parseVxlan(bytes)).toEqual({ vni: 0x123456, frame })
    expect(emitVxlan({ vni: 0xffffff, frame })[4]).toBe(0xff)
  })

  it('without the valid flag, or too short, it is none', () => {
    const bytes = emitVxlan({ vni: 1, frame })
    bytes[0] = 0
    expect(parseVxlan(bytes)).toBeNull()
    expect(parseVxlan(bytes.subarray(0, 10))).toBeNull()
  })
})

describe('802.1Q tags', () => {
  it('stand between addresses and type; lengths of devices leave them out', () => {
    const tagged: Frame = { ...frame, vlan: { vid: 50, priority: 3 } }
    const bytes = emitFrame(tagged)
    expect([...bytes.subarray(12, 18)]).toEqual([0x81, 0, 0x60, 50, 0x08, 0x06])
    expect(parseFrame(bytes)).toEqual(tagged)
    expect(bytes.length).toBe(frameLength(tagged) + 4)
  })

  it('may be stacked', () => {
    const tagged: Frame = { ...frame, vlan: { vid: 7, priority: 0, inner: { vid: 9, priority: 0 } } }
    expect(parseFrame(emitFrame(tagged))).toEqual(tagged)
  })
})
