/** Small topologies drawn from a seed, as the shell lines that build them and look at them. */
import { createRandom, nextBetween } from '../../src/sim/base/random.ts'
import {
  asScenario,
  chance,
  type Device,
  type Draft,
  inside,
  mac,
  pick,
  type Scenario,
  type Tools,
} from './draft.ts'

function addNamespace(draft: Draft, name: string): string {
  const { build, namespaces } = draft
  namespaces.push(name)
  build.push(`ip netns add ${name}`)
  // What a machine's own settings would pass on to a new namespace.
  build.push(inside(name, 'sysctl -q -w net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0'))
  build.push(
    inside(name, 'sysctl -q -w net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1'),
  )
  if (chance(draft.random, 85)) build.push(`ip -n ${name} link set lo up`)
  return name
}

function addCable(draft: Draft, one: Device, other: Device): void {
  const { random, build } = draft
  const mtu = chance(random, 20) ? ` mtu ${pick(random, [1280, 1400, 9000])}` : ''
  build.push(
    `ip -n ${one.netns} link add ${one.name} address ${mac(random)}${mtu} type veth ` +
      `peer name ${other.name} netns ${other.netns} address ${mac(random)}${mtu}`,
  )
  for (const device of [one, other]) {
    draft.devices.push(device)
    if (device.address !== null)
      build.push(`ip -n ${device.netns} addr add ${device.address} dev ${device.name}`)
    if (chance(random, 95)) build.push(`ip -n ${device.netns} link set ${device.name} up`)
  }
}

/** Members on a bridge that may have an address, and a way out behind it. */
function addLan(draft: Draft, prefix: string): void {
  const { random, build, tools } = draft
  const hub = addNamespace(draft, `${prefix}hub`)
  const byBrctl = tools.brctl && chance(random, 40)
  build.push(byBrctl ? inside(hub, 'brctl addbr br0') : `ip -n ${hub} link add br0 type bridge`)
  if (!byBrctl) build.push(`ip -n ${hub} link set br0 address ${mac(random)}`)
  if (chance(random, 80)) build.push(`ip -n ${hub} addr add 10.1.0.1/24 dev br0`)
  // Its reports about groups come at random times within a second: no port is there to count them.
  build.push(`ip -n ${hub} link set br0 up`, '!sleep 1.1')
  draft.devices.push({ netns: hub, name: 'br0', address: '10.1.0.1/24' })
  const members = nextBetween(random, 1, 3)
  for (let i = 1; i <= members; i++) {
    const member = addNamespace(draft, `${prefix}m${i}`)
    const length = chance(random, 15) ? pick(random, [16, 25, 30]) : 24
    const end = { netns: member, name: 'eth0', address: `10.1.0.${10 + i}/${length}` }
    addCable(draft, { netns: hub, name: `p${i}`, address: null }, end)
    build.push(byBrctl ? inside(hub, `brctl addif br0 p${i}`) : `ip -n ${hub} link set p${i} master br0`)
    if (chance(random, 80)) build.push(`ip -n ${member} route add default via 10.1.0.1`)
  }
  if (chance(random, 60)) addWayOut(draft, hub, `${prefix}out`)
}

function addWayOut(draft: Draft, hub: string, name: string): void {
  const { random, build, tools } = draft
  const out = addNamespace(draft, name)
  addCable(
    draft,
    { netns: hub, name: 'wan', address: '192.0.2.1/24' },
    { netns: out, name: 'eth0', address: '192.0.2.2/24' },
  )
  if (chance(random, 80)) build.push(inside(hub, 'sysctl -w net.ipv4.ip_forward=1'))
  if (chance(random, 40)) build.push(`ip -n ${out} route add 10.1.0.0/24 via 192.0.2.1`)
  else if (tools.iptables)
    build.push(inside(hub, 'iptables -t nat -A POSTROUTING -s 10.1.0.0/24 ! -o br0 -j MASQUERADE'))
}

/** One router after the other. */
function addChain(draft: Draft, prefix: string): void {
  const { random, build } = draft
  const count = nextBetween(random, 2, 4)
  const names = Array.from({ length: count }, (_, i) => addNamespace(draft, `${prefix}r${i}`))
  for (let i = 0; i + 1 < count; i++) {
    addCable(
      draft,
      { netns: names[i]!, name: 'east', address: `10.2.${i}.1/24` },
      { netns: names[i + 1]!, name: 'west', address: `10.2.${i}.2/24` },
    )
  }
  names.forEach((name, i) => {
    if (i > 0 && i + 1 < count && chance(random, 85))
      build.push(inside(name, 'sysctl -w net.ipv4.ip_forward=1'))
    for (let subnet = 0; subnet + 1 < count; subnet++) {
      if (subnet === i || subnet === i - 1 || chance(random, 10)) continue
      const via = subnet > i ? `10.2.${i}.2` : `10.2.${i - 1}.1`
      build.push(`ip -n ${name} route add 10.2.${subnet}.0/24 via ${via}`)
    }
  })
}

type Twist = (draft: Draft) => string | null

function someAddress(draft: Draft): string {
  if (chance(draft.random, 15))
    return pick(draft.random, ['203.0.113.9', '10.1.0.99', '10.2.0.77', '127.0.0.1'])
  const known = draft.devices.filter(({ address }) => address !== null)
  return pick(draft.random, known).address!.split('/')[0]!
}

const TWISTS: readonly Twist[] = [
  ({ random, namespaces }) =>
    `ip -n ${pick(random, namespaces)} route add ${pick(random, ['blackhole', 'unreachable', 'prohibit'])} 203.0.113.0/24`,
  (draft) => {
    const { netns, name } = pick(draft.random, draft.devices)
    return `ip -n ${netns} addr add 10.3.0.${nextBetween(draft.random, 1, 9)}/${pick(draft.random, [24, 32])} dev ${name}`
  },
  (draft) => {
    const { netns, name } = pick(draft.random, draft.devices)
    return `ip -n ${netns} link set ${name} down`
  },
  (draft) => {
    const { netns, name } = pick(draft.random, draft.devices)
    return `ip -n ${netns} link set ${name} mtu ${pick(draft.random, [600, 1300, 1450])}`
  },
  (draft) => {
    const { netns, name } = pick(draft.random, draft.devices)
    return `ip -n ${netns} neigh replace ${someAddress(draft)} lladdr 02:00:00:00:00:99 dev ${name}`
  },
  (draft) => {
    const netns = pick(draft.random, draft.namespaces)
    return `ip -n ${netns} rule add from ${someAddress(draft)} lookup 100 && ip -n ${netns} route add ${pick(draft.random, ['prohibit', 'unreachable', 'blackhole'])} default table 100`
  },
  (draft) => {
    const netns = pick(draft.random, draft.namespaces)
    return `ip -n ${netns} rule add to 203.0.113.0/24 ${pick(draft.random, ['prohibit', 'blackhole', 'unreachable'])} pref ${nextBetween(draft.random, 10, 99)}`
  },
  (draft) => {
    const setting = pick(draft.random, [
      'icmp_echo_ignore_all=1',
      'conf.all.rp_filter=1',
      'ip_default_ttl=1',
      'conf.all.arp_ignore=1',
      'conf.all.proxy_arp=1',
      'ip_forward=0',
    ])
    return inside(pick(draft.random, draft.namespaces), `sysctl -w net.ipv4.${setting}`)
  },
  (draft) => {
    const { netns, name } = pick(draft.random, draft.devices)
    return `ip -n ${netns} route add 203.0.113.0/25 dev ${name} metric ${nextBetween(draft.random, 1, 500)}`
  },
  (draft) => `ip -n ${pick(draft.random, draft.namespaces)} route del default`,
  (draft) => {
    const { netns, name } = pick(draft.random, draft.devices)
    return `ip -n ${netns} addr flush dev ${name}`
  },
  (draft) => firewallLine(draft),
  (draft) => firewallLine(draft),
  (draft) => firewallLine(draft),
]

function firewallLine(draft: Draft): string | null {
  const { random, tools, namespaces } = draft
  if (!tools.iptables) return null
  const chain = pick(random, ['INPUT', 'OUTPUT', 'FORWARD'])
  const match = pick(random, [
    '-p icmp',
    `-d ${someAddress(draft)}`,
    `! -s ${someAddress(draft)}`,
    '-p icmp -m icmp --icmp-type echo-request',
    '-m conntrack --ctstate ESTABLISHED,RELATED',
    '-m conntrack --ctstate NEW',
    '-p udp -m udp --dport 53',
    '-p tcp -m multiport --dports 80,443',
  ])
  const target = pick(random, [
    'ACCEPT',
    'DROP',
    'REJECT',
    'REJECT --reject-with icmp-host-prohibited',
    'REJECT --reject-with icmp-net-unreachable',
    'RETURN',
  ])
  return inside(
    pick(random, namespaces),
    `iptables -${pick(random, ['A', 'A', 'I'])} ${chain} ${match} -j ${target}`,
  )
}

function pings(draft: Draft): void {
  const { random, look, tools } = draft
  if (!tools.ping) return
  const count = nextBetween(random, 1, 2)
  for (let i = 0; i < count; i++) {
    const option = pick(random, [
      '',
      '',
      '',
      ' -t 1',
      ' -s 1400',
      ' -s 3000',
      ' -s 1473 -M do',
      ' -I 10.3.0.1',
    ])
    const netns = pick(random, draft.namespaces)
    // Until the last question about who has an address was asked, and before what is known gets asked again.
    look.push(inside(netns, `ping -n -c 1 -W 1${option} ${someAddress(draft)}`))
    look.push(i + 1 < count ? '!sleep 2.3' : '!sleep 3.2')
    look.push(`ip -n ${netns} neigh | sort`)
  }
}

function looks(draft: Draft): void {
  const { random, look, tools } = draft
  for (const netns of draft.namespaces) {
    look.push(`ip -n ${netns} -br link`, `ip -n ${netns} -br addr`, `ip -n ${netns} route show table all`)
    look.push(`ip -n ${netns} rule`)
    look.push(`ip -n ${netns} route get ${someAddress(draft)}`)
    look.push(`ip -n ${netns} neigh | sort`)
    const more = [
      `ip -n ${netns} addr`,
      `ip -n ${netns} -o link`,
      `ip -n ${netns} -s link`,
      inside(netns, 'bridge link'),
      `ip -n ${netns} -j route`,
      inside(netns, 'cat /proc/net/route'),
      inside(netns, 'cat /proc/net/arp | sort'),
      inside(netns, 'cat /proc/net/dev'),
      inside(netns, 'sysctl net.ipv4.conf.all.forwarding net.ipv4.ip_default_ttl'),
      inside(netns, 'ls -1 /sys/class/net'),
      ...(tools.brctl ? [inside(netns, 'brctl show')] : []),
      ...(tools.iptables
        ? [
            inside(netns, 'iptables -L -n -v'),
            inside(netns, 'iptables -S'),
            inside(netns, 'iptables -t nat -L -n -v'),
          ]
        : []),
    ]
    for (let i = 0; i < 3; i++) look.push(pick(random, more))
  }
}

/** The names of the namespaces start with `prefix`. */
export function drawScenario(seed: number, prefix: string, tools: Tools): Scenario {
  const random = createRandom(seed)
  const draft: Draft = { random, tools, namespaces: [], devices: [], build: [], look: [] }
  if (chance(random, 55)) addLan(draft, prefix)
  else addChain(draft, prefix)
  const twists = nextBetween(random, 0, 4)
  for (let i = 0; i < twists; i++) {
    const line = pick(random, TWISTS)(draft)
    if (line !== null) draft.build.push(line)
  }
  pings(draft)
  looks(draft)
  return asScenario(draft, 1.5)
}
