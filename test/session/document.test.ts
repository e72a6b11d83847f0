/** The document's demo in world `desktop`, seed 1: its commands print its blocks and its numbers, because they are computed. */
import { describe, expect, it } from 'vitest'
import { services } from '../../src/session/services.ts'
import { openSession, type Session } from '../../src/session/session.ts'
import { createWorld } from '../../src/sim/world/create.ts'

const BLOCK_A = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
2: tunl0@NONE: <NOARP> mtu 1480 qdisc noop qlen 1000
    link/ipip 0.0.0.0 brd 0.0.0.0
3: ip6tnl0@NONE: <NOARP> mtu 1452 qdisc noop qlen 1000
    link/tunnel6 00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00 brd 00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00
15: eth0@if16: <BROADCAST,MULTICAST,UP,LOWER_UP,M-DOWN> mtu 1500 qdisc noqueue
    link/ether 02:42:ac:11:00:03 brd ff:ff:ff:ff:ff:ff
    inet 172.17.0.3/16 brd 172.17.255.255 scope global eth0
       valid_lft forever preferred_lft forever`

const BLOCK_B = `default via 172.17.0.1 dev eth0
172.17.0.0/16 dev eth0 scope link  src 172.17.0.3`

const BLOCK_C = `bridge name     bridge id               STP enabled     interfaces
docker0         8000.024210e3b1d9       no              vethcf88ac1
                                                        veth3a6d989
cni0            8000.561fa52fe2fb       no              vethab1c5aff
                                                        vethe9888e1c`

const ONTO_THE_VM =
  'docker run --net=host --ipc=host --uts=host --pid=host -it --security-opt=seccomp=unconfined --privileged --rm -v /:/host alpine /bin/sh'

/** Tabs as a terminal shows them, blanks at line ends off. */
function shown(text: string): string {
  const expand = (line: string): string => {
    let out = ''
    for (const char of line) out += char === '\t' ? ' '.repeat(8 - (out.length % 8)) : char
    return out.trimEnd()
  }
  return text.replaceAll('\r', '').split('\n').map(expand).join('\n')
}

async function open(seed: number): Promise<{ session: Session; run: (line: string) => Promise<string> }> {
  const session = openSession(createWorld('desktop', { engine: '20.10', seed }, services), { columns: 200 })
  await session.waitForPrompt()
  const run = async (line: string): Promise<string> => {
    const before = session.output().length
    await session.run(line)
    const [, ...rest] = shown(session.output().slice(before)).split('\n')
    return rest.slice(0, -1).join('\n')
  }
  return { session, run }
}

describe("the document's demo", () => {
  it('prints its blocks and numbers', async () => {
    const { session, run } = await open(1)
    expect(session.prompt()).toBe('C:\\Users\\you>')
    await run('docker run -it --rm busybox /bin/sh')
    expect(session.prompt()).toBe('/ # ')
    expect(await run('ip addr')).toBe(BLOCK_A)
    expect(await run('ip route')).toBe(BLOCK_B)
    expect(await run('cat /sys/class/net/eth0/iflink')).toBe('16')
  })

  it('leads onto the machine behind it', async () => {
    const { run } = await open(1)
    await run('docker run -dit --name box busybox')
    await run(ONTO_THE_VM)
    await run('chroot /host')
    expect(await run('hostname')).toBe('docker-desktop')
    expect(await run('ip addr')).toContain('inet 172.17.0.1/16 brd 172.17.255.255 scope global docker0')
    expect(await run('brctl show')).toBe(BLOCK_C)
    expect(await run('cat /sys/class/net/vethcf88ac1/ifindex')).toBe('7')
    expect(await run('cat /sys/class/net/veth3a6d989/ifindex')).toBe('16')
  })

  it('opens a shell in a container that runs, and comes back', async () => {
    const { session, run } = await open(1)
    await run('docker run -dit --name box busybox')
    await run('docker exec -it box sh')
    expect(session.prompt()).toBe('/ # ')
    expect(await run('hostname -i')).toBe('172.17.0.3')
    await run('exit')
    expect(session.prompt()).toBe('C:\\Users\\you>')
  })

  it('is computed: a container started before moves all numbers', async () => {
    const { run } = await open(1)
    await run('docker run -d busybox sleep 1d')
    await run('docker run -it --rm busybox /bin/sh')
    const addresses = await run('ip addr show eth0')
    expect(addresses).toContain('17: eth0@if18:')
    expect(addresses).toContain('link/ether 02:42:ac:11:00:04')
    expect(addresses).toContain('inet 172.17.0.4/16')
    expect(await run('cat /sys/class/net/eth0/iflink')).toBe('18')
  })

  it('draws other names with another seed', async () => {
    const { run } = await open(2)
    const ports = await run('docker run --rm --net=host busybox brctl show')
    expect(ports).toMatch(/docker0 +8000\.0242[0-9a-f]{8} +no +veth[0-9a-f]{7}\n/)
    expect(ports).not.toContain('vethcf88ac1')
  })
})
