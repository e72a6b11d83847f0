// busybox's `ip` knows nothing of other namespaces: texts of the seed document and of recordings.
import { expect, test } from 'vitest'
import { busyboxIp } from '../../../src/commands/busybox/ip.ts'
import { ip } from '../../../src/commands/iproute2/ip.ts'
import { openBench } from '../tool-bench.ts'

test('the other end counts as down where it cannot be seen', async () => {
  const bench = openBench()
  await bench.run(ip, 'ip netns add box')
  await bench.run(ip, 'ip link add v0 mtu 1400 index 50 type veth peer name eth9 netns box')
  await bench.run(ip, 'ip link set v0 up')
  await bench.run(ip, 'ip -n box link set eth9 up')
  const box = [...bench.kernel.namespaces.values()].at(-1)!
  box.nextIfindex = 60
  expect(await bench.run(busyboxIp, 'ip link show v0')).toMatch(
    /^50: v0@\S+: <BROADCAST,MULTICAST,UP,LOWER_UP(,M-DOWN)?> mtu 1400 qdisc noqueue qlen 1000\n {4}link\/ether /,
  )
})

test.each([
  ['ip addr foo', "ip: invalid argument 'foo' to 'ip'\n[exit 1]\n"],
  ['ip link show nosuch', "ip: can't find device 'nosuch'\n[exit 2]\n"],
  ['ip addr show nosuch', "ip: can't find device 'nosuch'\n[exit 1]\n"],
  ['ip link --help', "ip: invalid argument '--help' to 'ip'\n[exit 2]\n"],
  ['ip link set nosuch up', 'ip: SIOCGIFFLAGS: No such device\n[exit 2]\n'],
  ['ip route add default via 10.9.9.9', 'ip: RTNETLINK answers: Network is unreachable\n[exit 2]\n'],
  ['ip route del 10.99.0.0/16', 'ip: RTNETLINK answers: No such process\n[exit 2]\n'],
  ['ip neigh add 10.0.0.5 dev lo', "ip: invalid argument 'add' to 'ip'\n[exit 1]\n"],
  [
    'ip rule',
    '0:\tfrom all lookup local \n32766:\tfrom all lookup main \n32767:\tfrom all lookup default \n',
  ],
])('%s', async (line, expected) => {
  expect(await openBench().run(busyboxIp, line)).toBe(expected)
})

test('two blanks before src, and no protocol', async () => {
  const bench = openBench()
  await bench.run(ip, 'ip link add br0 type bridge')
  await bench.run(busyboxIp, 'ip addr add 10.5.0.1/24 dev br0')
  await bench.run(busyboxIp, 'ip link set br0 up')
  expect(await bench.run(busyboxIp, 'ip route')).toContain('10.5.0.0/24 dev br0 scope link  src 10.5.0.1 \n')
})
