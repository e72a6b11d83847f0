/** Ids and names that the engine draws. moby pkg/stringid, pkg/namesgenerator; libnetwork netutils. */
import { nextBetween, nextHex, nextUint32, type RandomState } from '../base/random.ts'
import { adjectives, surnames } from './names.ts'

const SHORT_LENGTH = 12

/** 64 hexadecimal digits; one whose short form could be taken for a number is not used. */
export function drawId(random: RandomState): string {
  for (;;) {
    const id = nextHex(random, 64)
    if (/[a-f]/.test(id.slice(0, SHORT_LENGTH))) return id
  }
}

export function shortId(id: string): string {
  return id.replace(/^sha256:/, '').slice(0, SHORT_LENGTH)
}

/** `veth` and seven digits, not in use. */
export function drawVethName(random: RandomState, inUse: (name: string) => boolean): string {
  for (;;) {
    const name = `veth${nextHex(random, 7)}`
    if (!inUse(name)) return name
  }
}

/** 02:42 and four random bytes: a bridge that Docker made. */
export function drawBridgeMac(random: RandomState): string {
  return `02:42:${(nextHex(random, 8).match(/../g) ?? []).join(':')}`
}

/** 02:42 and the four bytes of the IPv4 address. */
export function macOfAddress(address: number): string {
  const bytes = [24, 16, 8, 0].map((shift) => ((address >>> shift) & 255).toString(16).padStart(2, '0'))
  return `02:42:${bytes.join(':')}`
}

/** `brave_hopper`; a digit is added where that is in use. */
export function drawName(random: RandomState, inUse: (name: string) => boolean): string {
  for (let attempt = 0; ; attempt++) {
    const left = adjectives[nextBetween(random, 0, adjectives.length - 1)]!
    const right = surnames[nextBetween(random, 0, surnames.length - 1)]!
    if (left === 'boring' && right === 'wozniak') continue
    const name = `${left}_${right}${attempt === 0 ? '' : nextUint32(random) % 10}`
    if (!inUse(name)) return name
  }
}

const ID_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The engine's own id: twelve groups of four. */
export function drawEngineId(random: RandomState): string {
  const group = (): string =>
    Array.from({ length: 4 }, () => ID_ALPHABET[nextUint32(random) % ID_ALPHABET.length]).join('')
  return Array.from({ length: 12 }, group).join(':')
}
