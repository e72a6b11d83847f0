/** Matches on a packet's size, its hops left and whom its frame is for. extensions/libxt_{length,pkttype}.c, libipt_ttl.c, libip6t_hl.c */
import type { Match } from '../../sim/kernel/netfilter/types.ts'
import { UsageError } from './errors.ts'
import type { Extension, Given } from './match-options.ts'
import { parseNumber } from './values.ts'

const one = (is: string) => ({ count: 1, is })

function negatable<T>(given: Given | undefined, read: (text: string) => T) {
  return given === undefined ? null : { not: given.not, value: read(given.args[0] ?? '') }
}

export const length: Extension<Match> = {
  options: { length: one('length') },
  build(given) {
    const range = negatable(given.get('length'), (text) => {
      const [low = '', high = low] = text.split(':')
      const from = low === '' ? 0 : parseNumber(low)
      const to = high === '' ? 0xffff : parseNumber(high)
      if (from === null || to === null || from > 0xffff || to > 0xffff)
        throw new UsageError('length: bad value for option "--length", or out of range (0-65535).\n')
      return { from, to }
    })
    if (range === null) throw new UsageError('length: option "--length" must be specified\n')
    return { kind: 'length', range }
  },
}

export function hops(kind: 'ttl' | 'hl'): Extension<Match> {
  return {
    options: {
      [`${kind}-eq`]: one('eq'),
      [`${kind}-lt`]: one('lt'),
      [`${kind}-gt`]: one('gt'),
    },
    build(given) {
      for (const comparison of ['eq', 'lt', 'gt'] as const) {
        const asked = given.get(comparison)
        if (asked === undefined) continue
        const value = parseNumber(asked.args[0] ?? '')
        if (value === null || value > 255)
          throw new UsageError(
            `${kind}: bad value for option "--${kind}-${comparison}", or out of range (0-255).\n`,
          )
        return { kind, comparison, value, not: asked.not }
      }
      const name = kind === 'ttl' ? 'TTL' : 'HL'
      throw new UsageError(
        `${name} match: You must specify one of \`--${kind}-eq', \`--${kind}-lt', \`--${kind}-gt'`,
      )
    },
  }
}

export const pkttype: Extension<Match> = {
  options: { 'pkt-type': one('pkt-type') },
  build(given) {
    const type = negatable(given.get('pkt-type'), (text) => {
      const found = (['unicast', 'broadcast', 'multicast'] as const).find((word) =>
        word.startsWith(text.toLowerCase()),
      )
      if (found === undefined) throw new UsageError(`Bad packet type '${text}'`)
      return found
    })
    if (type === null) throw new UsageError('pkttype: option "--pkt-type" must be specified\n')
    return { kind: 'pkttype', type }
  },
}
