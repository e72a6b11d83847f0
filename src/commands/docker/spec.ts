/** What a docker command is: its words, its options, what runs. docker/cli cli/command, cobra */
import type { Engine } from '../../sim/docker/engine.ts'
import type { World } from '../../sim/world/world.ts'
import type { CommandContext } from '../context.ts'
import type { Flag, FlagValues } from './flags.ts'

export interface Call {
  readonly context: CommandContext
  readonly world: World
  /** Throws a `Refused` when no daemon answers. */
  engine(): Engine
  readonly flags: FlagValues
  readonly operands: readonly string[]
  readonly spec: CommandSpec
  /** `docker run`: as in the help. */
  readonly path: string
  /** The help of this command, on stderr. */
  showHelp(): number
}

export interface CommandSpec {
  readonly name: string
  readonly aliases: readonly string[]
  /** Behind the path: `[OPTIONS] IMAGE [COMMAND] [ARG...]`. */
  readonly arguments: string
  readonly short: string
  readonly flags: readonly Flag[]
  readonly count: ArgumentCount
  /** Options may follow operands. */
  readonly interspersed: boolean
  /** Null: exists, not modelled. */
  readonly run: ((call: Call) => number | Promise<number>) | null
  readonly commands: readonly CommandSpec[]
  readonly isManagement: boolean
  /** Works, but no help shows it. */
  readonly hidden: boolean
  /** Its options are not read: it fails whatever they say. */
  readonly ignoresOptions?: boolean
}

export type ArgumentCount =
  | { readonly kind: 'none' }
  | { readonly kind: 'exactly' | 'at least' | 'at most'; readonly number: number }
  | { readonly kind: 'between'; readonly low: number; readonly high: number }

export const none: ArgumentCount = { kind: 'none' }
export const any: ArgumentCount = { kind: 'at least', number: 0 }
export const exactly = (number: number): ArgumentCount => ({ kind: 'exactly', number })
export const atLeast = (number: number): ArgumentCount => ({ kind: 'at least', number })
export const atMost = (number: number): ArgumentCount => ({ kind: 'at most', number })
export const between = (low: number, high: number): ArgumentCount => ({ kind: 'between', low, high })

/** A failure with its text and exit status; the text goes to stderr. */
export class Refused extends Error {
  readonly status: number
  constructor(message: string, status = 1) {
    super(message)
    this.status = status
  }
}

/** `"docker ps" accepts no arguments.` cli/required.go; null: the number is right. */
export function countRefusal(count: ArgumentCount, given: number): string | null {
  const some = (number: number): string => `${number} argument${number === 1 ? '' : 's'}.`
  switch (count.kind) {
    case 'none':
      return given === 0 ? null : 'accepts no arguments.'
    case 'exactly':
      return given === count.number ? null : `requires exactly ${some(count.number)}`
    case 'at least':
      return given >= count.number ? null : `requires at least ${some(count.number)}`
    case 'at most':
      return given <= count.number ? null : `requires at most ${some(count.number)}`
    case 'between':
      return given >= count.low && given <= count.high
        ? null
        : `requires at least ${count.low} and at most ${some(count.high)}`
  }
}
