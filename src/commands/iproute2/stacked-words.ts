/** `type macvlan|ipvlan|vlan …` of `ip link add`: ip/{iplink_macvlan,iplink_ipvlan,iplink_vlan}.c (6.1.0). */
import type { IpvlanFlag, IpvlanMode, MacvlanMode } from '../../sim/kernel/link/types.ts'
import type { LinkSpec } from '../../sim/kernel/netlink/link.ts'
import { NOT_MODELLED_STATUS, notModelled } from '../not-modelled.ts'
import { IPVLAN_USAGE, MACVLAN_USAGE, VLAN_LINK_USAGE } from './usage-kinds.ts'
import { GiveUp, invalid, matches, type Words } from './words.ts'

export type KindSpec = Pick<LinkSpec, 'macvlanMode' | 'ipvlanMode' | 'ipvlanFlag' | 'vid' | 'vxlan'>

/** A real option that is not modelled. */
export function unmodelledOption(what: string): GiveUp {
  let text = ''
  notModelled({ err: (line) => (text += line) }, what)
  return new GiveUp(text, NOT_MODELLED_STATUS)
}

const MACVLAN_MODES: readonly MacvlanMode[] = ['private', 'vepa', 'bridge', 'passthru']

export function readMacvlanWords(words: Words): KindSpec {
  let spec: KindSpec = {}
  while (words.more) {
    const word = words.take()
    if (matches(word, 'mode')) {
      const mode = words.value()
      if (mode === 'source') throw unmodelledOption('ip link add type macvlan mode source')
      const known = MACVLAN_MODES.find((one) => one === mode)
      if (known === undefined) {
        throw new GiveUp(
          `Error: argument of "mode" must be "private", "vepa", "bridge", "passthru" or "source", not "${mode}"\n`,
          1,
        )
      }
      spec = { macvlanMode: known }
    } else if (matches(word, 'help')) throw new GiveUp(MACVLAN_USAGE, 1)
    else if (['flag', 'bcqueuelen', 'macaddr', 'nopromisc'].includes(word)) {
      throw unmodelledOption(`ip link add type macvlan ${word}`)
    } else throw new GiveUp(`macvlan: unknown option "${word}"?\n${MACVLAN_USAGE}`, 1)
  }
  return spec
}

const IPVLAN_MODES: readonly IpvlanMode[] = ['l2', 'l3', 'l3s']
const IPVLAN_FLAGS: readonly IpvlanFlag[] = ['bridge', 'private', 'vepa']

export function readIpvlanWords(words: Words): KindSpec {
  let spec: KindSpec = {}
  while (words.more) {
    const word = words.take()
    const flag = IPVLAN_FLAGS.find((one) => matches(word, one))
    if (matches(word, 'mode')) {
      const mode = words.value()
      const known = IPVLAN_MODES.find((one) => one === mode)
      if (known === undefined) {
        throw new GiveUp('Error: argument of "mode" must be either "l2", "l3" or "l3s"\n', 1)
      }
      spec = { ...spec, ipvlanMode: known }
    } else if (flag !== undefined) {
      if (spec.ipvlanFlag !== undefined && spec.ipvlanFlag !== flag) {
        throw new GiveUp('"private", "vepa", and "bridge" are mutually exclusive.\n', 1)
      }
      spec = { ...spec, ipvlanFlag: flag }
    } else if (matches(word, 'help')) throw new GiveUp(IPVLAN_USAGE, 1)
    else throw new GiveUp(`ipvlan: unknown option "${word}"?\n${IPVLAN_USAGE}`, 1)
  }
  return spec
}

const VLAN_UNMODELLED = ['reorder_hdr', 'gvrp', 'mvrp', 'loose_binding', 'bridge_binding']

export function readVlanWords(words: Words): KindSpec {
  let spec: KindSpec = {}
  while (words.more) {
    const word = words.take()
    if (matches(word, 'protocol')) {
      const protocol = words.value().toLowerCase()
      if (protocol === '802.1ad') throw unmodelledOption('ip link add type vlan protocol 802.1ad')
      if (protocol !== '802.1q') throw invalid('protocol is invalid\n', protocol)
    } else if (matches(word, 'id')) {
      const text = words.value()
      const id = /^(0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text) : Number.NaN
      if (!(id <= 0xffff)) throw invalid('id is invalid\n', text)
      spec = { vid: id }
    } else if (matches(word, ...VLAN_UNMODELLED) || matches(word, 'ingress-qos-map', 'egress-qos-map')) {
      throw unmodelledOption(`ip link add type vlan ${word}`)
    } else if (matches(word, 'help')) throw new GiveUp(VLAN_LINK_USAGE, 1)
    else throw new GiveUp(`vlan: unknown command "${word}"?\n${VLAN_LINK_USAGE}`, 1)
  }
  return spec
}
