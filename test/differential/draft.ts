/** A topology while it is being drawn: its namespaces and devices, the lines that build it and those that look at it. */
import { nextUint32, type RandomState } from '../../src/sim/base/random.ts'

export interface Tools {
  readonly ping: boolean
  readonly brctl: boolean
  readonly iptables: boolean
}

export interface Scenario {
  readonly namespaces: readonly string[]
  readonly lines: readonly string[]
}

export interface Device {
  readonly netns: string
  readonly name: string
  readonly address: string | null
}

export interface Draft {
  readonly random: RandomState
  readonly tools: Tools
  readonly namespaces: string[]
  readonly devices: Device[]
  readonly build: string[]
  readonly look: string[]
}

export const pick = <T>(random: RandomState, list: readonly T[]): T => list[nextUint32(random) % list.length]!
export const chance = (random: RandomState, percent: number): boolean => nextUint32(random) % 100 < percent

export function inside(netns: string, command: string): string {
  return `ip netns exec ${netns} ${command}`
}

export function mac(random: RandomState): string {
  const digits = nextUint32(random).toString(16).padStart(8, '0')
  return `02:00:${digits.match(/../g)!.join(':')}`
}

function asLine(command: string): string {
  return command.startsWith('!') ? command : `host1$ ${command}`
}

/** Built, given `settle` seconds, looked at. */
export function asScenario(draft: Draft, settle: number): Scenario {
  const lines = [...draft.build.map(asLine), `!sleep ${settle}`, ...draft.look.map(asLine)]
  return { namespaces: draft.namespaces, lines }
}
