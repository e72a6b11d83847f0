/** `type bridge …` of `ip link`: ip/iplink_bridge.c. Times in hundredths. A port's words: bridge-port-words.ts */

import { ok, type Result } from '../../sim/base/result.ts'
import { deleteLearnt } from '../../sim/kernel/link/bridge-fdb.ts'
import type { BridgeLink } from '../../sim/kernel/link/types.ts'
import type { NetNamespace } from '../../sim/kernel/net-namespace.ts'
import {
  setAgeing,
  setBridgePriority,
  setForwardDelay,
  setHelloTime,
  setMaxAge,
  setStp,
} from '../../sim/kernel/netlink/bridge.ts'
import type { Simulation } from '../../sim/kernel/simulation.ts'
import { NOT_MODELLED_STATUS, notModelled } from '../not-modelled.ts'
import type { Ip } from './environment.ts'
import { BRIDGE_OPTIONS_USAGE } from './usage.ts'
import { GiveUp, matches, numberWord, type Words } from './words.ts'

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
    if (word === 'fdb_flush') {
      draft.set(word, 1)
      continue
    }
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

/** In the order in which the kernel looks at them (br_changelink); it stops at the first that it refuses. */
export function applyBridge(
  sim: Simulation,
  netns: NetNamespace,
  bridge: BridgeLink,
  draft: BridgeDraft,
): Result<void> {
  const times = [
    ['forward_delay', setForwardDelay],
    ['hello_time', setHelloTime],
    ['max_age', setMaxAge],
    ['ageing_time', setAgeing],
  ] as const
  for (const [key, act] of times) {
    const value = draft.get(key)
    const done = value === undefined ? ok(undefined) : act(sim, bridge, value * 10)
    if (!done.ok) return done
  }
  if (draft.has('stp_state')) setStp(sim, netns, bridge, draft.get('stp_state') !== 0)
  const priority = draft.get('priority')
  if (priority !== undefined) setBridgePriority(sim, netns, bridge, priority)
  if (draft.has('fdb_flush')) for (const ifindex of bridge.ports) deleteLearnt(bridge, ifindex)
  if (draft.has('vlan_filtering')) bridge.vlanFiltering = draft.get('vlan_filtering') !== 0
  return ok(undefined)
}
