/** Small IPv6 topologies drawn from a seed: a LAN behind a router, or routers in a row; routes, rules, neighbours, path MTUs. */
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

/** No duplicate detection and no questions for routers: both take random times. */
function addNamespace(draft: Draft, name: string): string {
  const { build, namespaces } = draft
  namespaces.push(name)
  build.push(`ip netns add ${name}`)
  for (const scope of ['all', 'default']) {
    const conf = `net.ipv6.conf.${scope}`
    build.push(
      inside(name, `sysctl -q -w ${conf}.accept_ra=0 ${conf}.dad_transmits=0 ${conf}.disable_ipv6=0`),
    )
  }
  if (chance(draft.random, 90)) build.push(`ip -n ${name} link set lo up`)
  return name
}

/** `mtu`: of both ends; null: as it is drawn. */
function addCable(draft: Draft, one: Device, other: Device, given: string | null = null): void {
  const { random, build } = draft
  const mtu = given !== null ? given : chance(random, 20) ? ` mtu ${pick(random, [1280, 1400, 9000])}` : ''
  build.push(
    `ip -n ${one.netns} link add ${one.name} address ${mac(random)}${mtu} type veth ` +
      `peer name ${other.name} netns ${other.netns} address ${mac(random)}${mtu}`,
  )
  for (const device of [one, other]) {
    draft.devices.push(device)
    if (device.address !== null)
      build.push(`ip -n ${device.netns} addr add ${device.address} dev ${device.name} nodad`)
    if (chance(random, 95)) build.push(`ip -n ${device.netns} link set ${device.name} up`)
  }
}

function addLan(draft: Draft, prefix: string): void {
  const { random, build } = draft
  const hub = addNamespace(draft, `${prefix}hub`)
  build.push(`ip -n ${hub} link add br0 type bridge`)
  build.push(`ip -n ${hub} link set br0 address ${mac(random)}`)
  if (chance(random, 85)) build.push(`ip -n ${hub} addr add fd00:1::1/64 dev br0 nodad`)
  build.push(`ip -n ${hub} link set br0 up`)
  draft.devices.push({ netns: hub, name: 'br0', address: 'fd00:1::1/64' })
  const members = nextBetween(random, 1, 3)
  // The same everywhere: what is too long for a port is a matter of br_netfilter.
  const mtu = chance(random, 20) ? ` mtu ${pick(random, [1280, 1400, 9000])}` : ''
  for (let i = 1; i <= members; i++) {
    const member = addNamespace(draft, `${prefix}m${i}`)
    const length = chance(random, 15) ? pick(random, [48, 112, 128]) : 64
    const end = { netns: member, name: 'eth0', address: `fd00:1::1${i}/${length}` }
    addCable(draft, { netns: hub, name: `p${i}`, address: null }, end, mtu)
    build.push(`ip -n ${hub} link set p${i} master br0`)
    if (chance(random, 80)) build.push(`ip -n ${member} -6 route add default via fd00:1::1`)
  }
  if (chance(random, 60)) addWayOut(draft, hub, `${prefix}out`)
}

function addWayOut(draft: Draft, hub: string, name: string): void {
  const { random, build, tools } = draft
  const out = addNamespace(draft, name)
  const inner = { netns: hub, name: 'wan', address: '2001:db8::1/64' }
  addCable(draft, inner, { netns: out, name: 'eth0', address: '2001:db8::2/64' })
  if (chance(random, 80)) build.push(inside(hub, 'sysctl -w net.ipv6.conf.all.forwarding=1'))
  if (chance(random, 60)) build.push(`ip -n ${out} -6 route add fd00:1::/64 via 2001:db8::1`)
  else if (tools.iptables)
    build.push(inside(hub, 'ip6tables -t nat -A POSTROUTING -s fd00:1::/64 ! -o br0 -j MASQUERADE'))
}

function addChain(draft: Draft, prefix: string): void {
  const { random, build } = draft
  const count = nextBetween(random, 2, 4)
  const names = Array.from({ length: count }, (_, i) => addNamespace(draft, `${prefix}r${i}`))
  for (let i = 0; i + 1 < count; i++) {
    const east = { netns: names[i]!, name: 'east', address: `fd00:2:${i}::1/64` }
    addCable(draft, east, { netns: names[i + 1]!, name: 'west', address: `fd00:2:${i}::2/64` })
  }
  names.forEach((name, i) => {
    if (i > 0 && i + 1 < count && chance(random, 85))
      build.push(inside(name, 'sysctl -w net.ipv6.conf.all.forwarding=1'))
    for (let subnet = 0; subnet + 1 < count; subnet++) {
      if (subnet === i || subnet === i - 1 || chance(random, 10)) continue
      const via = subnet > i ? `fd00:2:${i}::2` : `fd00:2:${i - 1}::1`
      build.push(`ip -n ${name} -6 route add fd00:2:${subnet}::/64 via ${via}`)
    }
  })
}

function someAddress(draft: Draft): string {
  if (chance(draft.random, 15))
    return pick(draft.random, ['2001:db8:9::9', 'fd00:1::99', 'fd00:2:0::77', '::1'])
  const known = draft.devices.filter(({ address }) => address !== null)
  return pick(draft.random, known).address!.split('/')[0]!
}

type Twist = (draft: Draft) => string | null

const TWISTS: readonly Twist[] = [
  ({ random, namespaces }) =>
    `ip -n ${pick(random, namespaces)} -6 route add ${pick(random, ['blackhole', 'unreachable', 'prohibit'])} 2001:db8:9::/64`,
  (draft) => {
    const { netns, name } = pick(draft.random, draft.devices)
    return `ip -n ${netns} addr add fd00:3::${nextBetween(draft.random, 1, 9)}/${pick(draft.random, [64, 128])} dev ${name} nodad`
  },
  (draft) => {
    const { netns, name } = pick(draft.random, draft.devices)
    return `ip -n ${netns} link set ${name} down`
  },
  (draft) => {
    const { netns, name } = pick(draft.random, draft.devices)
    if (/^(?:br0|p\d)$/.test(name)) return null
    return `ip -n ${netns} link set ${name} mtu ${pick(draft.random, [1280, 1300, 1450])}`
  },
  (draft) => {
    const { netns, name } = pick(draft.random, draft.devices)
    return `ip -n ${netns} -6 neigh replace ${someAddress(draft)} lladdr 02:00:00:00:00:99 dev ${name}`
  },
  (draft) => {
    const netns = pick(draft.random, draft.namespaces)
    const kind = pick(draft.random, ['prohibit', 'unreachable', 'blackhole'])
    return `ip -n ${netns} -6 rule add from ${someAddress(draft)} lookup 100 && ip -n ${netns} -6 route add ${kind} default table 100`
  },
  (draft) => {
    const netns = pick(draft.random, draft.namespaces)
    const kind = pick(draft.random, ['prohibit', 'blackhole', 'unreachable'])
    return `ip -n ${netns} -6 rule add to 2001:db8:9::/64 ${kind} pref ${nextBetween(draft.random, 10, 99)}`
  },
  (draft) => {
    const setting = pick(draft.random, [
      'icmp.echo_ignore_all=1',
      'conf.all.forwarding=0',
      'conf.all.hop_limit=1',
    ])
    return inside(pick(draft.random, draft.namespaces), `sysctl -w net.ipv6.${setting}`)
  },
  (draft) => {
    const { netns, name } = pick(draft.random, draft.devices)
    const metric = nextBetween(draft.random, 1, 2000)
    return `ip -n ${netns} -6 route add 2001:db8:9::/80 dev ${name} metric ${metric}`
  },
  (draft) => `ip -n ${pick(draft.random, draft.namespaces)} -6 route del default`,
  (draft) => {
    const { netns, name } = pick(draft.random, draft.devices)
    return `ip -n ${netns} -6 addr flush dev ${name} scope global`
  },
  (draft) => {
    const { netns, name } = pick(draft.random, draft.devices)
    return inside(netns, `sysctl -w net.ipv6.conf.${name}.disable_ipv6=1`)
  },
  firewallLine,
  firewallLine,
]

function firewallLine(draft: Draft): string | null {
  const { random, tools, namespaces } = draft
  if (!tools.iptables) return null
  const chain = pick(random, ['INPUT', 'OUTPUT', 'FORWARD'])
  const match = pick(random, [
    '-p icmpv6 -m icmp6 --icmpv6-type echo-request',
    `-d ${someAddress(draft)} -p icmpv6 -m icmp6 --icmpv6-type 128`,
    '-m conntrack --ctstate ESTABLISHED,RELATED',
    '-p udp -m udp --dport 53',
    '-p tcp -m multiport --dports 80,443',
    '-p icmpv6 -m icmp6 --icmpv6-type echo-reply',
  ])
  const target = pick(random, [
    'ACCEPT',
    'DROP',
    'REJECT',
    'REJECT --reject-with icmp6-adm-prohibited',
    'REJECT --reject-with icmp6-no-route',
    'REJECT --reject-with icmp6-addr-unreachable',
    'RETURN',
  ])
  const at = pick(random, ['A', 'A', 'I'])
  return inside(pick(random, namespaces), `ip6tables -${at} ${chain} ${match} -j ${target}`)
}

/** One only: what it leaves behind is looked at before anybody asks whether it is still so, five seconds later. */
function pings(draft: Draft): void {
  const { random, look, tools } = draft
  if (!tools.ping) return
  const option = pick(random, [
    '',
    '',
    '',
    ' -t 1',
    ' -s 1400',
    ' -s 3000',
    ' -s 1453 -M do',
    ' -I fd00:3::1',
  ])
  const netns = pick(random, draft.namespaces)
  look.push(inside(netns, `ping -6 -n -c 1 -W 1${option} ${someAddress(draft)}`), '!sleep 2.3')
  look.push(`ip -n ${netns} -6 neigh | sort`)
}

function looks(draft: Draft): void {
  const { random, look, tools } = draft
  for (const netns of draft.namespaces) {
    look.push(`ip -n ${netns} -6 -br addr`, `ip -n ${netns} -6 route show table all | sort`)
    look.push(`ip -n ${netns} -6 rule`)
    look.push(`ip -n ${netns} -6 route get ${someAddress(draft)}`)
    look.push(`ip -n ${netns} -6 neigh | sort`)
    const more = [
      `ip -n ${netns} -6 addr`,
      `ip -n ${netns} -6 -o addr`,
      `ip -n ${netns} -6 -j addr`,
      `ip -n ${netns} -6 -j route show default`,
      `ip -n ${netns} -6 route | sort`,
      `ip -n ${netns} -6 route show table local | sort`,
      `ip -n ${netns} -6 route get from ${someAddress(draft)} ${someAddress(draft)}`,
      inside(netns, 'cat /proc/net/if_inet6 | sort'),
      inside(netns, 'sysctl net.ipv6.conf.all.forwarding net.ipv6.conf.all.hop_limit'),
      `ip -n ${netns} -6 route show cache`,
      ...(tools.iptables
        ? [
            inside(netns, 'ip6tables -S'),
            inside(netns, 'ip6tables -t nat -L -n'),
            inside(netns, 'ip6tables -L FORWARD -n -v'),
          ]
        : []),
    ]
    for (let i = 0; i < 3; i++) look.push(pick(random, more))
  }
}

/** The names of the namespaces start with `prefix`. */
export function drawScenario6(seed: number, prefix: string, tools: Tools): Scenario {
  const random = createRandom(seed + 0x6000)
  const draft: Draft = { random, tools, namespaces: [], devices: [], build: [], look: [] }
  if (chance(random, 55)) addLan(draft, prefix)
  else addChain(draft, prefix)
  // Carriers are told of late, by a worker that runs once a second.
  draft.build.push('!sleep 1.2')
  const twists = nextBetween(random, 0, 4)
  for (let i = 0; i < twists; i++) {
    const line = pick(random, TWISTS)(draft)
    if (line !== null) draft.build.push(line)
  }
  pings(draft)
  looks(draft)
  return asScenario(draft, 2.5)
}
