// What `ip` prints of namespaces built by hand: texts from a recording of iproute2 6.1.0 on a real kernel.
import { describe, expect, test } from 'vitest'
import { ip } from '../../../src/commands/iproute2/ip.ts'
import { type Bench, openBench } from '../tool-bench.ts'

const MAC = /([0-9a-f]{2}:){5}[0-9a-f]{2}(?= brd ff)/g

async function run(bench: Bench, ...lines: string[]): Promise<string> {
  let text = ''
  for (const line of lines) text = await bench.run(ip, line)
  return text.replace(MAC, 'MAC').replace(/inet6 fe80::\S+/g, 'inet6 LINKLOCAL')
}

describe('two namespaces and a veth pair', () => {
  test('both ends are made, the peer first; one moves and keeps its number', async () => {
    const bench = openBench()
    const both = await run(
      bench,
      'ip netns add red',
      'ip link add veth-red type veth peer name veth-blue',
      'ip link show type veth',
    )
    expect(both).toMatch(
      /^(\d+): veth-blue@veth-red: <BROADCAST,MULTICAST,M-DOWN> mtu 1500 qdisc noop state DOWN/,
    )
    const first = Number(both.split(':')[0])
    const moved = await run(bench, 'ip link set veth-red netns red', 'ip link show type veth')
    expect(moved).toBe(
      `${first}: veth-blue@if${first + 1}: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN mode DEFAULT group default qlen 1000\n` +
        '    link/ether MAC brd ff:ff:ff:ff:ff:ff link-netns red\n',
    )
    expect(await run(bench, 'ip -n red link')).toBe(
      '1: lo: <LOOPBACK> mtu 65536 qdisc noop state DOWN mode DEFAULT group default qlen 1000\n' +
        '    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n' +
        `${first + 1}: veth-red@if${first}: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN mode DEFAULT group default qlen 1000\n` +
        '    link/ether MAC brd ff:ff:ff:ff:ff:ff link-netnsid 0\n',
    )
  })

  test('a route comes with the device, `linkdown` until the other end is up', async () => {
    const bench = openBench()
    await run(
      bench,
      'ip netns add red',
      'ip netns add blue',
      'ip link add r type veth peer name b',
      'ip link set r netns red',
      'ip link set b netns blue',
    )
    expect(await run(bench, 'ip -n red addr add 10.0.0.1/24 dev r', 'ip -n red route')).toBe('')
    expect(await run(bench, 'ip -n red link set r up', 'ip -n red route')).toBe(
      '10.0.0.0/24 dev r proto kernel scope link src 10.0.0.1 linkdown \n',
    )
    await run(bench, 'ip -n blue link set b up')
    expect(await run(bench, 'ip -n red route')).toBe(
      '10.0.0.0/24 dev r proto kernel scope link src 10.0.0.1 \n',
    )
    expect(await run(bench, 'ip netns')).toBe('blue (id: 1)\nred (id: 0)\n')
    await run(bench, 'ip -n red link del r')
    expect(await run(bench, 'ip -n blue -br link')).toBe(
      'lo               DOWN           00:00:00:00:00:00 <LOOPBACK> \n',
    )
    expect(await run(bench, 'ip netns del red', 'ip netns list')).toBe('blue (id: 1)\n')
  })
})

describe('mistakes', () => {
  test.each([
    ['ip adr', 'Object "adr" is unknown, try "ip help".\n[exit 1]\n'],
    ['ip link show nosuch', 'Device "nosuch" does not exist.\n[exit 1]\n'],
    ['ip addr show dev', 'Command line is not complete. Try option "help"\n[exit 255]\n'],
    [
      'ip addr add 10.0.0.300/24 dev lo',
      'Error: any valid prefix is expected rather than "10.0.0.300/24".\n[exit 1]\n',
    ],
    ['ip addr del 10.0.0.1/24 dev lo', 'Error: ipv4: Address not found.\n[exit 2]\n'],
    ['ip link add lo type dummy', 'RTNETLINK answers: File exists\n[exit 2]\n'],
    ['ip link add averyveryverylongname type veth', 'Error: Attribute failed policy validation.\n[exit 2]\n'],
    ['ip link add br0 type brigde', 'Error: Unknown device type.\n[exit 2]\n'],
    [
      'ip link set lo master nosuch',
      'Error: argument "nosuch" is wrong: Device does not exist\n\n[exit 255]\n',
    ],
    ['ip link del lo', 'RTNETLINK answers: Operation not supported\n[exit 2]\n'],
    ['ip route add default via 10.1.1.1', 'Error: Nexthop has invalid gateway.\n[exit 2]\n'],
    ['ip route add 10.0.0.1/8 dev lo', 'Error: Invalid prefix for given prefix length.\n[exit 2]\n'],
    ['ip route del 10.99.0.0/16', 'RTNETLINK answers: No such process\n[exit 2]\n'],
    ['ip neigh del 192.168.178.77 dev lo', 'RTNETLINK answers: No such file or directory\n[exit 2]\n'],
    [
      'ip netns exec nosuch ip addr',
      'Cannot open network namespace "nosuch": No such file or directory\n[exit 255]\n',
    ],
    ['ip netns add a/b', 'Invalid netns name "a/b"\n[exit 255]\n'],
    [
      'ip netns del nosuch',
      'Cannot remove namespace file "/run/netns/nosuch": No such file or directory\n[exit 1]\n',
    ],
    ['ip -x addr', 'Option "-x" is unknown, try "ip -help".\n[exit 255]\n'],
    [
      'ip ntable',
      "docker-net-tutor: 'ip ntable' exists on a real host but is not modelled here\n[exit 95]\n",
    ],
    ['ip -4 maddr show dev lo', '1:\tlo\n\tinet  224.0.0.1\n'],
    ['ip maddr foo', 'Command "foo" is unknown, try "ip maddr help".\n[exit 255]\n'],
  ])('%s', async (line, expected) => {
    expect(await openBench().run(ip, line)).toBe(expected)
  })

  test('without CAP_NET_ADMIN nothing changes', async () => {
    const bench = openBench()
    bench.process.capabilities.delete('NET_ADMIN')
    expect(await bench.run(ip, 'ip link set lo down')).toBe(
      'RTNETLINK answers: Operation not permitted\n[exit 2]\n',
    )
  })
})

test('JSON says what the text says', async () => {
  const bench = openBench()
  const rows = JSON.parse(await bench.run(ip, 'ip -j addr show lo')) as {
    ifname: string
    addr_info: { local: string }[]
  }[]
  expect(rows[0]?.ifname).toBe('lo')
  expect(rows[0]?.addr_info[0]?.local).toBe('127.0.0.1')
  expect(await bench.run(ip, 'ip -j -p link show lo')).toMatch(
    /^\[ \{\n {8}"ifindex": 1,\n {8}"ifname": "lo",\n {8}"flags": \[ "LOOPBACK",/,
  )
})
