// brctl of bridge-utils 1.7 and of busybox on the same bridge; texts from a recording.
import { expect, test } from 'vitest'
import { brctl } from '../../../src/commands/bridge-utils/brctl.ts'
import { busyboxBrctl } from '../../../src/commands/busybox/brctl.ts'
import { ip } from '../../../src/commands/iproute2/ip.ts'
import { openBench } from '../tool-bench.ts'

const HEAD = 'bridge name\tbridge id\t\tSTP enabled\tinterfaces\n'

test('a bridge without ports has no address in its id', async () => {
  const bench = openBench()
  expect(await bench.run(brctl, 'brctl addbr br1')).toBe('')
  expect(await bench.run(brctl, 'brctl show br1')).toBe(`${HEAD}br1\t\t8000.000000000000\tno\t\t\n`)
  expect(await bench.run(busyboxBrctl, 'brctl show br1')).toBe(`${HEAD}br1\t\t8000.000000000000\tno\n`)
})

test('it takes the lowest address of its ports, and lists them in order of joining', async () => {
  const bench = openBench()
  await bench.run(brctl, 'brctl addbr br1')
  for (const [name, mac] of [
    ['x', '02:00:00:00:00:09'],
    ['y', '02:00:00:00:00:05'],
  ]) {
    await bench.run(ip, `ip link add ${name} address ${mac} type veth peer name p${name}`)
    await bench.run(brctl, `brctl addif br1 ${name}`)
  }
  const expected = `${HEAD}br1\t\t8000.020000000005\tno\t\tx\n\t\t\t\t\t\t\ty\n`
  expect(await bench.run(brctl, 'brctl show')).toBe(expected)
  expect(await bench.run(busyboxBrctl, 'brctl show')).toBe(expected)
  await bench.run(brctl, 'brctl delif br1 y')
  expect(await bench.run(brctl, 'brctl show br1')).toBe(`${HEAD}br1\t\t8000.020000000009\tno\t\tx\n`)
})

test.each([
  ['brctl showmac x', 'never heard of command [showmac]\nUsage: brctl [commands]\n'],
  ['brctl show nosuch', 'bridge nosuch does not exist!\n[exit 1]\n'],
  ['brctl showmacs nosuch', 'read of forward table failed: No such device\n[exit 1]\n'],
  [
    'brctl showmacs',
    'Incorrect number of arguments for command\nUsage: brctl showmacs <bridge>\t\tshow a list of mac addrs\n[exit 1]\n',
  ],
  ['brctl delbr nosuch', "bridge nosuch doesn't exist; can't delete it\n[exit 1]\n"],
  ['brctl addbr lo', "device lo already exists; can't create bridge with the same name\n[exit 1]\n"],
  ['brctl addif nosuch lo', 'bridge nosuch does not exist!\n[exit 1]\n'],
])('%s', async (line, expected) => {
  expect(await openBench().run(brctl, line)).toContain(expected)
})
