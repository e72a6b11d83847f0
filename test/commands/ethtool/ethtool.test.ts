// Offloads, channels and refusals of devices without hardware, as ethtool 6.1 on the lab's kernel.
import { expect, test } from 'vitest'
import { services } from '../../../src/session/services.ts'
import { openSession } from '../../../src/session/session.ts'
import { createWorld } from '../../../src/sim/world/create.ts'

async function run(line: string): Promise<string> {
  const session = openSession(createWorld('lab', { engine: '20.10', seed: 1 }, services))
  await session.waitForPrompt()
  await session.run('ip link add v0 type veth peer name v1; ip link set v0 up; ip link set v1 up')
  let text = ''
  session.onOutput((part) => {
    text += part
  })
  await session.run(line)
  const plain = text.replaceAll('\r', '')
  return plain.slice(plain.indexOf('\n') + 1, plain.lastIndexOf('\n') + 1)
}

test('what sums up is needed by what segments', async () => {
  expect(await run('ethtool -K v0 tx off; ethtool -k v0 | grep -e tx-checksum-ip-g -e tx-tcp6 -e ^tcp')).toBe(
    `Actual changes:
tx-checksum-ip-generic: off
tx-tcp-segmentation: off [not requested]
tx-tcp-ecn-segmentation: off [not requested]
tx-tcp-mangleid-segmentation: off [not requested]
tx-tcp6-segmentation: off [not requested]
tx-udp-segmentation: off [not requested]
tx-checksum-sctp: off
	tx-checksum-ip-generic: off
tcp-segmentation-offload: on
	tx-tcp6-segmentation: off [requested on]
`,
  )
  expect(await run('ethtool -K lo tx off')).toBe(
    'Actual changes:\ntx-checksum-ip-generic: on [requested off]\ntx-checksum-sctp: on [requested off]\n',
  )
  expect(await run('ethtool -K v0 gro on; ethtool -k v0 | grep generic-rec')).toBe(
    'generic-receive-offload: on\n',
  )
})

test('refusals', async () => {
  const none = 'netlink error: no device matches name (offset 24)\nnetlink error: No such device\n1\n'
  expect(await run('ethtool -k nosuch; echo $?')).toBe(none)
  expect(await run('ethtool -g nosuch; echo $?')).toBe(none)
  expect(await run('ethtool -a v0; echo $?')).toBe('netlink error: Operation not supported\n1\n')
  expect(await run('ethtool -Q v0; echo $?')).toBe(
    'ethtool: bad command line argument(s)\nFor more information run ethtool -h\n1\n',
  )
  expect(await run('ethtool -s v0 speed; echo $?')).toBe("ethtool (-s): no value for parameter 'speed'\n1\n")
  expect(await run('ethtool -K v0 foo on; echo $?')).toBe(
    'netlink error: bit name not found (offset 52)\nnetlink error: Operation not supported\n92\n',
  )
})
