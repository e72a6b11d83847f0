/** The drivers macvlan and ipvlan, as a session at a host with Docker finds them. */
import { describe, expect, it } from 'vitest'
import { replay } from '../../../src/headless/replay.ts'

const on = (world: string, lines: readonly string[]): Promise<string> =>
  replay(`${lines.join('\n')}\n`, { world, engine: '20.10', seed: 1 })

const LAN = '--subnet 192.168.178.0/24 --gateway 192.168.178.1 --ip-range 192.168.178.192/27 -o parent=eth0'

describe('macvlan networks', () => {
  it('a VLAN sub-interface is made for the network and goes with it', async () => {
    const text = await on('linux', [
      'host1$ docker network create -d macvlan --subnet 10.50.0.0/24 -o parent=eth0.50 v50',
      'host1$ docker run -d --name web --network v50 nginx',
      'host1$ docker exec web cat /sys/class/net/eth0/address',
      'host1$ ip -d link show eth0.50',
      'host1$ docker rm -f web',
      'host1$ docker network rm v50',
      'host1$ ip -br link show eth0.50',
    ])
    expect(text).toContain('| 02:42:0a:32:00:02\n')
    expect(text).toContain('vlan protocol 802.1Q id 50 <REORDER_HDR>')
    expect(text).toContain('| Device "eth0.50" does not exist.\n')
  })

  it('without a parent, and with --internal, a dummy of its own', async () => {
    const text = await on('linux', [
      'host1$ docker network create -d macvlan --subnet 10.51.0.0/24 one',
      'host1$ docker network create -d macvlan --internal --subnet 10.52.0.0/24 -o parent=eth0 two',
      'host1$ ip -br link show type dummy',
      'host1$ docker network rm one two',
      'host1$ ip -br link show type dummy',
    ])
    expect(text.match(/\| dm-[0-9a-f]{12}/g)).toHaveLength(2)
  })

  it('publishes nothing and leaves no device behind', async () => {
    const text = await on('lab', [
      `host1$ docker network create -d macvlan ${LAN} lan`,
      'host1$ docker run -d --name web --network lan -p 8080:80 nginx',
      'host1$ docker port web',
      'client$ curl -s http://192.168.178.192 | grep -c Welcome',
      'host1$ curl -sS -m 1 http://192.168.178.192',
      'host1$ docker rm -f web',
      'client$ ping -c 1 -W 1 192.168.178.192',
      'host1$ docker network rm lan',
    ])
    expect(text).toContain('grep -c Welcome\n| 2\n')
    expect(text).toContain('curl: (28)')
    expect(text).toContain('100% packet loss')
    expect(text).toContain('docker network rm lan\n| lan\n')
  })
})

describe('ipvlan networks', () => {
  it('l2: the host’s own address on the wire, a router outside', async () => {
    const text = await on('linux', [
      `host1$ docker network create -d ipvlan ${LAN} lan`,
      'host1$ docker run -dit --name box --network lan busybox',
      'box# ip route',
      'client$ ping -c 1 192.168.178.192',
      'client$ ip neigh show 192.168.178.192',
    ])
    expect(text).toContain('| default via 192.168.178.1 dev eth0 \n')
    expect(text).toContain('1 received')
    expect(text).toContain('lladdr 52:54:00:a8:b2:64')
  })

  it('l3: no gateway and no ARP', async () => {
    const text = await on('linux', [
      'host1$ docker network create -d ipvlan --subnet 10.70.0.0/24 -o parent=eth0 -o ipvlan_mode=l3 l3',
      'host1$ docker run -dit --name box --network l3 busybox',
      'box# ip route',
      'box# ip link show eth0',
    ])
    expect(text).toContain('| default dev eth0 scope link \n')
    expect(text).toContain('NOARP')
  })

  it('says what is wrong with a parent or a mode', async () => {
    const create = 'host1$ docker network create -d ipvlan --subnet 10.71.0.0/24'
    const text = await on('linux', [
      `${create} -o parent=eth0 -o ipvlan_mode=l4 x`,
      `${create} -o parent=lo x`,
      `${create} -o parent=eth0.5000 x`,
      `${create} -o parent=eth9.5 x`,
      `${create} -o parent=nosuch x`,
      'host1$ docker network ls -q --filter driver=ipvlan',
    ])
    expect(text).toContain("requested ipvlan mode 'l4' is not valid, 'l2' mode is the ipvlan driver default")
    expect(text).toContain('loopback interface is not a valid ipvlan parent link')
    expect(text).toContain('vlan id must be between 1-4094, received: 5000')
    expect(text).toContain('-o parent interface does was not found on the host: eth9')
    expect(text).toContain('invalid subinterface vlan name nosuch, example formatting is eth0.10')
    expect(text).toMatch(/driver=ipvlan\n$/)
  })
})
