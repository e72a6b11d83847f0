/** Whatever rule can be made: what `-S` prints of it makes the same rule again, and prints the same again. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseCommandLine } from '../../../src/commands/iptables/command-line.ts'
import { splitWords } from '../../../src/commands/iptables/restore.ts'
import { ruleText } from '../../../src/render/iptables/rule-text.ts'
import { sameRule } from '../../../src/sim/kernel/netfilter/rules.ts'

const maybe = (options: fc.Arbitrary<string>) => fc.oneof({ weight: 2, arbitrary: fc.constant('') }, options)
const negatable = (option: fc.Arbitrary<string>) =>
  fc.tuple(fc.boolean(), option).map(([not, text]) => (not ? `! ${text}` : text))
const octet = fc.integer({ min: 0, max: 255 })
const address = fc.tuple(octet, octet, octet, octet).map((parts) => parts.join('.'))
const prefix = fc.tuple(address, fc.integer({ min: 1, max: 32 })).map(([a, l]) => `${a}/${l}`)
const port = fc.integer({ min: 1, max: 65535 })
const ports = fc.oneof(
  port.map(String),
  fc.tuple(port, port).map(([a, b]) => `${Math.min(a, b)}:${Math.max(a, b)}`),
)
const device = fc.constantFrom('eth0', 'docker0', 'br-+', 'veth12')
const flags = fc.subarray(['FIN', 'SYN', 'RST', 'ACK'], { minLength: 1 }).map((f) => f.join(','))
const text = fc.string({ minLength: 1, maxLength: 20 }).filter((s) => /^[ -~]+$/.test(s))
const quote = (s: string) => `"${s.replace(/["\\]/g, (c) => `\\${c}`)}"`

const protocol = fc.oneof(
  fc.constant(''),
  negatable(fc.constantFrom('-p tcp', '-p udp', '-p icmp', '-p 47', '-p 200')),
  negatable(ports.map((p) => `--dport ${p}`)).map((o) => `-p tcp ${o}`),
  negatable(ports.map((p) => `--sport ${p}`)).map((o) => `-p udp ${o}`),
  negatable(fc.tuple(flags, flags).map(([m, s]) => `--tcp-flags ${m} ${s}`)).map((o) => `-p tcp ${o}`),
  negatable(fc.constantFrom('--icmp-type 8', '--icmp-type 3/4', '--icmp-type any')).map(
    (o) => `-p icmp ${o}`,
  ),
  fc.constantFrom('-p tcp -m multiport --dports 80,443,1000:2000', '-p udp -m multiport ! --ports 53'),
)
const match = fc.oneof(
  negatable(
    fc
      .subarray(['NEW', 'ESTABLISHED', 'RELATED', 'INVALID'], { minLength: 1 })
      .map((s) => `--ctstate ${s.join(',')}`),
  ).map((o) => `-m conntrack ${o}`),
  negatable(fc.constantFrom('--src-type LOCAL', '--dst-type UNICAST,LOCAL')).map((o) => `-m addrtype ${o}`),
  text.map((s) => `-m comment --comment ${quote(s)}`),
  fc.constantFrom('-m limit --limit 5/min', '-m limit --limit 2/hour --limit-burst 9'),
  negatable(fc.integer({ min: 0, max: 255 }).map((m) => `--mark ${m}/0xff`)).map((o) => `-m mark ${o}`),
  fc.constant('-m mac --mac-source 02:42:ac:11:00:02'),
  fc.constantFrom('-m statistic --mode random --probability 0.25', '-m physdev --physdev-is-bridged'),
)
const target = fc.oneof(
  fc.constantFrom('-j ACCEPT', '-j DROP', '-j RETURN', '-j LAB', '-g LAB', '-j REJECT', '-j MASQUERADE', ''),
  fc.constantFrom(
    '-j REJECT --reject-with icmp-host-prohibited',
    '-j TCPMSS --clamp-mss-to-pmtu',
    '-j TRACE',
  ),
  address.map((a) => `-j DNAT --to-destination ${a}`),
  address.map((a) => `-j SNAT --to-source ${a} --random`),
  text.map((s) => `-j LOG --log-prefix ${quote(s)} --log-level 6`),
  fc.integer({ min: 0, max: 0xffff }).map((m) => `-j MARK --set-mark ${m}`),
)

const command = fc
  .tuple(
    maybe(negatable(prefix.map((p) => `-s ${p}`))),
    maybe(negatable(prefix.map((p) => `-d ${p}`))),
    maybe(negatable(device.map((d) => `-i ${d}`))),
    maybe(negatable(device.map((d) => `-o ${d}`))),
    protocol,
    maybe(match),
    maybe(match),
    target,
  )
  .map((parts) => ['-A FORWARD', ...parts].filter((part) => part !== '').join(' '))

it('-S text → rule → -S text', () => {
  fc.assert(
    fc.property(command, (line) => {
      const made = parseCommandLine(splitWords(line), 4).rules[0]!
      const printed = ruleText('FORWARD', made)
      const again = parseCommandLine(splitWords(printed), 4).rules[0]!
      expect(sameRule(again, made), printed).toBe(true)
      expect(ruleText('FORWARD', again)).toBe(printed)
    }),
    { numRuns: 500 },
  )
})
