// ifconfig, route and arp on a bridge made by hand: texts of net-tools 2.10 on a real kernel.
import { expect, test } from 'vitest'
import { ip } from '../../../src/commands/iproute2/ip.ts'
import { arp } from '../../../src/commands/net-tools/arp.ts'
import { ifconfig } from '../../../src/commands/net-tools/ifconfig.ts'
import { route } from '../../../src/commands/net-tools/route.ts'
import { openBench } from '../tool-bench.ts'

async function bridged() {
  const bench = openBench()
  for (const line of ['ip link add br0 address 02:00:00:00:00:01 type bridge', 'ip link set br0 up'])
    await bench.run(ip, line)
  return bench
}

test('ifconfig gives a classful mask, then the one it is told', async () => {
  const bench = await bridged()
  await bench.run(ifconfig, 'ifconfig br0 10.44.0.1')
  expect(await bench.run(ifconfig, 'ifconfig br0')).toContain(
    '        inet 10.44.0.1  netmask 255.0.0.0  broadcast 10.255.255.255\n',
  )
  await bench.run(ifconfig, 'ifconfig br0 netmask 255.255.0.0')
  expect(await bench.run(ip, 'ip -4 addr show br0')).toContain(
    'inet 10.44.0.1/16 brd 10.44.255.255 scope global br0\n',
  )
})

test('route adds in front, and refuses only the very same', async () => {
  const bench = await bridged()
  await bench.run(ip, 'ip addr add 10.44.0.1/16 dev br0')
  expect(await bench.run(route, 'route add -net 10.99.0.0 netmask 255.255.0.0 gw 10.44.0.5')).toBe('')
  expect(await bench.run(route, 'route add -net 10.99.0.0/16 gw 10.44.0.5')).toBe(
    'SIOCADDRT: File exists\n[exit 7]\n',
  )
  expect(await bench.run(route, 'route -n')).toContain(
    '10.99.0.0       10.44.0.5       255.255.0.0     UG    0      0        0 br0\n',
  )
  await bench.run(route, 'route del -net 10.99.0.0 netmask 255.255.0.0')
  expect(await bench.run(route, 'route del -net 10.99.0.0 netmask 255.255.0.0')).toBe(
    'SIOCDELRT: No such process\n[exit 7]\n',
  )
})

test('arp sets and deletes what ip neigh shows', async () => {
  const bench = await bridged()
  await bench.run(ip, 'ip addr add 10.44.0.1/16 dev br0')
  expect(await bench.run(arp, 'arp -s 10.44.0.9 02:00:00:00:00:44')).toBe('')
  expect(await bench.run(ip, 'ip neigh')).toContain('10.44.0.9 dev br0 lladdr 02:00:00:00:00:44 PERMANENT \n')
  expect(await bench.run(arp, 'arp -n 10.44.0.9')).toBe(
    'Address                  HWtype  HWaddress           Flags Mask            Iface\n' +
      '10.44.0.9                ether   02:00:00:00:00:44   CM                    br0\n',
  )
  expect(await bench.run(arp, 'arp -d 10.44.0.9')).toBe('')
  expect(await bench.run(arp, 'arp -d 10.44.0.9')).toBe('No ARP entry for 10.44.0.9\n[exit 255]\n')
})
