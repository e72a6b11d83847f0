/** `type bridge …` and `type bridge_slave …` of `ip link`: ip/iplink_bridge.c, iplink_bridge_slave.c. Times in hundredths. */

import type { BridgeLink, Link } from '../../sim/kernel/link/types.ts'
import type { NetNamespace } from '../../sim/kernel/net-namespace.ts'
import { setStp } from '../../sim/kernel/netlink/bridge.ts'
import type { Simulation } from '../../sim/kernel/simulation.ts'
import { NOT_MODELLED_STATUS, notModelled } from '../not-modelled.ts'
import type { Ip } from './environment.ts'
import { BRIDGE_OPTIONS_USAGE } from './usage.ts'
import { GiveUp, matches, numberWord, onOff, type Words } from './words.ts'

export type BridgeDraft = ReadonlyMap<string, number>

const NUMBERS = [
  'stp_state',
  'forward_delay',
  'hello_time',
  'max_age',
  'ageing_time',
  'priority',
  'vlan_filtering',
] as const

export function readBridgeWords(ip: Ip, words: Words): BridgeDraft {
  const draft = new Map<string, number>()
  while (words.more) {
    const word = words.take()
    const known = NUMBERS.find((name) => matches(word, name))
    if (known === undefined) {
      if (BRIDGE_OPTIONS_USAGE.includes(` ${word} `) && word !== 'help') {
        throw new GiveUp(sentence(ip, `ip link … type bridge ${word}`), NOT_MODELLED_STATUS)
      }
      throw new GiveUp(
        (word === 'help' ? '' : `bridge: unknown command "${word}"?\n`) + BRIDGE_OPTIONS_USAGE,
        1,
      )
    }
    draft.set(known, numberWord(words.value(), `invalid ${known}\n`))
  }
  return draft
}

function sentence(_ip: Ip, what: string): string {
  let text = ''
  notModelled({ err: (line) => (text += line) }, what)
  return text
}

export function applyBridge(
  sim: Simulation,
  netns: NetNamespace,
  bridge: BridgeLink,
  draft: BridgeDraft,
): void {
  const forward = draft.get('forward_delay')
  const hello = draft.get('hello_time')
  const age = draft.get('max_age')
  const ageing = draft.get('ageing_time')
  if (forward !== undefined) bridge.forwardDelayMs = forward * 10
  if (hello !== undefined) bridge.helloTimeMs = hello * 10
  if (age !== undefined) bridge.maxAgeMs = age * 10
  if (ageing !== undefined) bridge.ageingTimeMs = ageing * 10
  bridge.priority = draft.get('priority') ?? bridge.priority
  if (draft.has('vlan_filtering')) bridge.vlanFiltering = draft.get('vlan_filtering') !== 0
  if (draft.has('stp_state')) setStp(sim, netns, bridge, draft.get('stp_state') !== 0)
}

/** Settings of a port; read and applied in one go once the port is known. */
export function readPortWords(words: Words): (link: Link) => void {
  const acts: ((port: NonNullable<Link['port']>) => void)[] = []
  while (words.more) {
    const word = words.take()
    if (word === 'cost') {
      const cost = numberWord(words.value(), 'cost value is invalid\n')
      acts.push((port) => (port.cost = cost))
    } else if (word === 'priority') {
      const priority = numberWord(words.value(), 'priority value is invalid\n')
      acts.push((port) => (port.priority = priority))
    } else if (
      word === 'hairpin' ||
      word === 'guard' ||
      word === 'learning' ||
      word === 'flood' ||
      word === 'isolated'
    ) {
      const on = onOff(words, word)
      acts.push((port) => (port[word] = on))
    } else throw new GiveUp(`bridge_slave: unknown option "${word}"?\n`, 1)
  }
  return (link) => {
    if (link.port !== null) for (const act of acts) act(link.port)
  }
}
